from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hyperego
from hyperego import Categorical, Constant, Float, Integer, InvalidInput, Ordinal, Space


class Adam:
    pass


def test_short_form_says_the_same_as_domains() -> None:
    short = Space({"lr": (1e-4, 1.0, "log"), "units": (4, 128), "opt": ["adam", "sgd"], "k": 3, "mix": (0, 1.5)})
    long = Space(
        {
            "lr": Float(1e-4, 1.0, log=True),
            "units": Integer(4, 128),
            "opt": Categorical(["adam", "sgd"]),
            "k": Constant(3),
            "mix": Float(0, 1.5),
        }
    )
    assert short == long
    assert short.names == ["lr", "units", "opt", "k", "mix"]
    assert len(short) == 5 and "lr" in short and "x" not in short and list(short)[0] == "lr"


def test_default_check_and_repr(space: Space) -> None:
    assert space.default["opt"] == "adam" and "momentum" not in space.default
    assert space.check(space.default) is None
    assert "momentum" in str(space.check({**space.default, "opt": "sgd"}))
    assert "lrr" in str(space.check({**space.default, "lrr": 1}))
    assert repr(space).startswith("Space(lr: a float in [0.0001, 1] (log); units: an integer in [4, 128]")
    with pytest.raises(TypeError, match="config/lr: expected None"):
        space.check({"lr": object()})


def test_sampling_is_legal_and_a_function_of_the_seed(space: Space) -> None:
    sample = space.sample(50, seed=3)
    assert sample == space.sample(50, seed=3) != space.sample(50, seed=4)
    assert sample[:10] == space.sample(10, seed=3)
    assert all(space.check(config) is None for config in sample)
    assert {config["opt"] for config in sample} == {"adam", "sgd"}


def test_encoding_and_decoding_are_inverse(space: Space) -> None:
    sample = space.sample(30)
    unit = space.encode(sample)
    assert unit.shape == (30, 4) and unit.dtype == np.float64 and ((unit >= 0) & (unit <= 1)).all()
    for config, back in zip(sample, space.decode(unit), strict=True):
        assert back.keys() == config.keys()
        assert back["units"] == config["units"] and back["lr"] == pytest.approx(config["lr"], rel=1e-12)
    with pytest.raises(InvalidInput, match="NaN"):
        space.decode([[np.nan, 0, 0, 0]])
    with pytest.raises(InvalidInput, match="configs/0"):
        space.encode([{"lr": 1.0}])


@pytest.mark.parametrize(
    ("when", "active", "inactive"),
    [
        ({"opt": "sgd"}, {"opt": "sgd"}, {"opt": "adam"}),
        ({"opt": ["sgd", "lion"]}, {"opt": "lion"}, {"opt": "adam"}),
        ({"layers": (">", 1)}, {"layers": 2}, {"layers": 1}),
        ({"layers": (">=", 2)}, {"layers": 2}, {"layers": 1}),
        ({"layers": ("<=", 2)}, {"layers": 2}, {"layers": 3}),
        ({"layers": ("!=", 2)}, {"layers": 3}, {"layers": 2}),
        ({"opt": "sgd", "layers": ("<", 3)}, {"opt": "sgd", "layers": 2}, {"opt": "sgd", "layers": 3}),
    ],
)
def test_conditions(when: dict[str, Any], active: dict[str, Any], inactive: dict[str, Any]) -> None:
    space = Space({"opt": ["adam", "sgd", "lion"], "layers": (1, 5), "child": Float(0, 1, when=when)})
    others = {"opt": "sgd", "layers": 2}
    assert space.check({**others, **active, "child": 0.5}) is None
    assert "inactive" in str(space.check({**others, **inactive, "child": 0.5}))


def test_further_conditions_and_forbidden_combinations() -> None:
    space = Space(
        {"opt": ["adam", "sgd"], "lr": (0.0, 1.0), "momentum": (0.0, 1.0)},
        conditions=[("momentum", {"opt": "sgd"})],
        forbidden=[{"opt": "sgd", "lr": (">", 0.6)}],
    )
    assert space.check({"opt": "adam", "lr": 0.9}) is None
    assert "forbidden" in str(space.check({"opt": "sgd", "lr": 0.9, "momentum": 0.1}))
    assert all(config["opt"] == "adam" or config["lr"] <= 0.6 for config in space.sample(100))


def test_any_hashable_choice_comes_back_as_the_object() -> None:
    choices = ["a", None, (1, 2), Adam, 0.5, True]
    space = Space({"x": Categorical(choices), "y": Float(0, 1, when={"x": Adam})})
    seen = [config["x"] for config in space.sample(200)]
    assert all(any(type(value) is type(c) and value == c for c in choices) for value in seen)
    assert Adam in seen and None in seen and (1, 2) in seen
    assert space.check({"x": Adam, "y": 0.1}) is None
    assert space.to_json()["hyperparameters"][0]["choices"] == ["a", "None", "(1, 2)", repr(Adam), 0.5, True]
    study = hyperego.Study(space, "loss", n_trials=20, optimizer="random")
    study.optimize(lambda config: 0.0 if config["x"] is Adam else 1.0)
    assert set(study.front["x"]) == {repr(Adam)}
    assert pickle.loads(pickle.dumps(space)) == space


def test_labels_must_differ() -> None:
    with pytest.raises(InvalidInput, match="None reads the same as another choice"):
        Space({"x": ["None", None]})
    with pytest.raises(InvalidInput, match="reads the same"):
        Space({"x": [None, "None"]})
    with pytest.raises(TypeError, match="space/x/choices/1: expected a hashable value, found list"):
        Space({"x": ["a", [1]]})


def test_labels_do_not_hold_addresses() -> None:
    space = Space({"x": [len, test_labels_must_differ]})
    assert "0x" not in json.dumps(space.to_json())


@pytest.mark.parametrize(
    ("space", "error", "match"),
    [
        ({"x": (1.0, 0.0)}, InvalidInput, "^space/x/low: 1 is not below"),
        ({"x": ("a", "b")}, TypeError, "^space/x: expected a range"),
        ({"x": (1, 2, "lug")}, TypeError, "^space/x: expected a range"),
        ({"x": {1: 2}}, TypeError, "^space/x: expected a range"),
        ({1: (0, 1)}, TypeError, "names as keys"),
        ({"x": Float("a", 1)}, TypeError, "^space/x/lower: expected a number, found str"),  # type: ignore[arg-type]
        ({"x": Float(0, 1, when={"z": 1})}, InvalidInput, "^space/x/when"),
        ({"x": Float(0, 1, when="z")}, TypeError, "^space/x/when: expected a dict"),  # type: ignore[arg-type]
        ({"x": Float(0, 1, default=2)}, InvalidInput, "^space/x/default"),
        ({"x": Integer(1, 10**30)}, InvalidInput, "more than 64 bits"),
        (3, TypeError, "^space: expected a dict"),
        ("nowhere.json", FileNotFoundError, "nowhere"),
    ],
)
def test_bad_spaces(space: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        Space(space)


def test_errors_know_their_place_and_pickle() -> None:
    with pytest.raises(InvalidInput) as caught:
        Space({"x": (1.0, 0.0)})
    assert caught.value.where == "space/x/low"
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, hyperego.HyperegoError)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value) and copy.where == "space/x/low"


def test_numpy_scalars_and_files(space: Space, tmp_path: Path) -> None:
    assert Space({"x": (np.float32(0), np.float64(1)), "n": (np.int64(1), np.int32(5)), "c": np.array([1])[0]}).check(
        {"x": np.float64(0.5), "n": np.int8(3), "c": 1}
    ) is None
    file = tmp_path / "space.json"
    file.write_text(json.dumps(space.to_json()))
    assert Space(file) == Space(str(file)) == Space(space.to_json()) == Space(space) == space
    assert Space(space, name="mine").name == "mine"


def test_priors_steps_and_ordinals_are_kept() -> None:
    space = Space(
        {
            "a": Float(0, 1, prior=("normal", 0.3, 0.1)),
            "b": Integer(2, 10, step=2),
            "c": Ordinal(["low", "high"], default="high"),
        }
    )
    a, b, c = space.to_json()["hyperparameters"]
    assert (a["type"], a["mu"], a["sigma"]) == ("normal_float", 0.3, 0.1)
    assert b["q"] == 2 and c["default_value"] == "high"
    assert {config["b"] for config in space.sample(100)} == {2, 4, 6, 8, 10}


def test_configspace_both_ways() -> None:
    cs = pytest.importorskip("ConfigSpace")
    theirs = cs.ConfigurationSpace(name="theirs")
    theirs.add(
        cs.CategoricalHyperparameter("a", [None, "x", (1, 2)]),
        cs.Float("f", (1e-3, 1.0), log=True, distribution=cs.Normal(0.1, 0.5)),
        cs.Integer("i", (1, 10), default=3),
        cs.OrdinalHyperparameter("o", ["low", "mid", "high"]),
        cs.Constant("k", 3),
    )
    theirs.add(cs.EqualsCondition(theirs["i"], theirs["a"], "x"))
    theirs.add(cs.ForbiddenAndConjunction(
        cs.ForbiddenEqualsClause(theirs["a"], (1, 2)), cs.ForbiddenEqualsClause(theirs["o"], "high")))
    space = Space(theirs)
    assert space.to_configspace() == theirs
    for config in space.sample(50):
        back = dict(cs.Configuration(theirs, values=config))
        assert back.pop("f") == pytest.approx(config.pop("f"), rel=1e-9)  # ConfigSpace rounds
        assert back == config
    assert {config["a"] for config in space.sample(100)} == {None, "x", (1, 2)}
    assert Space(space.to_configspace()) == space


@pytest.mark.parametrize("name", ["forbidden", "mlp", "nested", "not_equals"])
def test_configspace_both_ways_on_golden_spaces(name: str) -> None:
    pytest.importorskip("ConfigSpace")
    root = os.environ.get("HYPEREGO_SHARED_DATA", str(Path(__file__).parents[3] / "shared"))
    file = Path(root) / "golden" / "spaces" / f"{name}.json"
    if not file.exists():
        pytest.skip(f"SKIPPED: {file} is not there")
    json_of_file = json.loads(file.read_text())
    space = Space(json_of_file.get("space", json_of_file))
    theirs = space.to_configspace()
    assert Space(theirs).to_configspace() == theirs
    assert sorted(Space(theirs).names) == sorted(space.names)
    assert all(space.check(dict(config)) is None for config in theirs.sample_configuration(50))
    assert all(theirs.get_default_configuration() is not None and Space(theirs).check(c) is None for c in space.sample(50))
