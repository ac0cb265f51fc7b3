#!/usr/bin/env python3
"""W1 vectorised by hand over draws in NumPy: the peer of `bench/run w1`.

Four states, 75 cycles, four strategies, 16 uncertain parameters. Strategies with the same trace share it.
Prints the median time of several runs (sampling, model and statistics) and the statistics.
"""
import statistics
import sys
import time

import numpy as np

CYCLES = 75
WEIGHTS = 1.03 ** -np.arange(CYCLES + 1.0)
WEIGHTS[[0, -1]] /= 2


def run(draws, seed):
    rng = np.random.default_rng(seed)
    r_hd = rng.gamma(20, 1e-4, draws)
    r_hs1 = rng.gamma(30, 1 / 200, draws)
    r_s1h = rng.gamma(60, 1 / 120, draws)
    r_s1s2 = rng.gamma(84, 1 / 800, draws)
    hr_s1 = rng.lognormal(np.log(3), .01, draws)
    hr_s2 = rng.lognormal(np.log(10), .02, draws)
    hr_b = rng.lognormal(np.log(.6), .02, draws)
    c_h, c_s1 = rng.gamma(100, 20, draws), rng.gamma(177.8, 22.5, draws)
    c_s2, c_a = rng.gamma(225, 66.7, draws), rng.gamma(73.5, 163.3, draws)
    c_b = rng.gamma(86.2, 150.8, draws)
    u_h, u_s1 = rng.beta(200, 3, draws), rng.beta(130, 45, draws)
    u_s2, u_a = rng.beta(230, 230, draws), rng.beta(300, 15, draws)
    d0, d1, d2 = -np.expm1(-r_hd), -np.expm1(-r_hd * hr_s1), -np.expm1(-r_hd * hr_s2)
    fall, back = -np.expm1(-r_hs1), -np.expm1(-r_s1h)

    def occupancy(rate):
        ahead = -np.expm1(-rate)
        h_h, h_s1 = (1 - d0) * (1 - fall), (1 - d0) * fall
        s1_h, s1_s2 = (1 - d1) * back, (1 - d1) * ahead
        s1_s1, s2_s2 = (1 - d1) * (1 - back - ahead), 1 - d2
        h, s1, s2 = np.ones(draws), np.zeros(draws), np.zeros(draws)
        total = [WEIGHTS[0] * h, np.zeros(draws), np.zeros(draws)]
        for t in range(1, CYCLES + 1):
            h, s1, s2 = h * h_h + s1 * s1_h, h * h_s1 + s1 * s1_s1, s1 * s1_s2 + s2 * s2_s2
            total[0] += WEIGHTS[t] * h
            total[1] += WEIGHTS[t] * s1
            total[2] += WEIGHTS[t] * s2
        return total

    plain, slowed = occupancy(r_s1s2), occupancy(r_s1s2 * hr_b)
    results = []
    for (h, s1, s2), cost, utility in ((plain, 0, u_s1), (plain, c_a, u_a), (slowed, c_b, u_s1),
                                       (slowed, c_a + c_b, u_a)):
        results.append(h * c_h + s1 * (c_s1 + cost) + s2 * (c_s2 + cost))
        results.append(h * u_h + s1 * utility + s2 * u_s2)
    results = np.array(results)
    low_high = np.quantile(results, [.025, .975], axis=1)
    return results.mean(axis=1), results.std(axis=1, ddof=1), low_high


def main():
    draws, repeats = int(sys.argv[1]), int(sys.argv[2])
    mean, sd, (low, high) = run(draws, 1)
    for i in range(8):
        print(f"numpy: {'QALYs' if i % 2 else 'cost'} {i // 2} mean {mean[i]:.4f} sd {sd[i]:.4f} "
              f"2.5 % {low[i]:.4f} 97.5 % {high[i]:.4f}")
    times = []
    for repeat in range(repeats):
        start = time.perf_counter()
        run(draws, 2 + repeat)
        times.append(time.perf_counter() - start)
    print(f"numpy_seconds: {statistics.median(times):.6f}")


if __name__ == "__main__":
    main()
