"""Whatever space: dict → Space → JSON, ConfigSpace and pickle, and back."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

pytest.importorskip("hypothesis", reason="SKIPPED: hypothesis is not installed")

from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from hyperego import Categorical, Constant, Float, Integer, Ordinal, Space  # noqa: E402

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("C",)), min_size=1, max_size=4)
natives = st.one_of(texts, st.integers(-5, 5), st.floats(-4, 4, width=16))
objects = st.one_of(natives, st.none(), st.booleans(), st.tuples(st.integers(0, 3), texts))


def distinct(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """1 and True are one value to Python's dicts, 1 and "1" one text to people."""
    return st.lists(values, min_size=2, max_size=4, unique_by=(lambda v: v, str))


@st.composite
def floats(draw: Any) -> Float:
    log = draw(st.booleans())
    low = draw(st.floats(1e-6, 10) if log else st.floats(-1e6, 1e6))
    high = low + draw(st.floats(1e-3, 1e6))
    return Float(low, high, log=log, default=draw(st.none() | st.floats(low, high)))


@st.composite
def integers(draw: Any) -> Integer:
    low = draw(st.integers(1, 50))
    high = low + draw(st.integers(1, 1000))
    return Integer(low, high, log=draw(st.booleans()), default=draw(st.none() | st.integers(low, high)))


@st.composite
def spaces(draw: Any, values: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Up to six hyperparameters, some of them conditional on an earlier choice."""
    made: dict[str, Any] = {"root": Categorical(draw(distinct(values)))}
    for name in draw(st.lists(texts.filter(lambda t: t != "root"), max_size=5, unique=True)):
        when = {"root": draw(st.sampled_from(made["root"].choices))} if draw(st.booleans()) else None
        kind = draw(st.sampled_from(["float", "integer", "categorical", "ordinal", "constant"]))
        if kind == "categorical":
            made[name] = Categorical(draw(distinct(values)), when=when)
        elif kind == "ordinal":
            made[name] = Ordinal(draw(distinct(values)), when=when)
        elif kind == "constant":
            made[name] = Constant(draw(values), when=when)
        else:
            d = draw(floats() if kind == "float" else integers())
            made[name] = type(d)(d.low, d.high, log=d.log, default=d.default, when=when)
    return made


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(spaces(objects), st.integers(0, 1000))
def test_json_pickles_and_points(domains: dict[str, Any], seed: int) -> None:
    space = Space(domains)
    assert set(space.names) == set(domains)
    assert Space(space) == space == pickle.loads(pickle.dumps(space))
    assert Space(space.to_json()).to_json() == space.to_json()
    configs = space.sample(10, seed=seed)
    root = domains["root"].choices
    for config in [*configs, space.default]:
        assert space.check(config) is None
        assert any(config["root"] is choice or config["root"] == choice for choice in root)
        active = {n for n, d in domains.items() if d.when is None or d.when["root"] == config["root"]}
        assert set(config) == active
    decoded = space.decode(space.encode(configs))
    for config, back in zip(configs, decoded, strict=True):
        for name, value in config.items():
            wanted = pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(domains[name], Float) else value
            assert back[name] == wanted


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(spaces(natives))
def test_configspace_both_ways(domains: dict[str, Any]) -> None:
    pytest.importorskip("ConfigSpace", reason="SKIPPED: ConfigSpace is not installed")
    space = Space(domains)
    theirs = space.to_configspace()
    assert Space(theirs).to_configspace() == theirs
    again = Space(theirs)
    assert set(again.names) == set(space.names)
    for config in space.sample(5):
        type(theirs.get_default_configuration())(theirs, values=config)  # which raises where it is not legal
        assert again.check(config) is None
    for sampled in theirs.sample_configuration(5):
        assert space.check(dict(sampled)) is None
