"""Search spaces of Optuna, which a function spells out while it runs, as spaces of hyperego."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution

from ..domains import Categorical, Constant, Domain, Float, Integer, Ordinal
from ..space import Config, Space, SpaceLike

__all__ = ["SearchSpace", "given_space", "learned_space"]

Params = Mapping[str, Any]
_MOST_LEVELS = 1000


@dataclass(frozen=True)
class SearchSpace:
    """A space, and how Optuna's parameters are written in it.

    Attributes:
        distributions: of the parameters, by name, in the space's order.
        is_coded: whether categoricals and steps are indices there, which tells choices apart that are equal (1 and True).
    """

    space: Space
    distributions: dict[str, BaseDistribution]
    is_coded: bool

    def config_of(self, params: Params) -> Config | None:
        """The configuration of a trial; None where the space has none such. Parameters of no concern are left out."""
        config: Config = {name: params[name] for name in self.distributions if name in params}
        if self.is_coded:
            config = {name: _code(self.distributions[name], value) for name, value in config.items()}
            if None in config.values():
                return None
        return config if self.space.check(config) is None else None

    def params_of(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters of a configuration, whole or in part."""
        if not self.is_coded:
            return dict(config)
        return {name: _value(self.distributions[name], code) for name, code in config.items()}


def given_space(space: SpaceLike) -> SearchSpace:
    """A space that the user has spelt out."""
    given = space if isinstance(space, Space) else Space(space)
    members = {member["name"]: member for member in given.to_json()["hyperparameters"]}
    return SearchSpace(given, {name: _distribution(given, name, members[name]) for name in given.names}, False)


def learned_space(trials: Sequence[Params], seen: Sequence[Mapping[str, BaseDistribution]], conditions: bool) -> SearchSpace:
    """The union of what the trials had.

    A parameter that some of them lack becomes conditional on an earlier one whose values tell presence from absence
    without exception: a categorical by the values of the trials that have it, else an integer by a threshold. With none
    such, or without ``conditions``, it is left out. O(parameters² trials).

    Args:
        trials: parameters of the trials that ran to their end.
        seen: their distributions.
    """
    union = _united(seen)
    distributions: dict[str, BaseDistribution] = {}
    domains: dict[str, Domain] = {}
    for name, distribution in union.items():
        when = None
        if not all(name in params for params in trials):
            when = _condition(name, distributions, trials) if conditions else None
            if when is None:
                continue
        distributions[name] = distribution
        domains[name] = _domain(distribution, when)
    return SearchSpace(Space(domains), distributions, True)


def _united(seen: Sequence[Mapping[str, BaseDistribution]]) -> dict[str, BaseDistribution]:
    """In the order of first appearance. Ranges that differ become the one around them; what else differs is left out."""
    union: dict[str, BaseDistribution | None] = {}
    for distributions in seen:
        for name, distribution in distributions.items():
            known = union.setdefault(name, distribution)
            if known is not None and known != distribution:
                union[name] = _around(known, distribution)
    return {name: distribution for name, distribution in union.items() if distribution is not None}


def _around(a: BaseDistribution, b: BaseDistribution) -> BaseDistribution | None:
    if isinstance(a, FloatDistribution) and isinstance(b, FloatDistribution):
        if a.log == b.log and a.step is None and b.step is None:
            return FloatDistribution(min(a.low, b.low), max(a.high, b.high), log=a.log)
    if isinstance(a, IntDistribution) and isinstance(b, IntDistribution):
        if a.log == b.log and a.step == b.step and (a.low - b.low) % a.step == 0:
            return IntDistribution(min(a.low, b.low), max(a.high, b.high), log=a.log, step=a.step)
    return None


def _condition(name: str, earlier: Mapping[str, BaseDistribution], trials: Sequence[Params]) -> dict[str, Any] | None:
    """When the parameter is there."""
    present = [params for params in trials if name in params]
    absent = [params for params in trials if name not in params]
    threshold = None
    for parent, distribution in earlier.items():
        if distribution.single() or not all(parent in params for params in present):
            continue
        with_it = {_code(distribution, params[parent]) for params in present}
        without = {_code(distribution, params[parent]) for params in absent if parent in params}
        if with_it & without or None in with_it | without:
            continue
        if isinstance(distribution, CategoricalDistribution):
            return {parent: sorted(with_it)}
        if threshold is None and isinstance(distribution, IntDistribution) and without:
            if max(without) < min(with_it):
                threshold = {parent: (">", max(without))}
            elif max(with_it) < min(without):
                threshold = {parent: ("<", min(without))}
    return threshold


def _levels(distribution: BaseDistribution) -> int | None:
    """How many values there are; None for a range without steps."""
    if isinstance(distribution, CategoricalDistribution):
        return len(distribution.choices)
    if distribution.single():
        return 1
    if isinstance(distribution, IntDistribution) and distribution.step > 1:
        return (distribution.high - distribution.low) // distribution.step + 1
    if isinstance(distribution, FloatDistribution) and distribution.step is not None:
        return round((distribution.high - distribution.low) / distribution.step) + 1
    return None


def _domain(distribution: BaseDistribution, when: Mapping[str, Any] | None) -> Domain:
    levels = _levels(distribution)
    if levels == 1:
        return Constant(0, when=when)
    if isinstance(distribution, CategoricalDistribution):
        return Categorical(range(len(distribution.choices)), when=when)
    if levels is not None:
        return Ordinal(range(levels), when=when) if levels <= _MOST_LEVELS else Integer(0, levels - 1, when=when)
    if isinstance(distribution, IntDistribution):
        return Integer(distribution.low, distribution.high, log=distribution.log, when=when)
    if isinstance(distribution, FloatDistribution):
        return Float(distribution.low, distribution.high, log=distribution.log, when=when)
    raise TypeError(f"expected a distribution of floats, integers or choices, found {type(distribution).__qualname__}")


def _code(distribution: BaseDistribution, value: Any) -> Any:
    """As the space has it; None for a value that the distribution does not hold."""
    try:
        internal = distribution.to_internal_repr(value)
    except ValueError:
        return None
    if not distribution._contains(internal):
        return None
    if isinstance(distribution, CategoricalDistribution):
        return int(internal)
    levels = _levels(distribution)
    if levels is None:
        return int(value) if isinstance(distribution, IntDistribution) else float(value)
    assert isinstance(distribution, (IntDistribution, FloatDistribution))
    return 0 if levels == 1 else round((value - distribution.low) / (distribution.step or 1))


def _value(distribution: BaseDistribution, code: Any) -> Any:
    if isinstance(distribution, CategoricalDistribution):
        return distribution.choices[code]
    assert isinstance(distribution, (IntDistribution, FloatDistribution))
    if _levels(distribution) is not None:
        code = distribution.low + code * (distribution.step or 0)
    return min(int(code) if isinstance(distribution, IntDistribution) else float(code), distribution.high)


def _distribution(space: Space, name: str, member: Mapping[str, Any]) -> BaseDistribution:
    kind = member["type"]
    if kind.endswith("_float"):
        return FloatDistribution(member["lower"], member["upper"], log=member.get("log", False), step=member.get("q"))
    if kind.endswith("_int"):
        step = member.get("q") or 1
        return IntDistribution(member["lower"], member["upper"], log=member.get("log", False), step=step)
    values = member.get("choices") or member.get("sequence") or [member["value"]]
    return CategoricalDistribution([space.from_core({name: value})[name] for value in values])
