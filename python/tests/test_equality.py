"""One study asked for in Python, by ``hyperego run`` and in a C++ program: the same suggestions, to the bit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hyperego import Study

STUDY: dict[str, Any] = {
    "hyperego": 1,
    "name": "zdt1",
    "evaluator": {"problem": "zdt1", "variables": 4},
    "optimizer": {"name": "hpi-parego"},
    "limits": {"trials": 24},
    "seed": 5,
}


def ran(program: str, folder: Path) -> list[dict[str, Any]]:
    """The ended trials of `hyperego run`, and its study as run."""
    (folder / "study.json").write_text(json.dumps(STUDY))
    subprocess.run([program, "run", "study.json", "--out", "run"], cwd=folder, check=True, capture_output=True)
    events = [json.loads(line) for line in (folder / "run" / "journal.jsonl").read_text().splitlines()]
    return [event for event in events if event["event"] == "ended"]


def test_python_program_and_cpp(program: str, tmp_path: Path) -> None:
    trials = ran(program, tmp_path)
    configurations = [trial["configuration"] for trial in trials]
    values = [list(trial["objectives"].values()) for trial in trials]
    run = json.loads((tmp_path / "run" / "study.json").read_text())
    study = Study(run["space"], [o["name"] for o in run["objectives"]], n_trials=24, seed=5)
    for configuration, objectives in zip(configurations, values, strict=True):
        asked = study.ask()
        assert asked is not None and asked.config == configuration
        study.tell(asked, objectives)
    assert {"frozen", "full"} & set(study.decisions["phase"])
    assert cpp_suggestions(tmp_path, values) == configurations


def cpp_suggestions(folder: Path, values: list[list[float]]) -> list[dict[str, Any]]:
    prefix = os.environ.get("HYPEREGO_PREFIX")
    cmake = shutil.which("cmake")
    if not prefix or not cmake:
        pytest.skip("SKIPPED: HYPEREGO_PREFIX does not name an installed library, or there is no cmake")
    (folder / "values.json").write_text(json.dumps(values))
    build = folder / "build"
    configure = [cmake, "-S", Path(__file__).parents[2] / "tests" / "suggestions", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}"]
    subprocess.run(configure, check=True, capture_output=True)
    subprocess.run([cmake, "--build", build], check=True, capture_output=True)
    shown = subprocess.run(
        [build / "suggestions", folder / "run" / "study.json", folder / "values.json"], check=True, capture_output=True
    )
    return [json.loads(line) for line in shown.stdout.splitlines()]
