from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import hyperego


@pytest.fixture
def space() -> hyperego.Space:
    momentum = hyperego.Float(0, 0.99, when={"opt": "sgd"})
    return hyperego.Space({"lr": (1e-4, 1.0, "log"), "units": (4, 128), "opt": ["adam", "sgd"], "momentum": momentum})


@pytest.fixture
def program() -> str:
    """The hyperego program of the same build."""
    found = os.environ.get("HYPEREGO_PROGRAM") or shutil.which("hyperego")
    if not found or not Path(found).exists():
        pytest.skip("SKIPPED: HYPEREGO_PROGRAM does not name the program")
    return found
