from __future__ import annotations

from typing import Any

import hyperego
import numpy as np
import pandas as pd
import pytest

CUBE = {f"x{i}": (0.0, 1.0) for i in range(4)}
WEIGHTS = np.arange(3, 7)


def bowl(table: pd.DataFrame) -> Any:
    return -((table.to_numpy() - 0.3) ** 2) @ WEIGHTS


def test_known_answers() -> None:
    """−Σ wᵢ(xᵢ − .3)²: tuning xᵢ away from the default .5 gains .04 wᵢ."""
    e = hyperego.explain_function(bowl, CUBE, vectorized=True)
    for i, weight in enumerate(WEIGHTS):
        assert e[f"x{i}"] == pytest.approx(0.04 * weight, abs=0.001)
    assert e.empty == pytest.approx(-0.72)
    assert e.full == pytest.approx(0, abs=1e-6)
    assert e.gain == pytest.approx(e.importance.sum())
    assert list(e.importance.index) == ["x3", "x2", "x1", "x0"]
    assert e.faithfulness == pytest.approx(1)
    assert e.fit is None and e.p_values == {}
    assert repr(e) == "<Explanation: tunability of value, SV: x3 0.24, x2 0.2, x1 0.16>"


def test_one_configuration_a_call() -> None:
    def one(config: dict[str, float]) -> float:
        return float(sum(w * (config[f"x{i}"] - 0.3) ** 2 for i, w in enumerate(WEIGHTS)))

    e = hyperego.explain_function(one, CUBE, direction="minimize", samples=100, replicates=0)
    assert e["x3"] == pytest.approx(0.24, abs=0.001)


def test_whole_tiles() -> None:
    sizes: list[int] = []

    def counted(table: pd.DataFrame) -> Any:
        sizes.append(len(table))
        return bowl(table)

    hyperego.explain_function(counted, CUBE, vectorized=True, replicates=0)
    assert len(sizes) < 60
    assert max(sizes) >= 4096


def test_types_of_the_table() -> None:
    seen: list[pd.DataFrame] = []

    def function(table: pd.DataFrame) -> Any:
        seen.append(table)
        return -np.log10(table["lr"]) + (table["opt"] == "sgd")

    space = hyperego.Space(
        {
            "lr": (1e-4, 1.0, "log"),
            "units": (4, 128),
            "opt": ["adam", "sgd", None],
            "batch": hyperego.Ordinal([16, 32, 64]),
            "layers": hyperego.Integer(1, 9, when={"opt": "sgd"}),
            "momentum": hyperego.Float(0, 0.99, when={"opt": "sgd"}),
            "k": 3,
        }
    )
    e = hyperego.explain_function(function, space, vectorized=True, replicates=0)
    assert e["opt"] == pytest.approx(1, abs=1e-6)
    assert e.players == ["lr", "units", "opt", "batch", "layers", "momentum"]
    table = seen[0]
    assert list(table.columns) == space.names
    assert table["units"].dtype == "int64"
    assert str(table["layers"].dtype) == "Int64"
    assert table["batch"].cat.ordered and list(table["batch"].cat.categories) == [16, 32, 64]
    assert (table["k"] == 3).all()
    inactive = table["opt"] != "sgd"
    assert table.loc[inactive, ["layers", "momentum"]].isna().all().all()
    assert table.loc[~inactive, ["layers", "momentum"]].notna().all().all()


def test_objects_come_back_to_a_function_of_one() -> None:
    def function(config: dict[str, Any]) -> float:
        return 1.0 if config["shape"] == (2, 3) else 0.0 if config["shape"] is None else 0.5

    e = hyperego.explain_function(function, {"shape": [None, (2, 3), "x"], "a": (0.0, 1.0)}, samples=50, replicates=0)
    assert e["shape"] == 1


@pytest.mark.parametrize("game", ["ablation", "sensitivity", "tunability", "mistunability"])
def test_games(game: str) -> None:
    e = hyperego.explain_function(bowl, CUBE, vectorized=True, game=game, samples=200, replicates=2)
    assert e.game == game
    assert np.isfinite(e.importance).all()
    if game != "ablation":
        low, high = e.interval("x1", kind="sampling")
        assert low <= e["x1"] <= high
    if game == "mistunability":
        assert (e.importance <= 0).all()


def test_ablation_of_a_configuration() -> None:
    config = {"x0": 0.3, "x1": 1.0, "x2": 0.5, "x3": 0.5}
    e = hyperego.explain_function(bowl, CUBE, vectorized=True, game="ablation", config=config)
    assert e["x0"] == pytest.approx(0.12)
    assert e["x1"] == pytest.approx(4 * (0.04 - 0.49))


def test_interactions() -> None:
    def product(table: pd.DataFrame) -> Any:
        return table["x0"] * table["x1"]

    baseline = {"x0": 0.0, "x1": 0.0}
    e = hyperego.explain_function(
        product, {"x0": (0.0, 1.0), "x1": (0.0, 1.0)}, vectorized=True, index="FSII", order=2, baseline=baseline
    )
    assert e["x1", "x0"] == e["x0", "x1"] == pytest.approx(1)
    assert e["x0"] == pytest.approx(0, abs=1e-9)
    assert e.frame["order"].tolist() == [1, 1, 2]
    with pytest.raises(KeyError, match="no hyperparameter"):
        e["nothing"]
    with pytest.raises(KeyError, match="larger order"):
        hyperego.explain_function(bowl, CUBE, vectorized=True, replicates=0)["x0", "x1"]


def test_nothing_is_gained() -> None:
    e = hyperego.explain_function(lambda table: np.zeros(len(table)), CUBE, vectorized=True)
    assert e.gain == 0
    assert "sensitivity" in e.notes[0]


def test_budget_and_aggregates() -> None:
    e = hyperego.explain_function([bowl, lambda t: 3 * bowl(t)], CUBE, vectorized=True, replicates=0)
    assert e["x1"] == pytest.approx(0.32, abs=0.002)
    e = hyperego.explain_function(bowl, {f"x{i}": (0.0, 1.0) for i in range(4)}, vectorized=True, budget=12)
    assert e.to_dict()["method"] == "estimated"


def test_exceptions_come_out_unchanged() -> None:
    calls = 0
    mine = ZeroDivisionError("mine")

    def failing(table: pd.DataFrame) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise mine
        return bowl(table)

    with pytest.raises(ZeroDivisionError) as caught:
        hyperego.explain_function(failing, CUBE, vectorized=True)
    assert caught.value is mine
    assert calls == 3


@pytest.mark.parametrize(
    ("function", "error", "text"),
    [
        (lambda t: np.ones(3), hyperego.InvalidInput, "shape"),
        (lambda t: np.full(len(t), np.nan), hyperego.InvalidInput, "x0"),
        (lambda t: "text", ValueError, "float"),
        (None, TypeError, "callable"),
    ],
)
def test_functions_that_are_none(function: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        hyperego.explain_function(function, CUBE, vectorized=True)


@pytest.mark.parametrize(
    "arguments",
    [
        {"game": "tunablity"},
        {"index": "XX"},
        {"order": 0},
        {"samples": -1},
        {"baseline": {"x0": 2.0}},
        {"baseline": "best"},
        {"baseline": "incumbent"},
        {"direction": "up"},
        {"config": {"x0": 0.1}},
    ],
)
def test_misuse(arguments: dict[str, Any]) -> None:
    with pytest.raises(hyperego.InvalidInput):
        hyperego.explain_function(bowl, CUBE, vectorized=True, **arguments)


def test_shapiq() -> None:
    pytest.importorskip("shapiq")
    e = hyperego.explain_function(bowl, CUBE, vectorized=True, index="FSII", order=2, replicates=0)
    values = e.to_shapiq()
    assert values[(3,)] == pytest.approx(0.24, abs=0.001)
    assert values.n_players == 4


def test_html() -> None:
    html = hyperego.explain_function(bowl, {"<b>": (0.0, 1.0), "y": (0.0, 1.0), "z": (0.0, 1.0), "u": (0.0, 1.0)},
                                     vectorized=True)._repr_html_()  # fmt: skip
    assert "&lt;b&gt;" in html and "<b></td>" not in html
