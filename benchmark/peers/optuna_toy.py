"""A small conditional problem in Optuna: mean hypervolume of its samplers and of HpiParEgoSampler.

    python benchmark/peers/optuna_toy.py [--trials 40] [--seeds 10]

The momentum of SGD, the second moment of Adam and the width of a second layer are there under conditions alone. GPSampler
takes part where torch is installed. Hypervolume against (2, 400), in % of that of a front of 20,000 random trials and the
best of all runs.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Callable
from typing import Any

import optuna

from hyperego.integration.optuna import HpiParEgoSampler

REFERENCE = (2.0, 400.0)


def toy(trial: Any) -> tuple[float, float]:
    """Error and cost of an imaginary network."""
    lr = trial.suggest_float("lr", 1e-4, 1.0, log=True)
    optimizer = trial.suggest_categorical("optimizer", ["adam", "sgd"])
    if optimizer == "sgd":
        fit = 0.04 * (math.log10(lr) + 1.0) ** 2 + 0.5 * (trial.suggest_float("momentum", 0.0, 0.99) - 0.9) ** 2
    else:
        fit = 0.06 * (math.log10(lr) + 2.8) ** 2 + 0.3 * (trial.suggest_float("beta2", 0.8, 1.0) - 0.98) ** 2 + 0.02
    width = trial.suggest_int("width", 8, 256, log=True)
    second = trial.suggest_int("second_width", 8, 128, log=True) if trial.suggest_categorical("deep", [True, False]) else 0
    capacity = 0.9 * math.exp(-width / 40) + (0.12 * math.exp(-second / 25) if second else 0.2)
    return fit + capacity, width + 1.5 * second


def hypervolume(values: list[tuple[float, float]]) -> float:
    """Against REFERENCE, both minimised."""
    volume, height = 0.0, REFERENCE[1]
    for error, cost in sorted(values):
        if error < REFERENCE[0] and cost < height:
            volume += (REFERENCE[0] - error) * (height - cost)
            height = cost
    return volume


class RandomTrial:
    """Draws what a function asks for."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def suggest_float(self, name: str, low: float, high: float, log: bool = False) -> float:
        if log:
            return math.exp(self._rng.uniform(math.log(low), math.log(high)))
        return self._rng.uniform(low, high)

    def suggest_int(self, name: str, low: int, high: int, log: bool = False) -> int:
        return round(self.suggest_float(name, low, high, log))

    def suggest_categorical(self, name: str, choices: list[Any]) -> Any:
        return self._rng.choice(choices)


def samplers(trials: int) -> dict[str, Callable[[int], optuna.samplers.BaseSampler]]:
    chosen: dict[str, Callable[[int], optuna.samplers.BaseSampler]] = {
        "HpiParEgoSampler": lambda seed: HpiParEgoSampler(n_trials=trials, seed=seed),
        "without conditions": lambda seed: HpiParEgoSampler(n_trials=trials, seed=seed, learn_conditions=False),
        "TPESampler": lambda seed: optuna.samplers.TPESampler(seed=seed),
        "TPESampler (multivariate, group)": lambda seed: optuna.samplers.TPESampler(seed=seed, multivariate=True, group=True),
        "NSGAIISampler": lambda seed: optuna.samplers.NSGAIISampler(seed=seed),
        "RandomSampler": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    }
    try:
        import torch  # noqa: F401

        chosen["GPSampler"] = lambda seed: optuna.samplers.GPSampler(seed=seed)
    except ModuleNotFoundError:
        print("GPSampler: left out, as torch is not installed")
    return chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=10)
    arguments = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    rng = random.Random(0)
    best = [toy(RandomTrial(rng)) for _ in range(20000)]
    rows = []
    for name, sampler in samplers(arguments.trials).items():
        begin, volumes = time.perf_counter(), []
        for seed in range(1, arguments.seeds + 1):
            study = optuna.create_study(directions=["minimize", "minimize"], sampler=sampler(seed))
            study.optimize(toy, n_trials=arguments.trials)
            values = [tuple(trial.values) for trial in study.trials]
            best += values
            volumes.append(hypervolume(values))
        rows.append((name, volumes, (time.perf_counter() - begin) / arguments.seeds))
    whole = hypervolume(best)
    print(f"| sampler | mean % | least % | greatest % | s a run |\n|---|---|---|---|---|")
    for name, volumes, seconds in sorted(rows, key=lambda row: -sum(row[1])):
        shares = [100 * volume / whole for volume in volumes]
        mean = sum(shares) / len(shares)
        print(f"| {name} | {mean:.2f} | {min(shares):.2f} | {max(shares):.2f} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
