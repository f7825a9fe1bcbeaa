#!/usr/bin/env python3
"""Tunability of one function with a known answer, by hyperego's Python package and by HyperSHAP, one thread.

f(x) = -sum_i w_i (x_i - 0.3)^2 on [0, 1]^6, baseline 0.5: hyperparameter i can gain 0.04 w_i, and nothing interacts.
Run it in an environment with hyperego[pandas] and requirements.txt: OMP_NUM_THREADS=1 function.py
"""

from __future__ import annotations

import time

import hyperego
import numpy as np
from ConfigSpace import ConfigurationSpace, Float
from hypershap import HyperSHAP
from hypershap.task import ExplanationTask

DIMENSIONS = 6
WEIGHTS = np.arange(3, 3 + DIMENSIONS)
TRUTH = 0.04 * WEIGHTS
NAMES = [f"x{i}" for i in range(DIMENSIONS)]


def values(points: np.ndarray) -> np.ndarray:
    return -((np.asarray(points) - 0.3) ** 2) @ WEIGHTS


class Model:
    """What HyperSHAP takes as a surrogate."""

    def predict(self, points: np.ndarray) -> np.ndarray:
        return values(points)


def timed(play) -> tuple[float, np.ndarray]:
    """Least processor time of five, and the values."""
    runs = []
    for _ in range(5):
        begin = time.process_time()
        result = play()
        runs.append(time.process_time() - begin)
    return min(runs), result


def by_hyperego(replicates: int | None) -> np.ndarray:
    space = {name: (0.0, 1.0) for name in NAMES}
    played = hyperego.explain_function(
        lambda table: values(table.to_numpy()), space, vectorized=True, samples=1000, replicates=replicates
    )
    return np.array([played[name] for name in NAMES])


def by_hypershap(make_task) -> np.ndarray:
    space = ConfigurationSpace(seed=1)
    space.add([Float(name, (0.0, 1.0)) for name in NAMES])
    game = HyperSHAP(make_task(space), n_workers=1)
    played = game.tunability(baseline_config=space.get_default_configuration(), index="SV", order=1, n_samples=1000)
    return np.array([played[(i,)] for i in range(DIMENSIONS)])


def main() -> None:
    hyperego.set_threads(1)
    ways = {
        "hyperego, without intervals": lambda: by_hyperego(0),
        "hyperego, with sampling intervals": lambda: by_hyperego(None),
        "HyperSHAP, from_function": lambda: by_hypershap(
            lambda space: ExplanationTask.from_function(space, lambda c: float(values(c.get_array())))
        ),
        "HyperSHAP, from_base_model": lambda: by_hypershap(lambda space: ExplanationTask.from_base_model(space, Model())),
    }
    for name, play in ways.items():
        seconds, played = timed(play)
        print(f"{name:36} {seconds:8.4f} s   largest error {abs(played - TRUTH).max():.2g}")


if __name__ == "__main__":
    main()
