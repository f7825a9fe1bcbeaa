from __future__ import annotations

import json
import logging
import math
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from evaluated import measured

import hyperego
from hyperego import HyperegoError, InvalidInput, Space, Study


def told(study: Study) -> list[Any]:
    return [(r["configuration"], r["objectives"]) for r in study.core.records()]


def specification(space: Space, **more: Any) -> dict[str, Any]:
    return {"space": space.to_json(), "objectives": [{"name": "error"}, {"name": "cost"}], **more}


def test_own_loop(space: Space) -> None:
    study = Study(space, {"accuracy": "maximize", "cost": "minimize"}, n_trials=20)
    while trial := study.ask():
        assert trial.status == "waiting" and trial.decision is not None and trial.decision.reason
        ended = study.tell(trial, [1 - trial.config["lr"], trial.config["units"]])
        assert ended.status == "completed" and ended.values is not None
        assert ended.values["cost"] == trial.config["units"]
    assert study.stopped == ("trials", "all 20 trials are done")
    assert study.hypervolume is not None and study.reference is not None
    frame = study.trials
    assert list(frame) == ["trial", "status", *space.names, "accuracy", "cost", "seconds", "message"]
    assert frame["units"].dtype == "int64" and frame["opt"].dtype == "category"
    assert len(frame) == 20 and set(study.front["trial"]) <= set(frame["trial"])
    decisions = study.decisions
    assert len(decisions) == 20 and {"phase", "reason", "weight:cost", "shapley:lr", "frozen:units"} <= set(decisions)


def test_equal_to_the_program_to_the_bit(space: Space, program: str, tmp_path: Path) -> None:
    file = tmp_path / "study.json"
    file.write_text(json.dumps(specification(space, evaluator={"external": True}, limits={"trials": 16}, seed=7)))
    subprocess.run([program, "init", str(file), "--out", str(tmp_path / "run")], check=True, capture_output=True)
    study = Study(space, ["error", "cost"], n_trials=16, seed=7)
    for _ in range(16):
        theirs = json.loads(
            subprocess.run([program, "ask", str(tmp_path / "run")], check=True, capture_output=True).stdout
        )[0]
        ours = study.ask()
        assert ours is not None
        assert ours.config == theirs["configuration"] and ours.seed == theirs["seed"]
        values = measured(ours.config, ours.seed)
        study.tell(ours, values)
        arguments = ["--trial", str(ours.number), "--objectives", json.dumps(values)]
        subprocess.run([program, "tell", str(tmp_path / "run"), *arguments], check=True, capture_output=True)
    assert any(phase != "initial" for phase in study.decisions["phase"])


def test_the_program_reads_and_continues(space: Space, program: str, tmp_path: Path) -> None:
    directory = tmp_path / "run"
    study = Study(space, ["error", "cost"], n_trials=12, directory=directory)
    study.optimize(measured, n_trials=8)
    expected = study.status
    del study
    status = json.loads(
        subprocess.run([program, "status", str(directory)], check=True, capture_output=True).stdout
    )
    assert status["front"] == expected["front"] and status["hypervolume"] == expected["hypervolume"]
    asked = json.loads(subprocess.run([program, "ask", str(directory)], check=True, capture_output=True).stdout)
    whole = Study(space, ["error", "cost"], n_trials=12).optimize(measured)
    assert asked[0]["configuration"] == whole.core.record(8)["configuration"]
    again = hyperego.load(directory)
    assert [trial.number for trial in again.pending] == [8]
    again.optimize(measured)
    assert told(again) == told(whole)
    subprocess.run([program, "explain", str(directory), "--game", "tunability", "--objective", "error"], check=True, capture_output=True)


def test_opened_again_it_goes_on(space: Space, tmp_path: Path) -> None:
    whole = Study(space, ["error", "cost"], n_trials=14, seed=3).optimize(measured)
    for n in (3, 6, None):
        study = Study(space, ["error", "cost"], n_trials=14, seed=3, directory=tmp_path / "run")
        study.optimize(measured, n_trials=n)
        del study
    loaded = hyperego.load(tmp_path / "run")
    assert told(loaded) == told(whole)
    assert list(loaded.decisions["reason"]) == list(whole.decisions["reason"])
    with pytest.raises(hyperego.StoreError, match="this very process|this process") as caught:
        hyperego.load(tmp_path / "run")
    assert caught.value.where and isinstance(caught.value, OSError)
    del loaded
    with pytest.raises(InvalidInput, match="seed"):
        Study(space, ["error", "cost"], n_trials=14, seed=4, directory=tmp_path / "run")


def test_add_and_enqueue(space: Space) -> None:
    study = Study(space, ["error", "cost"], n_trials=5)
    mine = {"lr": 0.1, "units": 8, "opt": "adam"}
    assert study.add(mine, {"error": 0.5, "cost": 8}).number == 0
    other = {**mine, "units": 9}
    study.enqueue(other)
    trial = study.ask()
    assert trial is not None and trial.config == other and trial.number == 1
    assert trial.decision is not None and "next in line" in trial.decision.reason
    assert [t.number for t in study.ask(3)] == [2, 3, 4]
    assert study.ask() is None and study.ask(2) == []
    with pytest.raises(InvalidInput, match="config"):
        study.enqueue({"lr": 3})


def test_results_that_are_no_numbers(space: Space) -> None:
    study = Study(space, ["error", "cost"], constraints={"memory": (None, 10)}, n_trials=20)
    cases: list[tuple[Any, type[Exception], str]] = [
        ({"error": "low", "cost": 1, "memory": 1}, TypeError, "^trial 0/error: expected a number, found str"),
        ({"error": None, "cost": 1, "memory": 1}, TypeError, "^trial 0/error: expected a number, found NoneType"),
        ({"error": True, "cost": 1, "memory": 1}, TypeError, "^trial 0/error: expected a number, found bool"),
        ("0.5", TypeError, "^trial 0: expected a dict of objectives"),
        (None, TypeError, "^trial 0: expected the values"),
        ({"eror": 1, "cost": 1, "memory": 1}, InvalidInput, '^trial 0/eror: unknown member; did you mean "error"'),
        ({"error": 1, "memory": 1}, InvalidInput, "^trial 0: member \"cost\" is missing"),
        ([1, 2, 3], InvalidInput, "^trial 0/objectives: expected 2 values, found 3"),
    ]
    trial = study.ask()
    assert trial is not None
    for values, error, match in cases:
        with pytest.raises(error, match=match):
            study.tell(trial, values)
    assert [t.number for t in study.pending] == [0]
    assert study.tell(0, np.array([1.0, 2.0]), constraints=[20]).status == "infeasible"
    assert study.tell(0, [1.0, 2.0], constraints=[20]).status == "infeasible"  # the same again
    with pytest.raises(InvalidInput, match="ended already"):
        study.tell(0, [1.0, 3.0], constraints=[20])
    assert study.tell(study.ask(), [math.nan, 1], constraints=[1]).status == "failed"  # type: ignore[arg-type]
    assert study.tell(study.ask(), status="failed", message="why").message == "why"  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="trial 9"):
        study.tell(9, [1, 2], constraints=[1])
    with pytest.raises(InvalidInput, match="trial -1"):
        study.tell(-1, [1, 2])


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"n_trials": "5"}, TypeError, "^n_trials: expected a whole number, found str"),
        ({"n_trials": 0}, InvalidInput, "limits/trials"),
        ({"seed": -1}, InvalidInput, "seed"),
        ({"seed": 1.5}, TypeError, "^seed"),
        ({"optimizer": 3}, TypeError, "^optimizer"),
        ({"optimizer": "hpi-paregoo"}, InvalidInput, "hpi-parego"),
        ({"optimizer": {"name": "hpi-parego", "freezing": 3}}, InvalidInput, "optimizer"),
        ({"limits": {"wall_s": "x"}}, TypeError, "^limits/wall_s: expected a number, found str"),
        ({"limits": {"walls": 3}}, InvalidInput, "walls"),
        ({"initial": [{"lr": 3}]}, InvalidInput, "initial_configurations/0"),
        ({"initial": [3]}, TypeError, "^initial/0"),
        ({"constraints": {"memory": 3}}, TypeError, "^constraints/memory"),
        ({"objectives": []}, InvalidInput, "objective"),
        ({"objectives": 3}, TypeError, "^objectives"),
        ({"objectives": {"error": "up"}}, InvalidInput, "minimize"),
        ({"objectives": ["a", "a"]}, InvalidInput, "twice"),
        ({"directory": 3}, TypeError, "^directory"),
        ({"warm_start": [3]}, TypeError, "^warm_start/0"),
        ({"max_failures": "x"}, TypeError, "^max_failures"),
    ],
)
def test_bad_arguments(space: Space, arguments: dict[str, Any], error: type[Exception], match: str) -> None:
    objectives = arguments.pop("objectives", ["error", "cost"])
    with pytest.raises(error, match=match):
        Study(space, objectives, **arguments)


def test_table_round_trips_through_the_program(space: Space, program: str, tmp_path: Path) -> None:
    study = Study(space, ["error", "cost"], n_trials=12, optimizer="random").optimize(measured)
    study.trials.to_csv(tmp_path / "trials.csv", index=False)
    (tmp_path / "space.json").write_text(json.dumps(space.to_json()))
    subprocess.run(
        [program, "explain", "--trials", "trials.csv", "--space", "space.json", "--game", "tunability", "--objective", "error"],
        cwd=tmp_path, check=True, capture_output=True,
    )


def test_tables_know_inactive_and_colliding_names() -> None:
    space = Space({"a": ["x", "y"], "n": hyperego.Integer(1, 9, when={"a": "y"}), "o": hyperego.Ordinal(["s", "l"])})
    study = Study(space, "loss", n_trials=15, optimizer="random").optimize(lambda config: float(config.get("n", 0)))
    frame = study.trials
    assert frame["n"].dtype == "Int64" and frame["n"].isna().any()
    assert frame["o"].cat.ordered and not frame["a"].cat.ordered
    assert isinstance(frame, pd.DataFrame)
    same = Study({"trial": (0.0, 1.0), "x": (0.0, 1.0)}, "loss", n_trials=3).optimize(lambda config: config["x"])
    assert {"trial", "config:trial", "config:x", "metric:loss"} <= set(same.trials)


def test_seed_is_given_where_asked_for_and_the_same_always(space: Space) -> None:
    seeds: list[int] = []

    def with_seed(config: dict[str, Any], seed: int) -> float:
        seeds.append(seed)
        return 1.0

    study = Study(space, "error", n_trials=3).optimize(with_seed)
    assert seeds == [study.core.record(i)["seed"] for i in range(3)]


def test_failures_are_data(space: Space, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def sometimes(config: dict[str, Any], seed: int) -> Any:
        kind = len(kinds)
        kinds.append(kind)
        if kind == 0:
            raise ValueError("bad luck")
        if kind == 1:
            raise hyperego.Infeasible("too large")
        if kind == 2:
            return {"error": math.nan, "cost": 1}
        if kind == 3:
            raise SystemExit(2)
        return measured(config, seed)

    kinds: list[int] = []
    with caplog.at_level(logging.INFO, "hyperego"):
        study = Study(space, ["error", "cost"], n_trials=6, directory=tmp_path / "run").optimize(sometimes)
    frame = study.trials
    assert list(frame["status"]) == ["failed", "infeasible", "failed", "failed", "completed", "completed"]
    assert list(frame["message"])[:2] == ["ValueError: bad luck", "too large"]
    assert "not finite" in frame["message"][2] and frame["message"][3] == "SystemExit: 2"
    kept = (tmp_path / "run" / "logs" / "0.err").read_text()
    assert "in sometimes" in kept and "ValueError: bad luck" in kept
    assert sum(r.message.startswith("trial ") for r in caplog.records if r.levelno == logging.INFO) == 6


def test_too_many_failures_stop_the_study(space: Space) -> None:
    def raising(config: dict[str, Any]) -> float:
        raise ValueError("no")

    study = Study(space, "error", n_trials=50, max_failures=4).optimize(raising)
    assert study.stopped is not None and study.stopped.reason == "max_failures" and len(study.trials) == 4


def test_misspelt_objective_stops_the_study(space: Space) -> None:
    study = Study(space, ["error", "cost"], n_trials=10)
    with pytest.raises(InvalidInput, match='trial 0/eror: unknown member; did you mean "error"'):
        study.optimize(lambda config: {"eror": 1.0, "cost": 2.0})
    assert study.status["trials"]["ended"] == 0 and len(study.pending) == 1
    with pytest.raises(TypeError, match="trial 0: expected a dict of objectives, .* found NoneType"):
        study.optimize(lambda config: None)
    study.optimize(measured)
    assert study.status["trials"]["completed"] == 10


def test_callbacks_stop_and_errors(space: Space) -> None:
    seen: list[int] = []

    def callback(study: Study, trial: hyperego.Trial) -> None:
        seen.append(trial.number)
        assert trial.values is not None and trial.decision is not None
        assert threading.current_thread() is threading.main_thread()
        if trial.number == 4:
            study.stop()

    study = Study(space, ["error", "cost"], n_trials=10).optimize(measured, callbacks=[callback])
    assert seen == [0, 1, 2, 3, 4] and study.pending == []

    def broken(study: Study, trial: hyperego.Trial) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        study.optimize(measured, callbacks=[broken])

    def nested(study: Study, trial: hyperego.Trial) -> None:
        study.optimize(measured)

    with pytest.raises(HyperegoError, match="already"):
        study.optimize(measured, callbacks=[nested])
    study.optimize(measured)
    assert told(study) == told(Study(space, ["error", "cost"], n_trials=10).optimize(measured))


def test_limits(space: Space) -> None:
    study = Study(space, ["error", "cost"], n_trials=100, limits={"stall_trials": 5}, optimizer="random")
    study.optimize(lambda config: [1.0, 1.0])
    assert study.stopped is not None and study.stopped.reason == "stalled"


def test_exhausted() -> None:
    study = Study({"a": ["x", "y"]}, "loss", n_trials=10).optimize(lambda config: 1.0)
    assert study.stopped is not None and study.stopped.reason == "exhausted" and len(study.trials) == 2


def test_warm_start(space: Space, tmp_path: Path) -> None:
    first = Study(space, ["error", "cost"], n_trials=12, directory=tmp_path / "a").optimize(measured)
    second = Study(space, ["error", "cost"], n_trials=6, warm_start=[first], directory=tmp_path / "b")
    second.optimize(measured)
    assert (tmp_path / "b" / "warm_start.json").exists()


def test_progress_text_and_bar(space: Space, capsys: pytest.CaptureFixture[str]) -> None:
    study = Study(space, ["error", "cost"], n_trials=13)
    study.optimize(measured, progress=True)
    shown = capsys.readouterr().err
    assert "13/13 · hv " in shown and " · front " in shown
    Study(space, ["error", "cost"], n_trials=3).optimize(measured)
    assert capsys.readouterr() == ("", "")


def test_threads_share_a_study(space: Space) -> None:
    study = Study(space, ["error", "cost"], n_trials=60, optimizer="random")
    numbers: list[int] = []

    def work() -> None:
        while trial := study.ask():
            numbers.append(trial.number)
            study.tell(trial, measured(trial.config, trial.seed))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(60)) and study.status["trials"]["completed"] == 60


def test_a_study_does_not_pickle(space: Space) -> None:
    with pytest.raises(TypeError, match="hyperego.load"):
        pickle.dumps(Study(space, "error"))


def test_results_pickle(space: Space) -> None:
    study = Study(space, ["error", "cost"], n_trials=12).optimize(measured, n_trials=11)
    trial = study.ask()
    assert trial is not None
    told = study.tell(trial, [1.0, 2.0])
    float_ = hyperego.Float(0, 1, when={"opt": "sgd"})
    for value in (trial, told, trial.decision, study.stopped, space, float_, hyperego.Objective("a", log=True)):
        assert pickle.loads(pickle.dumps(value)) == value
    e = hyperego.explain_function(lambda config: config["lr"], {"lr": (0.0, 1.0), "k": (1, 9)}, samples=20, replicates=0)
    assert pickle.loads(pickle.dumps(e)).to_dict() == e.to_dict()


def test_replayed_elsewhere_it_goes_on_the_same(space: Space) -> None:
    first, second = (Study(space, ["error", "cost"], n_trials=16, seed=2) for _ in range(2))
    for i in range(16):
        trial = first.ask()
        assert trial is not None
        taken = second.ask() if i in (12, 15) else second.replay(trial.config, trial.state)
        assert taken is not None and (taken.number, taken.config, taken.seed) == (trial.number, trial.config, trial.seed)
        for study in (first, second):
            study.tell(trial.number, measured(trial.config, trial.seed))
    with pytest.raises(InvalidInput, match="config"):
        second.replay({"lr": 7})
    second.enqueue(space.default)
    with pytest.raises(InvalidInput, match="enqueued"):
        second.replay(space.default)


def test_set_threads_changes_no_result(space: Space) -> None:
    results = []
    for threads in (1, 2):
        hyperego.set_threads(threads)
        results.append(told(Study(space, ["error", "cost"], n_trials=13).optimize(measured)))
    hyperego.set_threads(0)
    assert results[0] == results[1]


def test_ask_and_tell_are_fast() -> None:
    study = Study({f"x{i}": (0.0, 1.0) for i in range(5)}, ["a", "b"], n_trials=2000, optimizer="random")
    start = time.perf_counter()
    for _ in range(1000):
        trial = study.ask()
        assert trial is not None
        study.tell(trial, (trial.config["x0"], trial.config["x1"]))
    assert (time.perf_counter() - start) / 1000 < 1e-3  # 100 µs on an idle machine


def test_import_needs_little() -> None:
    """Not even NumPy: everything is imported where it is first asked for."""
    code = (
        "import sys; import hyperego; first = set(sys.modules); hyperego.Study({'x': (0.0, 1.0)}, 'y'); "
        "print([m for m in ('numpy', 'dataclasses', 'logging') if m in first]); "
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('pandas', 'matplotlib', 'tqdm', 'ConfigSpace', 'loky', 'optuna', 'sklearn', 'scipy', 'multiprocessing', "
        "'concurrent', 'argparse')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout.split() == ["[]", "[]"]


def test_names_are_found_when_asked_for() -> None:
    assert set(hyperego.__all__) <= set(dir(hyperego))
    for name in hyperego.__all__:
        assert getattr(hyperego, name) is not None
    assert hyperego.report.__module__ == "hyperego.reports" and callable(hyperego.explain)
    with pytest.raises(AttributeError, match="no attribute 'Sudy'"):
        hyperego.Sudy  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="no attribute 'optunna'"):
        hyperego.integration.optunna
