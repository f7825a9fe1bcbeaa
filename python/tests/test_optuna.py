from __future__ import annotations

import json
import math
import pickle
import time
from pathlib import Path
from typing import Any

import pytest

import hyperego

optuna = pytest.importorskip("optuna", reason="SKIPPED: optuna is not installed")

from hyperego.integration.optuna import DECISION, STATE, SUGGESTED, HpiParEgoSampler, _digest  # noqa: E402

optuna.logging.set_verbosity(optuna.logging.ERROR)


def toy(trial: Any) -> tuple[float, float]:
    """momentum is there for sgd alone."""
    trial.suggest_categorical("activation", ["relu", "tanh"])  # tells nothing
    lr = trial.suggest_float("lr", 1e-4, 1.0, log=True)
    opt = trial.suggest_categorical("opt", ["adam", "sgd", None])
    units = trial.suggest_int("units", 8, 128, step=8)
    momentum = trial.suggest_float("momentum", 0.0, 0.95) if opt == "sgd" else 0.3
    return 0.05 * (math.log10(lr) + 1.5) ** 2 + (momentum - 0.8) ** 2 + 3 / units, units * (1 + momentum)


def new_study(sampler: Any = None, directions: tuple[str, ...] = ("minimize", "minimize"), **more: Any) -> Any:
    sampler = HpiParEgoSampler(n_trials=20, seed=1) if sampler is None else sampler
    return optuna.create_study(directions=list(directions), sampler=sampler, **more)


def params(study: Any) -> list[dict[str, Any]]:
    return [trial.params for trial in study.trials]


def known_condition(study: Any, trial: Any) -> bool:
    """Whether the trials before show both kinds."""
    kinds = {t.params["opt"] == "sgd" for t in study.trials[: trial.number]}
    return kinds == {True, False}


def test_conditions_are_learned() -> None:
    study = new_study()
    study.optimize(toy, n_trials=20)
    learned = [trial for trial in study.trials if known_condition(study, trial)]
    assert len(learned) >= 12
    for trial in learned:
        assert set(trial.system_attrs[SUGGESTED]) >= {"activation", "lr", "opt", "units"}
        seen_before = {t.params["opt"] for t in study.trials[: trial.number]}
        if trial.params["opt"] in seen_before:
            assert trial.system_attrs[SUGGESTED] == trial.params
        assert ("momentum" in trial.params) == (trial.params["opt"] == "sgd")
    sgd = [t for t in learned if t.params["opt"] == "sgd" and "momentum" in t.system_attrs[SUGGESTED]]
    assert len(sgd) >= 3


def test_without_learning_it_is_the_intersection() -> None:
    study = new_study(HpiParEgoSampler(n_trials=12, seed=1, learn_conditions=False))
    study.optimize(toy, n_trials=12)
    assert all("momentum" not in t.system_attrs[SUGGESTED] for t in study.trials if known_condition(study, t))


def test_thresholds_of_integers_are_learned() -> None:
    def layers(trial: Any) -> float:
        count = trial.suggest_int("layers", 1, 3)
        return float(sum(trial.suggest_float(f"width{i}", 0.0, 1.0) for i in range(count)))

    study = new_study(HpiParEgoSampler(n_trials=14, seed=3), ("minimize",))
    for count in (1, 2, 3):
        study.enqueue_trial({"layers": count})
    study.optimize(layers, n_trials=14)
    for trial in study.trials[3:]:
        assert trial.system_attrs[SUGGESTED] == trial.params
        assert len(trial.params) == 1 + trial.params["layers"]


def test_no_state_that_the_storage_lacks(tmp_path: Path) -> None:
    whole = new_study()
    whole.optimize(toy, n_trials=16)
    backend = optuna.storages.journal.JournalFileBackend(str(tmp_path / "journal.log"))
    storage = optuna.storages.JournalStorage(backend)
    new_study(storage=storage, study_name="s").optimize(toy, n_trials=7)
    other = HpiParEgoSampler(n_trials=20, seed=1)
    reopened = optuna.load_study(storage=storage, study_name="s", sampler=other)
    reopened.optimize(toy, n_trials=4)
    reopened.sampler = pickle.loads(pickle.dumps(other))
    reopened.optimize(toy, n_trials=5)
    assert params(reopened) == params(whole)
    assert params(whole) != params_of_seed(2)


def params_of_seed(seed: int) -> list[dict[str, Any]]:
    study = new_study(HpiParEgoSampler(n_trials=20, seed=seed))
    study.optimize(toy, n_trials=16)
    return params(study)


def test_maximised_values_as_such() -> None:
    def turned(trial: Any) -> tuple[float, float]:
        error, cost = toy(trial)
        return -error, cost

    plain, maximised = new_study(), new_study(directions=("maximize", "minimize"))
    plain.optimize(toy, n_trials=16)
    maximised.optimize(turned, n_trials=16)
    assert params(maximised) == params(plain)


def test_suggestions_are_those_of_a_study() -> None:
    """With a given space and Optuna's trials brought in."""
    space = hyperego.Space({"x": (0.0, 1.0), "k": (1, 9), "c": ["a", None], "w": hyperego.Float(0, 1, when={"c": "a"})})

    def function(trial: Any) -> float:
        x, k = trial.suggest_float("x", 0.0, 1.0), trial.suggest_int("k", 1, 9)
        c = trial.suggest_categorical("c", ["a", None])
        return float((x - 0.4) ** 2 + 0.1 * k + (trial.suggest_float("w", 0.0, 1.0) if c == "a" else 0.7))

    study = new_study(HpiParEgoSampler(n_trials=12, seed=5, space=space), ("minimize",))
    study.optimize(function, n_trials=12)
    ours = hyperego.Study(space, ["values_0"], n_trials=12, seed=5)
    phases = []
    for trial in study.trials:
        assert trial.params == trial.system_attrs[SUGGESTED]
        asked = ours.ask()
        assert asked is not None and asked.decision is not None
        phases.append(asked.decision.phase)
        assert asked.config == trial.params  # to the bit
        ours.tell(asked, trial.value)
    assert sum(phase != "initial" for phase in phases) >= 5


def test_states_count_for_the_problem_that_they_are_of() -> None:
    study = new_study()
    study.optimize(toy, n_trials=16)
    state = study.trials[-1].system_attrs[STATE]
    assert set(state) == {"problem", "state"} and "fits" in state["state"]
    problems = set()
    for options in ({}, {"name": "parego"}):
        sampler = HpiParEgoSampler(n_trials=20, seed=1, options=options)
        search = sampler._search_space(study.trials)
        assert search is not None
        problems.add(_digest(sampler._replayed(study, search, study.trials)))
    assert len(problems) == 2 and state["problem"] in problems


def test_failed_trials_are_data() -> None:
    def fragile(trial: Any) -> tuple[float, float]:
        values = toy(trial)
        if trial.params["opt"] == "adam":
            raise ValueError("adam is broken")
        return values

    sampler = HpiParEgoSampler(n_trials=16, seed=1)
    study = new_study(sampler)
    study.optimize(fragile, n_trials=16, catch=ValueError)
    failed = [t for t in study.trials if t.state == optuna.trial.TrialState.FAIL]
    search = sampler._search_space(study.trials)
    assert search is not None and failed
    records = sampler._replayed(study, search, study.trials).core.records()
    assert sum(r["status"] == "failed" for r in records) == len(failed)
    assert len(records) == 16


def test_running_trials_of_others_are_pending(tmp_path: Path) -> None:
    file = str(tmp_path / "journal.log")

    def opened(create: bool) -> Any:
        storage = optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(file))
        sampler = HpiParEgoSampler(n_trials=20, seed=1)
        if create:
            return new_study(sampler, storage=storage, study_name="s")
        return optuna.load_study(storage=storage, study_name="s", sampler=sampler)

    here = opened(True)
    here.optimize(toy, n_trials=8)
    there = opened(False)
    trials = [here.ask(), there.ask(), here.ask(), there.ask()]
    suggested = [t.relative_params for t in trials]
    assert all(a != b for i, a in enumerate(suggested) for b in suggested[:i])
    sampler = here.sampler
    pending = sampler._replayed(here, sampler._search_space(here.trials), here.trials).pending
    assert [sorted(map(str, p.config.values())) for p in pending] and len(pending) == 4
    for study, trial in zip([here, there, here, there], trials, strict=True):
        study.tell(trial, toy(trial))
    assert all(t.state == optuna.trial.TrialState.COMPLETE for t in here.trials)


def test_constraints() -> None:
    sampler = HpiParEgoSampler(n_trials=24, seed=1, constraints_func=lambda trial: (trial.params["units"] - 64.0,))
    study = new_study(sampler)
    study.optimize(toy, n_trials=24)
    assert all(t.system_attrs["constraints"] == (t.params["units"] - 64.0,) for t in study.trials)
    twin = sampler._replayed(study, sampler._search_space(study.trials), study.trials)
    infeasible = [t.number for t in study.trials if t.params["units"] > 64]
    assert [r["trial"] for r in twin.core.records() if r["status"] == "infeasible"] == infeasible
    late = [t.params["units"] for t in study.trials[14:]]
    assert sum(units <= 64 for units in late) >= 7  # by chance half of them are


def test_values_are_those_that_were_offered() -> None:
    choices = [None, 1.5, "1.5", True, False]

    def function(trial: Any) -> float:
        c = trial.suggest_categorical("c", choices)
        a = trial.suggest_float("a", 0.1, 0.7, step=0.2)
        b = trial.suggest_int("b", -3, 9, step=3)
        d = trial.suggest_float("d", 0.0, 1.0, step=1e-4)
        e = trial.suggest_int("e", 1, 1024, log=True)
        f = trial.suggest_int("f", 7, 7)
        assert any(abs(a - v) < 1e-9 for v in (0.1, 0.3, 0.5, 0.7)) and b in range(-3, 10, 3)
        assert type(b) is int and type(e) is int and f == 7 and abs(d * 1e4 - round(d * 1e4)) < 1e-6
        return a + b + d + e / 1024 + choices.index(c) * 0.1

    study = new_study(HpiParEgoSampler(n_trials=14, seed=2), ("maximize",))
    study.optimize(function, n_trials=14)
    for trial in study.trials[1:]:
        assert trial.system_attrs[SUGGESTED] == trial.params
    assert all(type(t.params["c"]) in (type(None), float, str, bool) for t in study.trials)
    assert study.best_value > 9.5


def test_ranges_that_change() -> None:
    def function(trial: Any) -> float:
        return float(trial.suggest_float("x", 0.0, 1.0 + trial.number % 3) + trial.suggest_int("k", 1, 5))

    study = new_study(HpiParEgoSampler(n_trials=10, seed=2), ("minimize",))
    study.optimize(function, n_trials=10)
    assert len(study.trials) == 10


def test_trials_that_do_not_fit_the_space() -> None:
    """Two choices are misfits; what was tried with them is not tried again and again."""
    space = {"x": (0.0, 1.0), "k": (1, 5)}
    study = new_study(HpiParEgoSampler(n_trials=12, seed=2, space=space), ("minimize",))
    for x in (2.0, 3.0):
        study.add_trial(
            optuna.trial.create_trial(
                params={"x": x}, distributions={"x": optuna.distributions.FloatDistribution(0, 4)}, value=x
            )
        )
    study.optimize(lambda t: t.suggest_float("x", 0.0, 1.0) + t.suggest_int("k", 1, 5), n_trials=10)
    suggested = [json.dumps(t.system_attrs[SUGGESTED]) for t in study.trials[2:]]
    assert len(set(suggested)) == 10


class Watched(HpiParEgoSampler):
    """Counts who is inside at the same time."""

    inside, most = 0, 0

    def _replayed(self, *arguments: Any) -> Any:
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.02)
        twin = super()._replayed(*arguments)
        self.inside -= 1
        return twin


def test_threads() -> None:
    sampler = Watched(n_trials=20, seed=1)
    study = new_study(sampler)
    study.optimize(toy, n_trials=16, n_jobs=3)
    suggested = [t.system_attrs[SUGGESTED] for t in study.trials if SUGGESTED in t.system_attrs]
    assert len(suggested) >= 10 and sampler.most == 1
    assert len({json.dumps(s) for s in suggested}) == len(suggested)


def test_decisions_are_kept() -> None:
    study = new_study()
    with pytest.warns(optuna.exceptions.ExperimentalWarning):
        study.set_metric_names(["error", "cost"])
    study.optimize(toy, n_trials=14)
    decision = json.loads(json.dumps(study.trials[-1].system_attrs[DECISION]))
    assert decision["trial"] == 13 and decision["reason"] and decision["phase"]
    assert set(decision["bounds"]) == {"ideal", "nadir"}


def test_enqueued_and_partially_fixed() -> None:
    study = new_study()
    study.optimize(toy, n_trials=4)
    fixed = {"activation": "relu", "lr": 0.5, "opt": "sgd", "units": 64, "momentum": 0.5}
    study.enqueue_trial(fixed)
    study.optimize(toy, n_trials=1)
    assert study.trials[-1].params == fixed
    with pytest.warns(optuna.exceptions.ExperimentalWarning):
        study.sampler = optuna.samplers.PartialFixedSampler({"units": 16}, study.sampler)
    study.optimize(toy, n_trials=6)
    assert {t.params["units"] for t in study.trials[5:]} == {16}


def test_nothing_is_left_to_try() -> None:
    study = new_study(HpiParEgoSampler(n_trials=20, seed=1), ("minimize",))
    study.optimize(lambda t: t.suggest_int("a", 0, 1) + t.suggest_categorical("b", [0, 1]), n_trials=7)
    assert len({tuple(t.params.values()) for t in study.trials[:4]}) == 4
    assert [SUGGESTED in t.system_attrs for t in study.trials] == [False, True, True, True, False, False, False]


def test_pruned_trials_count_with_their_last_value() -> None:
    def function(trial: Any) -> float:
        x = trial.suggest_float("x", 0.0, 1.0)
        trial.report(x, 0)
        if x > 0.5:
            raise optuna.TrialPruned
        return float(x)

    sampler = HpiParEgoSampler(n_trials=12, seed=1)
    study = new_study(sampler, ("minimize",))
    study.optimize(function, n_trials=12)
    records = sampler._replayed(study, sampler._search_space(study.trials), study.trials).core.records()
    assert [r["objectives"] for r in records] == [[t.params["x"]] for t in study.trials]
    assert study.best_value < 0.01


@pytest.mark.skipif(not hasattr(optuna.trial.Trial, "set_constraint"), reason="SKIPPED: Optuna 5 has named constraints")
def test_named_constraints() -> None:
    def function(trial: Any) -> float:
        x = trial.suggest_float("x", 0.0, 1.0)
        trial.set_constraint("small", x - 0.3)
        return float(-x)

    study = new_study(HpiParEgoSampler(n_trials=16, seed=1), ("minimize",))
    study.optimize(function, n_trials=16)
    assert all(abs(t.params["x"] - 0.3) < 0.01 for t in study.trials[-3:])


def test_misuse_is_named() -> None:
    with pytest.raises(TypeError, match="n_trials: expected a whole number, found str"):
        HpiParEgoSampler(n_trials="40", seed=1)  # type: ignore[arg-type]
    with pytest.raises(hyperego.InvalidInput, match="n_trials: must be at least 1"):
        HpiParEgoSampler(n_trials=0, seed=1)
    with pytest.raises(TypeError, match="independent_sampler: expected a sampler of Optuna, found str"):
        HpiParEgoSampler(n_trials=4, seed=1, independent_sampler="tpe")  # type: ignore[arg-type]
    study = new_study(HpiParEgoSampler(n_trials=4, seed=1, options={"unheard": 1}))
    with pytest.raises(hyperego.InvalidInput, match="unheard"):
        study.optimize(toy, n_trials=3)
