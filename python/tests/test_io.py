from __future__ import annotations

from pathlib import Path

import hyperego
import numpy as np
import pandas as pd
import pytest
from trials import IMPORTS, SPACE, run_directory, table

needs_files = pytest.mark.skipif(not IMPORTS.is_dir(), reason="tests/data/import is not here")


def test_table_in_memory_and_on_disk(tmp_path: Path) -> None:
    frame = table()
    frame.to_csv(tmp_path / "trials.csv", index=False)
    memory = hyperego.io.read(frame, SPACE, objectives=["error", "cost"])
    disk = hyperego.io.read(tmp_path / "trials.csv", SPACE, objectives=["error", "cost"])
    pd.testing.assert_frame_equal(memory.frame, disk.frame)
    assert not memory.is_space_inferred
    space, objectives, same = memory
    assert space == SPACE and objectives == {"error": "minimize", "cost": "minimize"} and same is memory.frame


def test_a_table_that_was_read_reads_the_same(tmp_path: Path) -> None:
    trials = hyperego.io.read(run_directory(tmp_path / "run", 8))
    trials.frame.to_csv(tmp_path / "again.csv", index=False)
    again = hyperego.io.read(tmp_path / "again.csv", trials.space, objectives=trials.objectives)
    for name in [*trials.space.names, *trials.objectives]:
        pd.testing.assert_series_equal(trials.frame[name], again.frame[name])
    assert str(trials.frame["units"].dtype) == "int64"
    assert trials.frame["trial"].tolist() == list(range(8))


def test_space_is_inferred_and_that_is_said() -> None:
    trials = hyperego.io.read(table(), objectives={"error": "minimize", "cost": "minimize"})
    assert trials.is_space_inferred
    assert set(trials.space.names) == set(SPACE.names)
    assert any("ranges are those seen" in note for note in trials.notes)
    assert trials.frame["momentum"].isna().sum() == (trials.frame["opt"] != "sgd").sum()


def test_failed_trials_are_data() -> None:
    frame = table(20)
    frame.loc[3, "error"] = np.inf
    frame.loc[5, "cost"] = np.nan
    trials = hyperego.io.read(frame, SPACE, objectives=["error", "cost"])
    assert trials.frame["status"].tolist().count("failed") == 2
    assert len(trials.frame) == 20


def test_nothing_is_guessed() -> None:
    with pytest.raises(hyperego.InvalidInput, match="none is guessed"):
        hyperego.io.read(table(), SPACE)
    with pytest.raises(hyperego.InvalidInput, match="minimize"):
        hyperego.io.read(table(), SPACE, objectives={"error": "min"})
    with pytest.raises(TypeError, match="data"):
        hyperego.io.read(object())
    assert hyperego.io.read(table(), SPACE, objectives="error", ignore=["cost"]).objectives == {"error": "minimize"}


def test_cells_outside_the_space_are_refused() -> None:
    frame = table(5)
    frame.loc[2, "units"] = 1000
    with pytest.raises(hyperego.InvalidInput, match="row 2"):
        hyperego.io.read(frame, SPACE, objectives="error", ignore="cost")
    frame = table(5)
    frame.loc[1, "lr"] = np.inf
    with pytest.raises(hyperego.InvalidInput, match="row 1"):
        hyperego.io.read(frame, SPACE, objectives="error", ignore="cost")
    double = frame.rename(columns={"cost": "error"})
    with pytest.raises(hyperego.InvalidInput, match="twice"):
        hyperego.io.read(double, SPACE, objectives="error")


@needs_files
@pytest.mark.parametrize("name", ["smac3_1", "smac3_2", "deepcave"])
def test_folders_of_other_programs(name: str) -> None:
    trials = hyperego.io.read(IMPORTS / name)
    assert len(trials.frame) > 0 and trials.objectives
    assert set(trials.space.names) <= set(trials.frame.columns)


@needs_files
def test_ray_and_mlflow() -> None:
    assert hyperego.io.read(IMPORTS / "ray", objectives="error").objectives == {"error": "minimize"}
    accuracy = {"val_accuracy": "maximize"}
    assert hyperego.io.read(IMPORTS / "wandb.csv", objectives=accuracy).objectives == accuracy


@needs_files
def test_optuna_storages() -> None:
    with pytest.raises(hyperego.InvalidInput, match="study"):
        hyperego.io.read(IMPORTS / "optuna.db")
    from_sqlite = hyperego.io.read(IMPORTS / "optuna.db", study="two")
    from_journal = hyperego.io.read(IMPORTS / "optuna.journal", study="two")
    lasting = from_sqlite.frame.columns.drop("seconds")
    pd.testing.assert_frame_equal(from_sqlite.frame[lasting], from_journal.frame[lasting])


def test_optuna_study_in_memory() -> None:
    optuna = pytest.importorskip("optuna")
    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def objective(trial: object) -> tuple[float, float]:
        lr = trial.suggest_float("lr", 1e-4, 1, log=True)  # type: ignore[attr-defined]
        depth = trial.suggest_int("depth", 1, 9, step=2)  # type: ignore[attr-defined]
        kind = trial.suggest_categorical("kind", ["a", "b"])  # type: ignore[attr-defined]
        momentum = trial.suggest_float("momentum", 0, 1) if kind == "b" else 0.0  # type: ignore[attr-defined]
        if depth == 9:
            raise ValueError("too deep")
        return lr + momentum, float(depth)

    study = optuna.create_study(directions=["minimize", "maximize"], sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(objective, n_trials=30, catch=(ValueError,))
    trials = hyperego.io.read(study)
    assert list(trials.objectives.values()) == ["minimize", "maximize"]
    assert len(trials.frame) == 30
    assert (trials.frame["status"] == "failed").sum() == sum(t.params["depth"] == 9 for t in study.trials)
    assert trials.frame["lr"].tolist() == pytest.approx([t.params["lr"] for t in study.trials])
    assert trials.frame["momentum"].isna().tolist() == [t.params["kind"] == "a" for t in study.trials]
    assert "log" in repr(trials.space)
    e = hyperego.explain(study, draws=0, replicates=0, permutations=0, samples=100)
    assert isinstance(e, hyperego.Explanations)
    assert e[1].importance.index[0] == "depth"


def test_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table().to_parquet(tmp_path / "trials.parquet")
    assert len(hyperego.io.read(tmp_path / "trials.parquet", SPACE, objectives=["error", "cost"]).frame) == 40
