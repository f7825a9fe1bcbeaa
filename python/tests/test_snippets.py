"""What the documentation shows, as it is written there."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hyperego


def fit(lr: float, momentum: float | None, seed: int) -> Any:
    return SimpleNamespace(error=abs(lr - 0.01) + (momentum or 0.3), ms=1 / lr + seed % 3)


def train(config: dict[str, Any], seed: int) -> dict[str, float]:
    model = fit(config["lr"], config.get("momentum"), seed)
    return {"error": model.error, "latency": model.ms}


def test_several_objectives_in_processes(tmp_path: Path) -> None:
    study = hyperego.optimize(
        train,
        {
            "lr": (1e-4, 1.0, "log"),
            "opt": ["adam", "sgd"],
            "momentum": hyperego.Float(0, 0.99, when={"opt": "sgd"}),
        },
        ["error", "latency"],
        n_trials=12,
        n_jobs=4,
        directory=tmp_path / "mlp",
    )
    front = study.front
    assert list(front) == ["trial", "lr", "opt", "momentum", "error", "latency"]
    assert study.stopped is not None and study.stopped.reason == "trials"


def test_own_loop(capsys: Any) -> None:
    lab = SimpleNamespace(measure=lambda config: {"accuracy": config["x"], "cost": config["x"] ** 2})
    study = hyperego.Study({"x": (0.0, 1.0)}, {"accuracy": "maximize", "cost": "minimize"}, n_trials=14)
    while trial := study.ask():
        study.tell(trial, lab.measure(trial.config))
        assert trial.decision is not None
        print(trial.decision.reason)
    assert len(capsys.readouterr().out.splitlines()) == 14


def test_loading_again(tmp_path: Path) -> None:
    hyperego.Study({"x": (0.0, 1.0)}, "y", n_trials=3, directory=tmp_path).optimize(lambda config: config["x"])
    study = hyperego.load(tmp_path)
    assert study.status["trials"]["completed"] == 3
    assert repr(study).startswith("Study('study', y: 3 of 3 trials, front 1")
