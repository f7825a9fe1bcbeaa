from __future__ import annotations

from pathlib import Path

import hyperego
import numpy as np
import pytest
from trials import QUICK, SPACE, run_directory, table

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("Agg")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> hyperego.Report:
    directory = run_directory(tmp_path_factory.mktemp("plot") / "run")
    return hyperego.report(directory, draws=2, replicates=20, samples=100, tradeoffs=5)


@pytest.fixture(autouse=True)
def closed_figures() -> object:
    yield
    matplotlib.pyplot.close("all")


def test_front_shows_the_trials_of_the_report(report: hyperego.Report) -> None:
    ax = hyperego.plot.front(report)
    rows = report.figure("front")["data"]["rows"]
    columns = report.figure("front")["data"]["columns"]
    standing = [row[columns.index("standing")] for row in rows]
    drawn = {collection.get_label(): len(collection.get_offsets()) for collection in ax.collections}
    assert drawn["front"] == standing.count("front")
    assert drawn["dominated"] == standing.count("dominated")
    assert "error" in ax.get_xlabel() and "cost" in ax.get_ylabel()


def test_front_shades_what_is_dominated(report: hyperego.Report) -> None:
    ax = hyperego.plot.front(report)
    (region,) = ax.patches
    inside = region.get_path()
    columns, rows = report.figure("front")["data"]["columns"], report.figure("front")["data"]["rows"]
    x, y, standing = columns.index("error"), columns.index("cost"), columns.index("standing")
    for row in rows:
        if row[standing] == "front":
            assert not inside.contains_point((row[x] - 1e-6, row[y] - 1e-6))


def test_front_of_a_maximized_objective() -> None:
    frame = table()
    frame["accuracy"] = 1 - frame.pop("error")
    directions = {"accuracy": "maximize", "cost": "minimize"}
    report = hyperego.report(frame, SPACE, objectives=directions, models=False)
    ax = hyperego.plot.front(report)
    assert "larger is better" in ax.get_xlabel()
    (region,) = ax.patches
    corner = region.get_path().vertices
    best = frame["accuracy"].max()
    assert corner[:, 0].max() == pytest.approx(best)
    assert corner[:, 0].min() >= frame["accuracy"].min() - 1e-12
    with pytest.raises(hyperego.InvalidInput, match="two of"):
        hyperego.plot.front(report, objectives=["accuracy"])


def test_progress(report: hyperego.Report) -> None:
    rows = report.figure("hypervolume-trials")["data"]["rows"]
    ax = hyperego.plot.progress(report)
    assert list(ax.lines[0].get_ydata()[:-1]) == [row[2] for row in rows]
    assert hyperego.plot.progress(report, over="time").get_xlabel() == "running time, s"
    with pytest.raises(hyperego.InvalidInput):
        hyperego.plot.progress(report, over="space")


def test_importance_of_a_report_and_of_explanations(report: hyperego.Report) -> None:
    ax = hyperego.plot.importance(report)
    assert len(ax.patches) == 2 * 4
    e = hyperego.explain(table(), SPACE, objectives=["error", "cost"], of="cost", **QUICK)
    assert isinstance(e, hyperego.Explanation)
    ax = hyperego.plot.importance(e, top=3)
    widths = sorted((bar.get_width() for bar in ax.patches), reverse=True)
    assert widths == pytest.approx(e.importance.head(3).tolist())
    assert ax.get_yticklabels()[0].get_text() == "units"


def test_tradeoffs(report: hyperego.Report) -> None:
    ax = hyperego.plot.tradeoffs(report)
    assert ax.get_ylim() == (0, 1)
    assert "cost alone" in ax.get_xlabel()
    ends = {round(float(x), 9) for c in ax.collections for x, y in c.get_paths()[0].vertices if y > 1 - 1e-9}
    assert ends == {0, 0.25, 0.5, 0.75, 1}
    e = hyperego.explain(table(), SPACE, objectives=["error", "cost"], tradeoffs=3, **QUICK)
    assert isinstance(e, hyperego.Explanations)
    ax = hyperego.plot.tradeoffs(e, top=2)
    assert [text.get_text() for text in ax.get_legend().get_texts()][0] == "others"
    top = max(float(np.max(c.get_paths()[0].vertices[:, 1])) for c in ax.collections)
    assert top == pytest.approx(1)


def test_interactions(report: hyperego.Report) -> None:
    ax = hyperego.plot.interactions(report, objective="cost")
    assert "cost" in ax.get_title()
    e = hyperego.explain(
        table(), SPACE, objectives=["error", "cost"], of="error", index="FSII", order=2, draws=0, replicates=0
    )
    assert isinstance(e, hyperego.Explanation)
    ax = hyperego.plot.interactions(e, top=4)
    heights = [abs(bar.get_height()) for bar in ax.patches]
    assert heights == sorted(heights, reverse=True) and len(heights) == 4
    with pytest.raises(hyperego.InvalidInput, match="error, cost"):
        hyperego.plot.interactions(report, objective="nothing")


def test_frozen(report: hyperego.Report) -> None:
    ax = hyperego.plot.frozen(report)
    drawn = sum(len(collection.get_paths()) for collection in ax.collections)
    assert drawn == len(report.figure("frozen")["data"]["rows"])


def test_ax_is_used_and_returned(report: hyperego.Report) -> None:
    _, ax = matplotlib.pyplot.subplots()
    for draw in (hyperego.plot.front, hyperego.plot.progress, hyperego.plot.importance, hyperego.plot.frozen):
        assert draw(report, ax=ax) is ax


def test_without_models_says_so(tmp_path: Path) -> None:
    report = hyperego.report(table(10), SPACE, objectives=["error", "cost"], models=False)
    with pytest.raises(hyperego.InvalidInput, match="models=True"):
        hyperego.plot.importance(report)
