"""slurm= from Python, on programs that do as Slurm's do: jobs run at once, on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import evaluated
import pytest

from hyperego import InvalidInput, Space, Study

HERE = str(Path(__file__).parent)

PROGRAMS = {
    "sbatch": """
echo "$@" >>calls
for a; do case $a in --array=0-*) n=${a#--array=0-};; --job-name=*) name=${a#--job-name=};; esac; script=$a; done
job=$(($(cat number 2>/dev/null || echo 100) + 1)); echo $job >number; echo $job >"name.$name"
for i in $(seq 0 $n); do
  echo "$job|$i|COMPLETED|None|$name" >>queue
  SLURM_ARRAY_TASK_ID=$i /bin/sh "$script" >/dev/null 2>&1
done
echo $job""",
    "squeue": """
for a; do case $a in --name=*) cat "name.${a#--name=}" 2>/dev/null; exit 0;; esac; done
cat queue 2>/dev/null; exit 0""",
    "scontrol": "exit 1",
    "scancel": "exit 0",
    "sacct": "exit 1",
}


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cluster"
    folder.mkdir()
    for name, text in PROGRAMS.items():
        (folder / name).write_text(f"#!/bin/sh\ncd {folder}\n{text}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    monkeypatch.syspath_prepend(HERE)
    return folder


def test_trials_are_tasks_of_a_job_array(space: Space, cluster: Path, tmp_path: Path) -> None:
    study = Study(space, ["error", "cost"], n_trials=4, directory=tmp_path / "run")
    study.optimize(evaluated.measured, n_jobs=2, slurm={"partition": "gpu", "time": "00:10:00"})
    assert list(study.trials["status"]) == ["completed"] * 4
    calls = (cluster / "calls").read_text()
    assert "--partition=gpu" in calls and "--array=0-" in calls
    expected = Study(space, ["error", "cost"], n_trials=4).optimize(evaluated.measured)
    assert [r["objectives"] for r in study.core.records()] == [r["objectives"] for r in expected.core.records()]


def test_failures_come_back(space: Space, cluster: Path, tmp_path: Path) -> None:
    study = Study(space, "error", n_trials=1, directory=tmp_path / "run")
    study.optimize(evaluated.raising, slurm={"partition": "gpu"})
    (message,) = study.trials["message"]
    assert message.startswith("ValueError: no luck")


def test_misuse_is_named(space: Space, cluster: Path, tmp_path: Path) -> None:
    study = Study(space, "error", n_trials=1, directory=tmp_path / "run")
    with pytest.raises(InvalidInput, match="slurm/time"):
        study.optimize(evaluated.measured, slurm={"time": ["long"]})
    assert not (cluster / "calls").exists()
