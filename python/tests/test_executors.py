"""Executors of others: the same suggestions as by threads. Each is left out, by name, where it is not installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import evaluated
import pytest

from hyperego import Space, Study

HERE = str(Path(__file__).parent)


@contextmanager
def dask_client(folder: Path) -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="SKIPPED: dask.distributed is not installed")
    with distributed.Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None) as client:
        yield client


@contextmanager
def dask_executor(folder: Path) -> Iterator[Any]:
    with dask_client(folder) as client, client.get_executor() as executor:
        yield executor


@contextmanager
def loky_executor(folder: Path) -> Iterator[Any]:
    loky = pytest.importorskip("loky", reason="SKIPPED: loky is not installed")
    executor = loky.get_reusable_executor(max_workers=2, reuse=False)
    yield executor
    executor.shutdown(wait=True)


@contextmanager
def submitit_executor(folder: Path) -> Iterator[Any]:
    submitit = pytest.importorskip("submitit", reason="SKIPPED: submitit is not installed")
    executor = submitit.AutoExecutor(folder=folder / "submitit", cluster="local")
    executor.update_parameters(timeout_min=5)
    yield executor


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("opened", [dask_client, dask_executor, loky_executor, submitit_executor])
def test_executors(space: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[[Path], Any]) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([HERE, os.environ.get("PYTHONPATH", "")]))
    with opened(tmp_path) as executor:
        study = Study(space, ["error", "cost"], n_trials=4)
        study.optimize(evaluated.faster_later, n_jobs=2, executor=executor)
        failing = Study(space, "error", n_trials=2).optimize(evaluated.raising, n_jobs=2, executor=executor)
    with ThreadPoolExecutor(2) as pool:
        threads = Study(space, ["error", "cost"], n_trials=4)
        threads.optimize(evaluated.measured, n_jobs=2, executor=pool)
    assert study.core.records()[3]["configuration"] == threads.core.records()[3]["configuration"]
    assert [r["objectives"] for r in study.core.records()] == [r["objectives"] for r in threads.core.records()]
    assert set(failing.trials["message"]) == {"ValueError: no luck"}
