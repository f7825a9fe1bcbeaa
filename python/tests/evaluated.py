"""Functions that workers import."""

from __future__ import annotations

import os
import time
from typing import Any

import hyperego


def measured(config: dict[str, Any], seed: int) -> dict[str, float]:
    momentum = config.get("momentum", 0.5)
    return {"error": (config["lr"] - 0.1) ** 2 + momentum / 10 + config["units"] / 1000, "cost": config["units"] + seed % 2}


def faster_later(config: dict[str, Any], seed: int) -> dict[str, float]:
    time.sleep(0.002 * (seed % 7))
    return measured(config, seed)


def raising(config: dict[str, Any]) -> float:
    raise ValueError("no luck")


def interrupting(config: dict[str, Any]) -> float:
    raise KeyboardInterrupt


def computing(config: dict[str, Any]) -> float:
    """Uses hyperego inside of a worker."""
    study = hyperego.Study({"x": (0.0, 1.0)}, "y", n_trials=12)
    study.optimize(lambda c: (c["x"] - config["lr"]) ** 2)
    return float(study.front["y"].min())


def dying(config: dict[str, Any], seed: int) -> dict[str, float]:
    """Its first call in a folder that the environment names ends its process."""
    mark = os.environ["HYPEREGO_TEST_MARK"]
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return measured(config, seed)
    os._exit(3)


def sleeping(config: dict[str, Any]) -> float:
    time.sleep(60)
    return 0.0


def sleeping_with_large_units(config: dict[str, Any], seed: int) -> dict[str, float]:
    if config["units"] > 64:
        time.sleep(60)
    return measured(config, seed)


def greedy(config: dict[str, Any]) -> float:
    return float(len(bytearray(600 << 20)))


def misspelt(config: dict[str, Any]) -> dict[str, float]:
    return {"eror": 1.0, "cost": 2.0}
