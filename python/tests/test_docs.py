"""The Python of README.md and docs/python.md: it runs as it stands there, and mypy --strict takes it.

Functions that readers write may leave their types out. What the pages take for granted is in PREAMBLE.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PREAMBLE = """
import os
from types import SimpleNamespace
from typing import Any

import numpy as np
import optuna
import pandas as pd
from sklearn.datasets import load_iris
from sklearn.svm import SVC

import hyperego
import hyperego.integration.optuna
import hyperego.integration.sklearn


def fit(lr: float, opt: str, momentum: float | None, seed: int) -> Any:
    return SimpleNamespace(error=abs(lr - 0.01) + (momentum or 0.3), ms=1 / lr + seed % 3)


def f(table: pd.DataFrame) -> np.ndarray[Any, Any]:
    return np.asarray(table["lr"] * table["units"])


X, y = load_iris(return_X_y=True)
estimator = SVC()
"""
# What only some of the snippets take from others.
BETWEEN = {
    "README.md": "",
    "docs/python.md": """

def train(config: dict[str, Any]) -> dict[str, float]:
    return {"error": config["lr"] * config["depth"], "accuracy": config["units"] + config.get("momentum", 0.0)}

""",
}


def snippets(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


def script(page: str) -> str:
    return PREAMBLE + BETWEEN[page] + "\n\n".join(snippets(page))


def fast(text: str) -> str:
    """A dozen trials instead of sixty; in one process, so that nothing must be importable."""
    return text.replace("n_trials=60", "n_trials=14").replace("n_jobs=4, ", "").replace("n_iter=50", "n_iter=6")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("page", list(BETWEEN))
def test_snippets_run(page: str, tmp_path: Path) -> None:
    for module in ("optuna", "sklearn", "pandas"):
        pytest.importorskip(module, reason=f"SKIPPED: {module} is not installed")
    assert snippets(page)
    (tmp_path / "page.py").write_text(fast(script(page)))
    run = subprocess.run([sys.executable, "page.py"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]


def test_snippets_are_typed(tmp_path: Path) -> None:
    for module in ("mypy", "optuna", "sklearn", "pandas"):
        pytest.importorskip(module, reason=f"SKIPPED: {module} is not installed")
    pages = [f"page{i}.py" for i in range(len(BETWEEN))]
    for name, page in zip(pages, BETWEEN, strict=True):
        (tmp_path / name).write_text(script(page))
    options = ["--strict", "--allow-untyped-defs", "--allow-untyped-calls", "--ignore-missing-imports"]
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *pages], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout
