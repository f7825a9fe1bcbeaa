from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import hyperego
import numpy as np
import pandas as pd
import pytest
from trials import QUICK, SPACE, measured, run_directory, table


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_directory(tmp_path_factory.mktemp("explain") / "run")


def test_of_a_table() -> None:
    e = hyperego.explain(table(), SPACE, objectives=["error", "cost"], of="cost", **QUICK)
    assert isinstance(e, hyperego.Explanation)
    assert e.importance.index[0] == "units"
    assert e["units"] == pytest.approx(1.5 * 62, rel=0.05)
    low, high = e.interval("units")
    assert low <= e["units"] <= high
    assert e.p_values["units"] <= 0.05
    assert isinstance(e.fit, dict) and e.fit["leave_one_out_r2"] > 0.9
    frame = e.frame
    assert frame["interaction"].tolist() == [("lr",), ("units",), ("opt",), ("momentum",)]
    assert {"value", "model_low", "model_high", "sampling_low", "sampling_high", "p_value"} <= set(frame)


def test_all_objectives_of_a_run(directory: Path) -> None:
    e = hyperego.explain(directory, **QUICK)
    assert isinstance(e, hyperego.Explanations)
    assert list(e) == ["error", "cost"]
    assert e["cost"].importance.index[0] == "units"
    assert e.importance.shape == (4, 2)
    assert set(e.frame["target"]) == {"error", "cost"}
    with pytest.raises(KeyError, match="error, cost"):
        e["eror"]


def test_tradeoffs_and_weights(directory: Path) -> None:
    e = hyperego.explain(directory, tradeoffs=3, **QUICK)
    assert isinstance(e, hyperego.Explanations)
    assert [one.weights for one in e.values()] == [[1, 0], [0.5, 0.5], [0, 1]]
    one = hyperego.explain(directory, weights={"cost": 2}, **QUICK)
    assert isinstance(one, hyperego.Explanation)
    assert one.weights == [0, 1]
    assert one["units"] == pytest.approx(e[2]["units"])


def test_same_as_of_its_table(directory: Path) -> None:
    trials = hyperego.io.read(directory)
    direct = hyperego.explain(directory, of="error", **QUICK)
    through = hyperego.explain(trials, of="error", **QUICK)
    assert isinstance(direct, hyperego.Explanation) and isinstance(through, hyperego.Explanation)
    assert direct.importance.to_dict() == through.importance.to_dict()


def test_several_sources_are_aggregated() -> None:
    tables = [table(30), table(40)]
    e = hyperego.explain(tables, SPACE, objectives=["cost"], **QUICK)
    assert isinstance(e, hyperego.Explanation)
    assert e.to_dict()["studies"] == 2
    assert isinstance(e.fit, list)


def test_threads_do_not_matter(directory: Path) -> None:
    one = hyperego.explain(directory, of="error", threads=1, **QUICK)
    two = hyperego.explain(directory, of="error", threads=2, **QUICK)
    assert isinstance(one, hyperego.Explanation) and isinstance(two, hyperego.Explanation)
    assert one.to_dict() == two.to_dict()


def test_labels_of_objects() -> None:
    space = hyperego.Space({"w": [None, (1, 2), "x"], "a": (0.0, 1.0)})
    configs = space.sample(30, seed=1)
    frame = pd.DataFrame([{**c, "y": 1.0 if c["w"] == (1, 2) else c["a"]} for c in configs])
    e = hyperego.explain(frame, space, objectives={"y": "maximize"}, baseline={"w": None, "a": 0.0}, **QUICK)
    assert isinstance(e, hyperego.Explanation)
    assert e["w"] > 0


def test_a_column_that_never_varied() -> None:
    frame = table()
    frame["lr"] = 0.01
    e = hyperego.explain(frame, SPACE, objectives=["cost"], **QUICK)
    assert isinstance(e, hyperego.Explanation)
    assert np.isnan(e["lr"])
    assert "not known" in e._repr_html_()


def test_misuse(directory: Path) -> None:
    with pytest.raises(hyperego.InvalidInput, match="errror"):
        hyperego.explain(directory, of="errror")
    with pytest.raises(hyperego.InvalidInput, match="exclude"):
        hyperego.explain(directory, of="error", tradeoffs=3)
    with pytest.raises(hyperego.InvalidInput, match="empty"):
        hyperego.explain([])
    with pytest.raises(hyperego.InvalidInput, match="weights"):
        hyperego.explain(directory, weights={"spam": 1})
    with pytest.raises(TypeError, match="DataFrame"):
        hyperego.explain(3)
    with pytest.raises(hyperego.InvalidInput, match="no such file"):
        hyperego.explain("nowhere.csv")


def test_report(directory: Path, tmp_path: Path) -> None:
    report = hyperego.report(directory, **{k: QUICK[k] for k in ("draws", "replicates", "samples")}, tradeoffs=3)
    html = report._repr_html_()
    assert html.startswith("<iframe srcdoc=") and 'sandbox="allow-scripts"' in html
    assert "<script" not in html.split('" sandbox=')[0].replace("&lt;script", "")
    assert any("front" in sentence for sentence in report.learned["Result"])
    page = tmp_path / "page.html"
    report.save(page)
    report.save(page)  # its own kind is replaced
    assert page.read_text() == report.html
    other = tmp_path / "other.html"
    other.write_text("mine")
    with pytest.raises(hyperego.InvalidInput):
        report.save(other)
    assert other.read_text() == "mine"
    assert report.save_data(tmp_path / "data") > 10
    with pytest.raises(KeyError, match="hypervolume-trials"):
        report.figure("nothing")
    assert hyperego.report(directory, models=False).figure("frozen")["chart"]["kind"] == "timeline"


def test_study_in_memory_and_on_disk(directory: Path) -> None:
    study = hyperego.Study(SPACE, ["error", "cost"], n_trials=12)
    for _ in range(12):
        trial = study.ask()
        assert trial is not None
        study.tell(trial, measured(trial.config), seconds=0.5)
    study.add({"lr": 0.1, "units": 64, "opt": "adam"}, {"error": 0.1, "cost": 96.0})
    memory = hyperego.explain(study, of="cost", **QUICK)
    assert isinstance(memory, hyperego.Explanation)
    assert memory.importance.index[0] == "units"
    report = study.report(models=False)
    assert len(report.figure("front")["data"]["rows"]) == 13
    assert hyperego.load(directory).report(models=False).figure("front") == (
        hyperego.report(directory, models=False).figure("front")
    )


def test_control_c(directory: Path) -> None:
    """KeyboardInterrupt comes soon, from the midst of the arithmetic."""
    timer = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
    begin = time.monotonic()
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        hyperego.explain(directory, tradeoffs=11, draws=2000, replicates=500)
    assert time.monotonic() - begin < 5
