#!/usr/bin/env python3
"""W2 vectorised by hand in NumPy: the peer of `bench/run w2`.

Ten saving streams over ten years, 25 uncertain parameters, eight partners. Prints the median time of
several runs (sampling, model and statistics) and the statistics, so that both sides can be compared.
"""
import statistics
import sys
import time

import numpy as np

YEARS = 10
SHARES = np.array([
    [.8, .1, 0, 0, 0, 0, 0, .1], [.9, .05, .05, 0, 0, 0, 0, 0], [.1, .6, .1, 0, 0, 0, .1, .1],
    [.1, .2, .1, 0, .1, .2, .1, .2], [0, .05, .9, 0, 0, .05, 0, 0], [.05, 0, 0, 0, .35, .4, 0, .2],
    [0, 0, .05, .25, .5, .1, 0, .1], [0, 0, 0, .05, 0, 0, .75, .2],
    [.05, .05, .1, .7, .02, .03, .05, 0], [0, 0, .35, 0, .05, .05, .25, .3]])
COST_SHARES = np.array([.2, .1, .3, .1, .1, .05, .1, .05])
LAGS = [0, 0, 1, 1, 2, 0, 1, 2, 0, 1]
RAMP = np.array([.4, .8, 1, 1, 1, 0, 0, 0, 0, 0])
DISCOUNT = 1.035 ** -np.arange(YEARS)
BETA_EFFECTS = [(30, 70), (8, 92), (15, 85), (5, 95), (2, 198), (20, 80), (25, 75)]
LOG_EFFECTS = [(.04, .35), (.03, .40), (.05, .30)]
GAMMA_UNITS = [190, 2100, 1100, 3700, 55000, 800]
FIXED_UNITS = [750, 12000, 8000, 2800]


def run(draws, seed):
    rng = np.random.default_rng(seed)
    people = rng.normal(5000, 250, draws)
    engaged = rng.beta(60, 40, draws)
    retained = rng.beta(80, 20, draws)
    deadweight = rng.beta(20, 80, draws)
    persistence = rng.beta(60, 40, draws)
    set_up = rng.gamma(25, 40000, draws)
    per_person = rng.gamma(64, 34.375, draws)
    pert = 1 + .5 * rng.beta(1 + 4 * .1 / .5, 1 + 4 * .4 / .5, draws)
    benefit = rng.triangular(.6, .85, 1, draws)
    effects = [rng.beta(a, b, draws) for a, b in BETA_EFFECTS]
    effects += [m * np.exp(s * rng.standard_normal(draws)) for m, s in LOG_EFFECTS]
    units = [rng.gamma(25, m / 25, draws) for m in GAMMA_UNITS] + FIXED_UNITS

    stock = np.empty((YEARS, draws))
    stock[0] = RAMP[0]
    for t in range(1, YEARS):
        stock[t] = RAMP[t] + persistence * stock[t - 1]
    present = {lag: DISCOUNT[lag:] @ stock[:YEARS - lag] for lag in (0, 1, 2)}
    base = people * engaged * retained * (1 - deadweight) * benefit
    values = np.empty((10, draws))
    for s in range(10):
        values[s] = base * effects[s] * units[s] * present[LAGS[s]]
    cost = pert * (set_up + per_person * people * engaged * (RAMP @ DISCOUNT))
    net = SHARES.T @ values - COST_SHARES[:, None] * cost
    net = np.vstack([net, net.sum(axis=0)])
    low_high = np.quantile(net, [.025, .975], axis=1)
    return net.mean(axis=1), net.std(axis=1, ddof=1), low_high, (net > 0).mean(axis=1)


def main():
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 100000
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    run(draws, 0)
    times = []
    for repeat in range(repeats):
        start = time.perf_counter()
        mean, sd, low_high, positive = run(draws, repeat + 1)
        times.append(time.perf_counter() - start)
    print(f"numpy: total mean {mean[-1]:,.0f} sd {sd[-1]:,.0f} 2.5 % {low_high[0, -1]:,.0f} "
          f"97.5 % {low_high[1, -1]:,.0f} P(net > 0) {positive[-1]:.4f}")
    print(f"numpy_seconds: {statistics.median(times):.6f}")


main()
