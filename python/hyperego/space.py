"""Search spaces."""

from __future__ import annotations

import json as json_text
import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Union

import numpy as np
import numpy.typing as npt

from . import _core
from ._labels import Labels
from ._missing import needed
from ._space_json import space_json
from .domains import Domain
from .errors import InvalidInput

if TYPE_CHECKING:
    import ConfigSpace

__all__ = ["Config", "Space", "SpaceLike"]

Config = dict[str, Any]
"""A configuration: the values of the active hyperparameters by name."""

SpaceLike = Union["Space", Mapping[str, Any], "ConfigSpace.ConfigurationSpace", "os.PathLike[str]", str]
"""What a parameter ``space`` takes."""

_MEMBERS = {"lower": "low", "upper": "high", "default_value": "default"}


def _is_json(space: Mapping[str, Any]) -> bool:
    """Whether a dict is ConfigSpace's JSON rather than names with their domains."""
    listed = space.get("hyperparameters")
    return isinstance(listed, Sequence) and not isinstance(listed, str) and all(isinstance(m, Mapping) for m in listed)


def _read_file(path: Any) -> Any:
    with open(path, encoding="utf-8") as file:
        try:
            return json_text.load(file)
        except ValueError as error:
            raise InvalidInput(f"{os.fspath(path)}: is no JSON: {error}", os.fspath(path)) from None


def _labels_of(space: _core.SearchSpace) -> dict[str, Labels]:
    """The choices that JSON has as null or lists, which are None and tuples in Python, need no label."""
    return {name: Labels({}) for name in space.names}


def _hashable(value: Any) -> Any:
    return tuple(_hashable(v) for v in value) if isinstance(value, list) else value


def _with_tuples(json: Any) -> Any:
    """ConfigSpace's JSON with tuples for those values that are lists."""
    if isinstance(json, list):
        return [_with_tuples(member) for member in json]
    if not isinstance(json, dict):
        return json
    lists = ("choices", "sequence", "values")
    return {
        name: [_hashable(v) for v in member]
        if name in lists and isinstance(member, list)
        else _hashable(member)
        if name in ("value", "default_value")
        else _with_tuples(member)
        for name, member in json.items()
    }


class Space:
    """Hyperparameters, the conditions under which they are active, and combinations that are forbidden.

    Immutable, and equal to any space that says the same. Pickles.

    Args:
        space: names with their domains, in the short form ``{"lr": (1e-4, 1.0, "log"), "units": (4, 128),
            "opt": ["adam", "sgd"], "k": 3}`` (two ints are an integer, else a float) or as :class:`Float`,
            :class:`Integer`, :class:`Categorical`, :class:`Ordinal`, :class:`Constant`; a ``ConfigurationSpace`` of
            ConfigSpace 1.x; its JSON as a dict, or a file that holds it; another Space.
        conditions: further ones: ``("momentum", {"opt": "sgd"})``, or as ConfigSpace's JSON has them. Several
            conditions on a hyperparameter must all hold.
        forbidden: combinations that no configuration may have: ``{"opt": "sgd", "lr": (">", 0.5)}``, or as ConfigSpace's
            JSON has them.
        name: of the space.

    Choices may be any hashable object. The core knows bool, int, float and text; others get a label, ``"None"`` or their
    ``repr``, which journals and reports show, and come back as the object.

    Raises:
        TypeError: what is no domain, naming the hyperparameter.
        InvalidInput: bounds, defaults, conditions or clauses that make no sense.
    """

    __slots__ = ("_bound", "_labels")
    _bound: _core.SearchSpace
    _labels: dict[str, Labels]

    def __init__(
        self,
        space: SpaceLike,
        *,
        conditions: Iterable[Any] = (),
        forbidden: Iterable[Any] = (),
        name: str | None = None,
    ) -> None:
        if name is not None and not isinstance(name, str):
            raise TypeError(f"name: expected text, found {type(name).__qualname__}")
        conditions, forbidden = tuple(conditions), tuple(forbidden)
        is_configspace = hasattr(space, "to_serialized_dict")  # which is a Mapping as well
        if isinstance(space, Mapping) and not is_configspace and not _is_json(space):
            json, self._labels, owners = space_json(space, conditions, forbidden, name)
            self._bound = _built(json, _place_in_dict(list(space), owners))
            return
        if isinstance(space, Space):
            json, labels = space.to_json(), space._labels
        elif is_configspace:
            other: Any = space
            json, labels = other.to_serialized_dict(), None
        elif isinstance(space, Mapping):
            json, labels = dict(space), None
        elif isinstance(space, (str, os.PathLike)):
            json, labels = _read_file(space), None
        else:
            expected = "a dict, a hyperego.Space, a ConfigSpace.ConfigurationSpace or the path of a JSON file"
            raise TypeError(f"space: expected {expected}, found {type(space).__qualname__}")
        where = os.fspath(space) if isinstance(space, (str, os.PathLike)) else "space"
        if name is not None:
            json["name"] = name
        if conditions or forbidden:
            more, _, _ = space_json({}, conditions, (), None)
            json["conditions"] = [*json.get("conditions", []), *more["conditions"]]
            more, _, _ = space_json({}, (), forbidden, None)
            json["forbiddens"] = [*json.get("forbiddens", []), *more["forbiddens"]]
        self._bound = _core.SearchSpace.from_json(json, where)
        self._labels = _labels_of(self._bound) if labels is None else labels

    @property
    def core(self) -> _core.SearchSpace:
        """The space as C++ has it. Its configurations hold labels: see :meth:`to_core`."""
        return self._bound

    @property
    def labels(self) -> dict[str, dict[str, Hashable]]:
        """The objects that labels stand for, by hyperparameter and label."""
        return {name: labels.objects for name, labels in self._labels.items() if labels}

    @property
    def name(self) -> str:
        return self._bound.name

    @property
    def names(self) -> list[str]:
        """Of the d hyperparameters, in the space's order."""
        return self._bound.names

    @property
    def default(self) -> Config:
        """The configuration of all defaults."""
        return self.from_core(self._bound.default())

    def sample(self, n: int = 1, seed: int = 1) -> list[Config]:
        """n legal configurations, uniform where nothing is forbidden; the same ones for the same seed ≥ 0.

        Raises InvalidInput where next to everything is forbidden.
        """
        _core_count("n", n)
        _core_count("seed", seed)
        return [self.from_core(config) for config in self._bound.sample(n, seed)]

    def check(self, config: Mapping[str, Any]) -> str | None:
        """What is wrong with a configuration, in one sentence; None where it is legal."""
        return self._bound.check(self.to_core(config), "config")

    def encode(self, configs: Iterable[Mapping[str, Any]]) -> npt.NDArray[np.float64]:
        """Unit coordinates, n × d in [0, 1]: the middle of the share that uniform sampling gives to the value. Those of
        inactive hyperparameters are their defaults'.

        Raises InvalidInput naming the configuration for one that is not legal.
        """
        encoded = self._bound.encode([self.to_core(config) for config in configs], "configs")
        return np.asarray(encoded, dtype=np.float64)

    def decode(self, array: npt.ArrayLike) -> list[Config]:
        """The configurations at points of the unit cube, n × d. Those of inactive hyperparameters are left out; legal but
        for what is forbidden."""
        points = np.atleast_2d(np.asarray(array, dtype=np.float64))
        return [self.from_core(config) for config in self._bound.decode(points)]

    def to_core(self, config: Mapping[str, Any], where: str = "config") -> Config:
        """A configuration with labels in place of objects. Raises TypeError where it is no mapping."""
        if not isinstance(config, Mapping):
            raise TypeError(f"{where}: expected a dict {{name: value}}, found {type(config).__qualname__}")
        labels = self._labels
        return {name: labels[name].to_core(v) if name in labels else v for name, v in config.items()}

    def from_core(self, config: Mapping[str, Any]) -> Config:
        """A configuration with objects in place of labels."""
        return {name: _hashable(self._labels[name].from_core(v)) for name, v in config.items()}

    def to_json(self) -> dict[str, Any]:
        """ConfigSpace 1.x JSON, with labels in place of objects."""
        return self._bound.to_json()

    def to_configspace(self) -> ConfigSpace.ConfigurationSpace:
        """As ConfigSpace has it; needs ConfigSpace 1.x. Objects among the choices are labels there."""
        package = needed("ConfigSpace", "configspace", "Space.to_configspace()")
        json = _with_tuples(self.to_json())
        space: ConfigSpace.ConfigurationSpace = package.ConfigurationSpace.from_serialized_dict(json)
        return space

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self._labels

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Space):
            return NotImplemented
        return self.to_json() == other.to_json() and self.labels == other.labels

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        title = f"{self.name!r}: " if self.name else ""
        shown = [f"{name}: {self._bound.describe(name)}" for name in self.names[:20]]
        more = [f"… {len(self) - 20} more"] if len(self) > 20 else []
        return f"Space({title}{'; '.join(shown + more)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self.to_json(), self.labels)


def _core_count(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name}: expected a whole number, found {type(value).__qualname__}")
    if value < 0:
        raise InvalidInput(f"{name}: must not be negative, found {value}", name)


def _restored(json: dict[str, Any], objects: dict[str, dict[str, Hashable]]) -> Space:
    space = Space.__new__(Space)
    space._bound = _core.SearchSpace.from_json(json, "space")
    space._labels = {name: Labels(objects.get(name, {})) for name in space._bound.names}
    return space


def _place_in_dict(names: list[str], owners: list[str]) -> Callable[[str], str]:
    """Places in the JSON that was made of a dict → places in the dict: hyperparameters by name, conditions by owner."""

    def translated(where: str) -> str:
        parts = where.split("/")
        if len(parts) < 3 or parts[0] != "space" or not parts[2].isdigit():
            return where
        if parts[1] == "hyperparameters":
            return "/".join(["space", names[int(parts[2])], *(_MEMBERS.get(part, part) for part in parts[3:])])
        if parts[1] == "conditions":
            return "/".join([owners[int(parts[2])], *parts[3:]])
        return "/".join(["forbidden", *parts[2:]])

    return translated


def _built(json: dict[str, Any], translated: Callable[[str], str]) -> _core.SearchSpace:
    try:
        return _core.SearchSpace.from_json(json, "space")
    except InvalidInput as error:
        where = translated(error.where)
        text = str(error).removeprefix(error.where)
        raise InvalidInput(where + text, where) from None


__all__ += ["Domain"]
