"""What matters: games of HyperSHAP on the models of trials, or on any function.

Wever, Muschalik, Fumagalli & Lindauer, *HyperSHAP* (AAAI 2026, arXiv 2502.01276). docs/method.md, section 2, has the
formulas and what intervals and p-values mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import combinations
from typing import TYPE_CHECKING, Any, TypedDict, Union, overload

import numpy as np

from . import _core
from ._missing import needed
from .errors import InvalidInput
from .frames import codes_to_frame
from .io import source_of
from .space import Space, SpaceLike

if TYPE_CHECKING:
    import pandas as pd
    import shapiq
    from typing_extensions import Unpack

__all__ = ["Explanation", "Explanations", "GameOptions", "TrialOptions", "explain", "explain_function"]

Weights = Union[Mapping[str, float], Sequence[float]]
"""Of a trade-off: by objective, or in their order."""

_NAN = float("nan")


class Explanation:
    """An interaction index of a played game, in the names of the hyperparameters.

    Values are in the game's own direction: improvement is positive, in units of the objective (of its logarithm where the
    study models that; squared for sensitivity), or of the augmented Chebyshev value of a trade-off. Immutable.
    """

    __slots__ = ("_json", "_places")

    def __init__(self, json: Mapping[str, Any]) -> None:
        self._json = dict(json)
        players = self.players
        self._places = {
            frozenset(names): ",".join(names)
            for size in range(1, self._json["order"] + 1)
            for names in combinations(players, size)
            if ",".join(names) in self._json["values"]
        }

    @property
    def game(self) -> str:
        """ablation, sensitivity, tunability, mistunability or optimizer_bias."""
        return str(self._json["game"])

    @property
    def index(self) -> str:
        """SV, BV, SII, k-SII, STII, FSII, …"""
        return str(self._json["index"])

    @property
    def order(self) -> int:
        """The largest size of an interaction."""
        return int(self._json["order"])

    @property
    def players(self) -> list[str]:
        """The hyperparameters that can vary."""
        return list(self._json["players"])

    @property
    def target(self) -> str:
        """What is explained: the name of an objective, or the weights of a trade-off."""
        return _target_text(self._json["target"])

    @property
    def weights(self) -> list[float] | None:
        """Of a trade-off, one for each objective; they sum to 1."""
        return self._json.get("weights")

    @property
    def importance(self) -> pd.Series[float]:
        """The value of each single hyperparameter, the largest magnitude first; NaN for one that never varied."""
        values = {name: self[name] for name in self.players}
        series = _pandas().Series(values, name=self.target, dtype=float)
        largest: pd.Series[float] = series.loc[series.abs().sort_values(ascending=False, kind="stable").index]
        return largest

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each interaction: interaction (a tuple of names), order, value, model_low, model_high, sampling_low,
        sampling_high; NaN where there is no such interval. Of order 1 also p_value, where the trials were tested."""
        rows = []
        for names, key in self._places.items():
            row: dict[str, Any] = {"interaction": tuple(sorted(names, key=self.players.index)), "order": len(names)}
            row["value"] = _number(self._json["values"][key])
            for kind in ("model", "sampling"):
                row[f"{kind}_low"], row[f"{kind}_high"] = self.interval(*row["interaction"], kind=kind)
            if self.order == 1 and self.p_values:
                row["p_value"] = self.p_values.get(key, _NAN)
            rows.append(row)
        frame: pd.DataFrame = _pandas().DataFrame(rows)
        return frame

    def interval(self, *names: str, kind: str = "model") -> tuple[float, float]:
        """The interval of the ``model`` (functions that the trials leave plausible) or of ``sampling``, around the value of
        an interaction; NaN where there is none."""
        found = self._json["intervals"].get(kind, {}).get(self._key(names))
        return (_NAN, _NAN) if found is None else (_number(found[0]), _number(found[1]))

    @property
    def empty(self) -> float:
        """v(∅): what the baseline is worth."""
        return float(self._json["empty"])

    @property
    def full(self) -> float:
        """v(N): what everything tuned is worth."""
        return float(self._json["full"])

    @property
    def gain(self) -> float:
        """v(N) − v(∅), which the Shapley values sum to."""
        return self.full - self.empty

    @property
    def fit(self) -> dict[str, Any] | list[dict[str, Any]] | None:
        """How well the model predicts left-out trials (leave_one_out_r2, calibration), one for each study; None of a
        function."""
        return self._json.get("fit")

    @property
    def faithfulness(self) -> float:
        """R² of what the values make of the coalitions, weighted by the Shapley kernel; NaN where only some were played."""
        return _number(self._json.get("faithfulness"))

    @property
    def p_values(self) -> dict[str, float]:
        """By hyperparameter, of "the objective does not depend on it"; empty where there are no trials of one study."""
        return {name: _number(p) for name, p in self._json.get("p_values", {}).items()}

    @property
    def summary(self) -> str:
        """One or two sentences of what matters; empty beyond order 1."""
        return str(self._json.get("summary", ""))

    @property
    def notes(self) -> list[str]:
        """What a reader should know, in sentences."""
        notes = list(self._json["notes"])
        advice = self._advice()
        return [advice, *notes] if advice else notes

    def _advice(self) -> str:
        known = [v for v in self._json["values"].values() if v is not None]
        if self.game not in ("tunability", "ablation") or not known or any(v != 0 for v in known):
            return ""
        if self.game == "ablation":
            return "the configuration is worth as much as the baseline, so there is no difference to share out"
        return (
            "nothing is gained by tuning away from this baseline, which may be the best already; game='sensitivity' says "
            "what the result depends on, game='mistunability' what can be lost"
        )

    def _key(self, names: Sequence[str]) -> str:
        key = self._places.get(frozenset(names))
        if key is not None and len(set(names)) == len(names):
            return key
        for name in names:
            if name not in self.players:
                raise KeyError(f"{name!r} is no hyperparameter that varies; there are {', '.join(self.players)}")
        raise KeyError(f"{', '.join(names)}: this explanation has interactions of up to {self.order}; ask for a larger order")

    def __getitem__(self, names: str | tuple[str, ...]) -> float:
        """The value of a hyperparameter, or of several together in any order; NaN for what is not known."""
        return _number(self._json["values"][self._key((names,) if isinstance(names, str) else names)])

    def to_dict(self) -> dict[str, Any]:
        """All of it, as ``hyperego explain`` prints it (docs/tables.md)."""
        return dict(self._json)

    def to_shapiq(self) -> shapiq.InteractionValues:
        """As shapiq has it, so that its plots work; players are numbered as in ``players``. Needs shapiq."""
        package = needed("shapiq", "shapiq", "to_shapiq()")
        players = self.players
        lookup: dict[tuple[int, ...], int] = {(): 0}
        values = [self.empty]
        for names, key in self._places.items():
            lookup[tuple(sorted(players.index(name) for name in names))] = len(values)
            values.append(np.nan_to_num(_number(self._json["values"][key])))
        made: shapiq.InteractionValues = package.InteractionValues(
            np.array(values),
            index=self.index,
            max_order=self.order,
            min_order=0,
            n_players=len(players),
            interaction_lookup=lookup,
            estimated=self._json["method"] == "estimated",
            baseline_value=self.empty,
        )
        return made

    def __repr__(self) -> str:
        shown = ", ".join(f"{name} {_short(value)}" for name, value in _largest(self, 3))
        return f"<Explanation: {self.game} of {self.target}, {self.index}: {shown or 'nothing varies'}>"

    def _repr_html_(self) -> str:
        title = f"{self.game.replace('_', ' ').capitalize()} of {self.target}, {self.index} of order {self.order}"
        head = f"<p><b>{escape(title)}</b>: {_short(self.empty)} → {_short(self.full)}. {escape(self.summary)}</p>"
        frame = self.frame
        order = frame["value"].abs().sort_values(ascending=False, kind="stable").index[:20]
        rows = "".join(_html_row(frame.loc[i]) for i in order)
        columns = "".join(f"<th>{name}</th>" for name in ("", "value", "model", "sampling"))
        more = f"<p>… {len(frame) - 20} more in <code>.frame</code></p>" if len(frame) > 20 else ""
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"{head}<table><tr>{columns}</tr>{rows}</table>{more}<ul>{notes}</ul>"


class Explanations(Mapping[str, Explanation]):
    """Several explanations by what is explained: the objectives, or trade-offs in the order of their weights."""

    __slots__ = ("_explanations",)

    def __init__(self, explanations: Sequence[Explanation]) -> None:
        self._explanations = {e.target: e for e in explanations}

    def __getitem__(self, target: str | int) -> Explanation:
        """By name, or by place."""
        if isinstance(target, int):
            return list(self._explanations.values())[target]
        if target not in self._explanations:
            raise KeyError(f"{target!r} is not explained here; there are {', '.join(self)}")
        return self._explanations[target]

    def __iter__(self) -> Iterator[str]:
        return iter(self._explanations)

    def __len__(self) -> int:
        return len(self._explanations)

    @property
    def importance(self) -> pd.DataFrame:
        """Hyperparameters × what is explained."""
        frame = _pandas().DataFrame({target: e.importance for target, e in self.items()})
        ordered: pd.DataFrame = frame.reindex(self[0].players)
        return ordered

    @property
    def frame(self) -> pd.DataFrame:
        """Those of all, one below the other, with the column ``target`` in front."""
        frames = []
        for target, explanation in self.items():
            frame = explanation.frame
            frame.insert(0, "target", target)
            frames.append(frame)
        joined: pd.DataFrame = _pandas().concat(frames, ignore_index=True)
        return joined

    def to_dict(self) -> dict[str, Any]:
        return {target: explanation.to_dict() for target, explanation in self.items()}

    def __repr__(self) -> str:
        return f"<Explanations: {self[0].game} of {', '.join(self)}>"

    def _repr_html_(self) -> str:
        return "".join(explanation._repr_html_() for explanation in self.values())


class GameOptions(TypedDict, total=False):
    """What :func:`explain` and :func:`explain_function` both take. What is left out or None is chosen by the library.

    Attributes:
        game: ``tunability`` (the default: what is gained by tuning), ``mistunability`` (what can be lost),
            ``sensitivity`` (how much it moves, in squared units), ``ablation`` (what of the difference between ``config``
            and the baseline each change is worth), ``optimizer_bias`` (what ``optimizer`` misses beside ``against``).
        config: what ``ablation`` explains; by default the incumbent, of a function the best of the samples.
        baseline: where tuning starts: a configuration, ``"default"`` (the default), ``"incumbent"``, or a list.
        index: SV (the default), BV, SII, BII, CHII, k-SII, STII, FSII, FBII; ``order``: the largest interaction.
        maximum: of tunability: ``optimized`` (the default: searched for) or ``sampled`` (the best of the samples).
        aggregate: of several data, functions or baselines: ``mean`` (the default), ``min``, ``max``, ``variance`` or ``quantile``,
            of ``level`` (0.5).
        budget: estimate from so many coalitions instead of all 2^d, by ``estimator``; ``exact``: all, however many.
        samples: configurations of every list that maxima and variances are taken over; 1,000 by default.
        replicates: repetitions for the intervals of sampling, which hold with ``coverage`` (0.9); 0 for none.
        optimizer: whose bias it is, ``against`` which others, each with ``optimizer_trials`` for a coalition.
        seed: ≥ 0; 0 by default.
    """

    game: str
    config: Mapping[str, Any] | None
    baseline: Any
    index: str
    order: int | None
    maximum: str
    aggregate: str
    level: float
    budget: int | None
    exact: bool
    estimator: str | None
    samples: int | None
    replicates: int | None
    coverage: float
    optimizer: str | None
    against: Sequence[str] | None
    optimizer_trials: int | None
    seed: int


class TrialOptions(GameOptions, total=False):
    """What :func:`explain` takes beside :class:`GameOptions`.

    Attributes:
        objectives: which columns are: ``["error"]``, ``{"accuracy": "maximize"}``; where the data do not say it.
        ignore: columns of a table that are neither hyperparameters nor objectives.
        model: ``gp`` (the default), ``forest``, or ``automatic`` (a forest beyond 2,000 trials).
        draws: repetitions for the intervals of the model; 0 for none.
        permutations: of the targets, for p-values; 0 for none.
        threads: 0 or None for the default (:func:`hyperego.set_threads`); results do not depend on it.
    """

    objectives: Any
    ignore: Sequence[str]
    model: str
    draws: int | None
    permutations: int | None
    threads: int | None


@overload
def explain(
    data: Any, space: SpaceLike | None = None, *, of: str, **options: Unpack[TrialOptions]
) -> Explanation: ...
@overload
def explain(
    data: Any, space: SpaceLike | None = None, *, weights: Weights, **options: Unpack[TrialOptions]
) -> Explanation: ...
@overload
def explain(
    data: Any, space: SpaceLike | None = None, *, tradeoffs: int, **options: Unpack[TrialOptions]
) -> Explanations: ...
@overload
def explain(
    data: Any,
    space: SpaceLike | None = None,
    *,
    of: str | None = None,
    weights: Weights | None = None,
    tradeoffs: int | None = None,
    **options: Unpack[TrialOptions],
) -> Explanation | Explanations: ...
def explain(
    data: Any,
    space: SpaceLike | None = None,
    *,
    of: str | None = None,
    weights: Weights | None = None,
    tradeoffs: int | None = None,
    **options: Unpack[TrialOptions],
) -> Explanation | Explanations:
    """Fits a model to each objective of the trials and explains it by a game.

    Args:
        data: a :class:`Study`, a run directory, a DataFrame, a file or folder of another program, an Optuna study
            (anything of :func:`hyperego.io.read`), or a list of them, whose games are aggregated.
        space: of trials that do not say it; else inferred from them.
        of: the one objective to explain. By default each of several is.
        weights: explain the trade-off with these weights instead, by name or in order; not all 0.
        tradeoffs: explain so many trade-offs spread over all weights.
        options: of table, models and game: :class:`TrialOptions` and :class:`GameOptions`.

    Returns:
        An :class:`Explanation`, or :class:`Explanations` of several objectives or trade-offs.

    Raises:
        InvalidInput: naming the argument or the place in the data, and the remedy.
        TypeError: for data that are none of these.
        KeyboardInterrupt: on Ctrl-C, within a fraction of a second.
    """
    _check_names("explain", options, TrialOptions)
    objectives, ignore = options.pop("objectives", None), options.pop("ignore", ())
    sources = [source_of(one, space, objectives, ignore) for one in (data if isinstance(data, (list, tuple)) else [data])]
    if not sources:
        raise InvalidInput("data: is an empty list; give at least one source of trials", "data")
    targets = {"of": of, "weights": _plain(weights), "tradeoffs": tradeoffs}
    arguments = {**targets, **_game_arguments(options, sources[0].space)}
    made = [Explanation(json) for json in _core.explain_trials([source.core for source in sources], arguments)]
    return made[0] if len(made) == 1 and tradeoffs is None else Explanations(made)


def explain_function(
    function: Callable[..., Any] | Sequence[Callable[..., Any]],
    space: SpaceLike,
    *,
    vectorized: bool = False,
    direction: str = "maximize",
    name: str = "value",
    **options: Unpack[GameOptions],
) -> Explanation:
    """Explains a function as it is: a surrogate of your own, a formula, a simulator.

    Args:
        function: takes a configuration (a dict) and returns a number. With ``vectorized`` it takes a DataFrame with a
            column for each hyperparameter (some ten thousand rows at a time; :mod:`hyperego.frames` says the types) and
            returns one number a row. Several in a list are aggregated.
        direction: ``maximize`` where larger is better.
        name: of what the function gives, for reports.
        options: of the game: :class:`GameOptions`.

    The function is called from the calling thread alone: a game of d players takes 2^d × samples values and, where maxima
    are searched, some thousand more; ``replicates`` (4 up to 10 hyperparameters) multiplies that.

    Raises:
        InvalidInput: for values that are not finite (naming the configuration) or not one for each row.
        Exception: whatever the function raises, unchanged; it is not called again.
    """
    made = Space(space) if not isinstance(space, Space) else space
    if direction not in ("maximize", "minimize"):
        raise InvalidInput(f"direction: must be 'maximize' or 'minimize', found {direction!r}", "direction")
    functions = list(function) if isinstance(function, Sequence) else [function]
    for one in functions:
        if not callable(one):
            raise TypeError(f"function: expected a callable, found {type(one).__qualname__}")
    wrapped: list[object] = [(_of_tables if vectorized else _of_configs)(one, made) for one in functions]
    _check_names("explain_function", options, GameOptions)
    arguments = _game_arguments(options, made)
    return Explanation(_core.explain_functions(wrapped, made.core, vectorized, name, direction == "maximize", arguments))


def _check_names(caller: str, options: Mapping[str, Any], known: Any) -> None:
    names = [*known.__required_keys__, *known.__optional_keys__]
    for name in options:
        if name not in names:
            there = ", ".join(sorted(names))
            raise TypeError(f"{caller}() got an unexpected keyword argument {name!r}; there are {there}")


def _game_arguments(options: GameOptions, space: Space) -> dict[str, Any]:
    """As the core takes them."""
    config = options.get("config")
    return {
        **options,
        "config": None if config is None else space.to_core(config),
        "baseline": _baseline(options.get("baseline"), space),
        "against": _listed(options.get("against")),
    }


def _of_tables(function: Callable[..., Any], space: Space) -> Callable[[Any], Any]:
    frame = codes_to_frame(space)

    def values(codes: Any) -> Any:
        given = np.asarray(function(frame(np.asarray(codes))), dtype=np.float64)
        if given.shape not in ((len(codes),), (len(codes), 1)):
            raise InvalidInput(
                f"function: returned an array of shape {given.shape} for {len(codes)} rows; return one number for each",
                "function",
            )
        return np.array(given).reshape(-1)

    return values


def _of_configs(function: Callable[..., Any], space: Space) -> Callable[[Any], float]:
    def value(config: Any) -> float:
        given = function(space.from_core(config))
        if isinstance(given, (str, bytes)) or given is None:
            raise TypeError(f"function: expected a number, found {type(given).__qualname__}")
        return float(given)

    return value


def _baseline(given: Any, space: Space) -> Any:
    if isinstance(given, Mapping):
        return space.to_core(given)
    if isinstance(given, (list, tuple)):
        return [one if isinstance(one, str) else space.to_core(one) for one in given]
    if given is None or given in ("default", "incumbent"):
        return given
    raise InvalidInput(f"baseline: must be a configuration, 'default' or 'incumbent', found {given!r}", "baseline")


def _listed(names: Sequence[str] | None) -> list[str] | None:
    return [names] if isinstance(names, str) else None if names is None else list(names)


def _plain(weights: Any) -> Any:
    return dict(weights) if isinstance(weights, Mapping) else None if weights is None else [float(w) for w in weights]


def _pandas() -> Any:
    return needed("pandas", "pandas", "a table of an explanation")


def _number(value: Any) -> float:
    return _NAN if value is None else float(value)


def _short(value: float) -> str:
    return f"{value:.4g}"


def _largest(explanation: Explanation, count: int) -> list[tuple[str, float]]:
    values = [(name, explanation[name]) for name in explanation.players]
    return sorted(values, key=lambda pair: -abs(np.nan_to_num(pair[1])))[:count]


def _target_text(target: Any) -> str:
    if isinstance(target, list):
        return _target_text(target[0])
    if "objective" in target:
        return str(target["objective"])
    return "weights " + ", ".join(f"{weight:.3g}" for weight in target["weights"])


def _html_row(row: Any) -> str:
    def interval(kind: str) -> str:
        low, high = row[f"{kind}_low"], row[f"{kind}_high"]
        return "" if np.isnan(low) or np.isnan(high) else f"[{_short(low)}, {_short(high)}]"

    value = "not known" if np.isnan(row["value"]) else _short(row["value"])
    cells = [escape(" × ".join(row["interaction"])), value, interval("model"), interval("sampling")]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
