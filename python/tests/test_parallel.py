from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import evaluated
import pytest

import hyperego
from hyperego import InvalidInput, Space, Study

HERE = str(Path(__file__).parent)


def told(study: Study) -> list[Any]:
    return [(r["configuration"], r["objectives"]) for r in study.core.records()]


@pytest.fixture(autouse=True)
def importable_in_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([HERE, os.environ.get("PYTHONPATH", "")]))


def in_batches_of(workers: int, space: Space, n_trials: int = 13) -> list[Any]:
    with ThreadPoolExecutor(workers) as pool:
        study = Study(space, ["error", "cost"], n_trials=n_trials)
        return told(study.optimize(evaluated.measured, n_jobs=workers, executor=pool))


class Polled:
    """A job without callbacks, as submitit's."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._ready = time.monotonic() + 0.01
        self._result = function(*arguments)

    def done(self) -> bool:
        return time.monotonic() > self._ready

    def result(self) -> Any:
        return self._result


class PollingExecutor:
    def submit(self, function: Callable[..., Any], *arguments: Any) -> Polled:
        return Polled(function, arguments)


@pytest.mark.filterwarnings("ignore")
def test_same_suggestions_on_every_backend(space: Space) -> None:
    expected = in_batches_of(2, space)

    def run(function: Any = evaluated.faster_later, **how: Any) -> list[Any]:
        return told(Study(space, ["error", "cost"], n_trials=13).optimize(function, n_jobs=2, **how))

    assert run() == expected  # processes of loky
    assert run(executor=PollingExecutor()) == expected
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("forkserver")) as pool:
        assert run(executor=pool) == expected
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        assert run(executor=pool) == expected
    assert run(function="evaluated:faster_later") == expected


def test_without_loky_forkserver_is_used(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hyperego.executors._has", lambda module: False)
    study = Study(space, ["error", "cost"], n_trials=13).optimize(evaluated.faster_later, n_jobs=2)
    assert told(study) == in_batches_of(2, space)
    with pytest.raises(TypeError, match="cannot be sent to other processes"):
        Study(space, "error").optimize(lambda config: 1.0, n_jobs=2)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_workers_may_use_hyperego(space: Space, method: str) -> None:
    """Also where the parent has computed on several threads before: a forked child must not wait for them."""
    hyperego.set_threads(2)
    Study(space, ["error", "cost"], n_trials=13).optimize(evaluated.measured)
    hyperego.set_threads(0)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        study = Study(space, "error", n_trials=3).optimize(evaluated.computing, n_jobs=2, executor=pool)
    assert list(study.trials["status"]) == ["completed"] * 3


def test_closures_run_in_processes_of_loky(space: Space) -> None:
    shift = 2.0
    study = Study(space, "error", n_trials=4).optimize(lambda config: config["lr"] + shift, n_jobs=2)
    assert (study.trials["error"] >= 2).all()


def test_asynchronous(space: Space) -> None:
    study = Study(space, ["error", "cost"], n_trials=13)
    study.optimize(evaluated.faster_later, n_jobs=2, synchronous=False)
    assert study.status["trials"]["completed"] == 13


def test_raising_in_processes(space: Space) -> None:
    study = Study(space, "error", n_trials=10, max_failures=3).optimize(evaluated.raising, n_jobs=2)
    assert set(study.trials["message"].iloc[:3]) == {"ValueError: no luck"}
    assert study.stopped is not None and study.stopped.reason == "max_failures"


@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_dies_loses_no_trial(
    space: Space, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPEREGO_TEST_MARK", str(tmp_path / "mark"))
    study = Study(space, ["error", "cost"], n_trials=5).optimize(evaluated.dying, n_jobs=2)
    assert (tmp_path / "mark").exists() and list(study.trials["status"]) == ["completed"] * 5


def test_interrupt_in_a_worker_comes_out(space: Space) -> None:
    study = Study(space, "error", n_trials=4)
    with pytest.raises(KeyboardInterrupt):
        study.optimize(evaluated.interrupting)
    with pytest.raises(KeyboardInterrupt), ThreadPoolExecutor(2) as pool:
        study.optimize(evaluated.interrupting, n_jobs=2, executor=pool)
    assert study.status["trials"]["ended"] == 0 and study.pending
    study.optimize(lambda config: 1.0)
    assert study.status["trials"]["completed"] == 4


SCRIPT = """
import sys, time
sys.path.insert(0, {here!r})
import evaluated, hyperego
space = {{"lr": (1e-4, 1.0, "log"), "units": (4, 128)}}
if __name__ == "__main__":
    study = hyperego.Study(space, "error", n_trials=8, directory={directory!r})
    print("begun", flush=True)
    try:
        study.optimize({function}, {how})
    except KeyboardInterrupt:
        print("interrupted", study.status["trials"]["ended"], len(study.pending), flush=True)
"""


@pytest.mark.parametrize(
    ("function", "how"),
    [
        ("evaluated.sleeping", ""),
        ("evaluated.sleeping", "n_jobs=2"),
        ("evaluated.sleeping", "n_jobs=2, trial_timeout=100"),
        ("'evaluated:sleeping'", ""),
    ],
)
def test_ctrl_c(tmp_path: Path, function: str, how: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(here=HERE, directory=str(tmp_path / "run"), function=function, how=how))
    process = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    time.sleep(2.5)
    start = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert output.startswith("interrupted 0 "), errors
    assert time.monotonic() - start < 15
    assert hyperego.load(tmp_path / "run").pending


ASKING = """
import json, hyperego
space = hyperego.Space({{f"x{{i}}": (0.0, 1.0) for i in range(8)}})
study = hyperego.Study(space, ["error", "cost"], n_trials=1000)
for config in space.sample(120, seed=3):
    study.add(config, [sum(config.values()), config["x0"] - config["x1"] * config["x2"]])
study.enqueue(space.default)
print("asking", flush=True)
try:
    {ask}
except KeyboardInterrupt:
    print("interrupted", flush=True)
print(json.dumps([[t.number, t.config] for t in study.pending + study.ask(2)]))
"""


def test_ctrl_c_in_the_midst_of_an_ask() -> None:
    """It comes out at once, and what is asked for next is what would have come."""
    code = ASKING.format(ask="study.ask(500)")
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None and process.stdout.readline() == "asking\n"
    time.sleep(1)
    start = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    assert process.stdout.readline() == "interrupted\n"
    assert time.monotonic() - start < 5  # the ask itself takes half a minute and more
    interrupted, errors = process.communicate()
    whole = subprocess.run(
        [sys.executable, "-c", ASKING.format(ask="study.ask()")], check=True, capture_output=True, text=True
    )
    assert json.loads(interrupted) == json.loads(whole.stdout.splitlines()[-1])
    assert len(json.loads(interrupted)) == 3 and errors == ""


@pytest.mark.parametrize("daemon", ["study.ask(500)", "while trial := study.ask(): study.tell(trial, [1, 2])"])
def test_daemon_threads_do_not_disturb_the_end(daemon: str) -> None:
    """They hold a study when the interpreter ends, or are in the midst of an ask: nothing aborts, nothing is printed."""
    code = f"""
import threading, time, hyperego
space = hyperego.Space({{f"x{{i}}": (0.0, 1.0) for i in range(8)}})
study = hyperego.Study(space, ["error", "cost"], n_trials=1000)
for config in space.sample(80, seed=3):
    study.add(config, [sum(config.values()), config["x0"] - config["x1"]])
def work():
    {daemon}
threading.Thread(target=work, daemon=True).start()
time.sleep(0.7)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_a_signal_handler_may_not_use_the_study() -> None:
    """What it may do is stop()."""
    code = """
import signal, threading, os, hyperego
space = hyperego.Space({f"x{i}": (0.0, 1.0) for i in range(8)})
study = hyperego.Study(space, ["error", "cost"], n_trials=1000)
for config in space.sample(120, seed=3):
    study.add(config, [sum(config.values()), config["x0"] - config["x1"]])
def handler(number, frame):
    study.stop()
    study.ask()
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.5)
try:
    study.ask(500)
except hyperego.HyperegoError as error:
    print(error)
"""
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)
    assert "is at work in this very thread" in shown.stdout


def test_time_and_memory_limits(space: Space, tmp_path: Path) -> None:
    slow = Study(space, ["error", "cost"], n_trials=4, directory=tmp_path / "run", seed=2)
    slow.optimize(evaluated.sleeping_with_large_units, n_jobs=2, trial_timeout=8)
    frame = slow.trials
    assert set(frame["status"]) <= {"completed", "timed_out"} and (frame["status"] == "timed_out").any()
    assert list(frame["status"] == "timed_out") == list(frame["units"] > 64)
    large = Study(space, "error", n_trials=1).optimize(evaluated.greedy, memory_mb=400)
    assert list(large.trials["status"]) == ["failed"]
    assert "MemoryError" in large.trials["message"][0]


def test_programs_know_misuse_and_objects() -> None:
    study = Study({"x": (0.0, 1.0)}, ["error", "cost"], n_trials=2)
    with pytest.raises(InvalidInput, match="eror"):
        study.optimize("evaluated:misspelt")
    with pytest.raises(InvalidInput, match="module:name"):
        study.optimize("evaluated.misspelt")
    objects = Study({"x": [None, (1, 2)]}, "error", n_trials=2)
    objects.optimize(lambda config: {None: 1.0, (1, 2): 2.0}[config["x"]], trial_timeout=60)
    assert set(objects.trials["error"]) == {1.0, 2.0}


def test_bad_arguments(space: Space) -> None:
    study = Study(space, "error", n_trials=2)
    cases: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"function": 3}, TypeError, "^function"),
        ({"n_jobs": "2"}, TypeError, "^n_jobs"),
        ({"n_jobs": 0}, InvalidInput, "^n_jobs"),
        ({"n_jobs": 2, "executor": 3}, TypeError, "^executor"),
        ({"n_trials": 0}, InvalidInput, "^n_trials"),
        ({"trial_timeout": "1"}, TypeError, "^trial_timeout"),
        ({"trial_timeout": -1}, InvalidInput, "timeout_s"),
        ({"slurm": 3}, TypeError, "^slurm"),
        ({"progress": 3}, TypeError, "^progress"),
        ({"synchronous": 3}, TypeError, "^synchronous"),
    ]
    for arguments, error, match in cases:
        with pytest.raises(error, match=match):
            study.optimize(**{"function": evaluated.measured, **arguments})
    assert study.status["trials"]["ended"] == 0


def test_killed_and_opened_again(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(
        here=HERE, directory=str(tmp_path / "run"), function="lambda config: time.sleep(0.3) or 1.0", how=""))
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    time.sleep(1)
    process.kill()
    process.communicate()
    study = hyperego.load(tmp_path / "run")
    before = study.status["trials"]["ended"]
    study.optimize(lambda config: 1.0)
    assert 0 < before < 8 and study.status["trials"]["completed"] == 8


def test_two_threads_with_two_studies(space: Space) -> None:
    results: dict[int, list[Any]] = {}

    def work(i: int) -> None:
        results[i] = told(Study(space, ["error", "cost"], n_trials=12).optimize(evaluated.measured))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results[0] == results[1]


def test_a_forked_process_may_not_write(space: Space, tmp_path: Path) -> None:
    study = Study(space, "error", n_trials=3, directory=tmp_path / "run")
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe()

    def child() -> None:
        try:
            study.ask()
        except hyperego.HyperegoError as error:
            there.send(str(error))
        os._exit(0)

    process = context.Process(target=child)
    process.start()
    assert "belongs to the process that opened it" in here.recv()
    process.join()
    assert json.loads((tmp_path / "run" / "front.json").read_text()) is not None
