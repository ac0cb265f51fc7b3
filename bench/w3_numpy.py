#!/usr/bin/env python3
"""W3 in NumPy from the same draws: acceptability and EVPI at 101 thresholds, and EVPPI of ten parameters by cubic
regression splines with ten knots at quantiles, least squares. Arguments: file of draws, draws, repeats."""
import sys
import time

import numpy as np

PATH, N, REPEATS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
columns = np.fromfile(PATH).reshape(-1, N)
parameters, costs, effects = columns[:10], columns[10:13], columns[13:16]
thresholds = 2000.0 * np.arange(101)


def splines(x):
    z = (x - x.mean()) / x.std()
    knots = np.quantile(z, np.linspace(0, 1, 12)[1:-1])
    return np.column_stack([np.ones(N), z, z**2, z**3] + [np.maximum(0.0, z - k) ** 3 for k in knots])


def value(cost, effect):
    """Mean of the best less the best mean, at every threshold."""
    out = np.empty(101)
    for i, threshold in enumerate(thresholds):
        benefit = threshold * effect - cost
        out[i] = np.maximum(0.0, benefit.max(axis=0)).mean() - max(0.0, benefit.mean(axis=1).max())
    return out


def run():
    curve = np.empty(101)
    for i, threshold in enumerate(thresholds):
        benefit = np.vstack([np.zeros(N), threshold * effects - costs])
        best = benefit.argmax(axis=0)
        curve[i] = (best == benefit.mean(axis=1).argmax()).mean()
    evpi = value(costs, effects)
    evppi = []
    both = np.vstack([costs, effects]).T
    for x in parameters:
        basis = splines(x)
        fitted = basis @ np.linalg.lstsq(basis, both, rcond=None)[0]
        evppi.append(value(fitted.T[:3], fitted.T[3:]))
    return curve, evpi, evppi


times = []
for _ in range(REPEATS):
    start = time.perf_counter()
    curve, evpi, evppi = run()
    times.append(time.perf_counter() - start)
print(f"numpy: P(best) {curve[25]:.4f}, EVPI {evpi[25]:.1f} at 50,000; EVPPI " +
      " ".join(f"{e[25]:.2f}" for e in evppi))
print(f"numpy_seconds: {sorted(times)[len(times) // 2]:.6f}")
