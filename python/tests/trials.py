"""Trials with known answers, for several tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hyperego
import numpy as np
import pandas as pd

SPACE = hyperego.Space(
    {
        "lr": (1e-4, 1.0, "log"),
        "units": (4, 128),
        "opt": ["adam", "sgd"],
        "momentum": hyperego.Float(0, 0.99, when={"opt": "sgd"}),
    }
)
QUICK: dict[str, Any] = {"draws": 4, "replicates": 2, "permutations": 19, "samples": 200}
IMPORTS = Path(__file__).resolve().parents[2] / "tests" / "data" / "import"


def measured(config: dict[str, Any]) -> dict[str, float]:
    """Error depends on lr and units, cost on units alone."""
    error = 0.05 * (np.log10(config["lr"]) + 1) ** 2 + 0.3 * np.exp(-config["units"] / 30) + 0.05
    return {"error": float(error), "cost": 1.5 * config["units"]}


def table(count: int = 40, space: hyperego.Space = SPACE) -> pd.DataFrame:
    configs = space.sample(count, seed=3)
    return pd.DataFrame([{**config, **measured(config)} for config in configs])


def run_directory(folder: Path, count: int = 24) -> Path:
    """A small study, evaluated."""
    study = hyperego.Study(SPACE, ["error", "cost"], n_trials=count, directory=folder)
    for _ in range(count):
        trial = study.ask()
        assert trial is not None
        study.tell(trial, measured(trial.config), seconds=0.5)
    return folder
