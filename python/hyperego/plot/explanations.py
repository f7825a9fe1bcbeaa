"""What matters: importance, over trade-offs, and together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .._missing import needed
from ..errors import InvalidInput
from ..explanations import Explanation, Explanations, explain
from ..reports import Report
from .style import COLOURS, GREY, axes, document, hidden_frame, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["importance", "interactions", "tradeoffs"]

_NAN = float("nan")
_OTHERS = "others"
_NOISE = "not told from noise"


def importance(data: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """Values of single hyperparameters as bars, with the interval of the model as a thin line and that of sampling as a
    thick one between ticks; objectives side by side, each on the share of its own gain where their units differ.

    Args:
        data: an :class:`hyperego.Explanation`, several, or what :func:`hyperego.explain` takes.
        top: how many hyperparameters are shown.
    """
    bars = _bars(data)
    players = list(bars[0][1])
    sizes = {name: max(abs(np.nan_to_num(values[name][0])) / (_total(values) or 1) for _, values, _ in bars) for name in players}
    shown = sorted(players, key=lambda name: -sizes[name])[:top]
    is_shared = len(bars) > 1
    ax = axes(ax, 6.0, 1.2 + 0.32 * len(shown) * max(1.0, 0.62 * len(bars)))
    height = 0.8 / len(bars)
    for k, (title, values, _) in enumerate(bars):
        scale = 1 / (_total(values) or 1) if is_shared else 1.0
        for place, name in enumerate(shown):
            value, model, sampling = values[name]
            at = place + (k + 0.5) * height - 0.4
            colour = COLOURS[k % len(COLOURS)]
            ax.barh(at, np.nan_to_num(value) * scale, height=0.9 * height, color=colour, alpha=0.55, label=title if place == 0 else None)
            if np.isnan(value):
                ax.text(0, at, " not known: it never varied", va="center", fontsize=7, color="0.4")
            ax.plot(np.array(model) * scale, [at, at], color="0.15", linewidth=1, solid_capstyle="butt", zorder=3)
            # With ends that are seen where sampling leaves next to nothing open.
            ends: dict[str, Any] = {"marker": "|", "markersize": 7, "markeredgewidth": 1.2}
            ax.plot(np.array(sampling) * scale, [at, at], color="0.15", linewidth=3, solid_capstyle="butt", zorder=3, **ends)
    ax.set_yticks(range(len(shown)), shown)
    ax.invert_yaxis()
    ax.axvline(0, color="0.3", linewidth=0.8)
    caption = "thin line: what the trials leave open; between ticks: sampling" if _has_intervals(bars) else ""
    ax.set_xlabel("\n".join(filter(None, ["share of the total" if is_shared else bars[0][2], caption])), fontsize=9)
    if is_shared:
        ax.legend(frameon=False, fontsize=8, loc="lower right")
    else:
        ax.set_title(bars[0][0], fontsize=10)
    hidden_frame(ax)
    return ax


Values = dict[str, tuple[float, tuple[float, float], tuple[float, float]]]


def _has_intervals(bars: list[tuple[str, Values, str]]) -> bool:
    return any(not np.isnan(model[0]) for _, values, _ in bars for _, model, _ in values.values())


def _total(values: Values) -> float:
    return float(sum(abs(np.nan_to_num(value)) for value, _, _ in values.values()))


def _bars(data: Any) -> list[tuple[str, Values, str]]:
    """(title, values with intervals, what the axis says) of each thing that is explained."""
    if isinstance(data, Report):
        return [
            (f["title"].removesuffix(": importance"), {r[0]: _from_row(r[1:]) for r in rows(f)[1]}, f["chart"]["value"])
            for f in _figures(data, "shapley-")
        ]
    made = data if isinstance(data, (Explanation, Explanations)) else explain(data)
    bars = []
    for one in made.values() if isinstance(made, Explanations) else [made]:
        values = {n: (one[n], one.interval(n), one.interval(n, kind="sampling")) for n in one.players}
        bars.append((one.target, values, f"{one.game.replace('_', ' ')} of {one.target} ({one.index})"))
    return bars


def _from_row(row: list[Any]) -> tuple[float, tuple[float, float], tuple[float, float]]:
    numbers = [_NAN if v is None else float(v) for v in (*row, None, None, None, None)][:5]
    return numbers[0], (numbers[1], numbers[2]), (numbers[3], numbers[4])


def _figures(report: Report, prefix: str) -> list[dict[str, Any]]:
    ids = [f["id"] for section in report.to_dict()["sections"] for f in section["figures"] if f["id"].startswith(prefix)]
    if not ids:
        raise InvalidInput("data: this report was made without models; make it with models=True", "data")
    return [report.figure(name) for name in ids]


def tradeoffs(data: Any, *, top: int = 7, ax: Axes | None = None) -> Axes:
    """How much of the gain each hyperparameter is worth, as the weight moves from one of two objectives to the other: a
    stream of shares, the least important ones taken together.

    Args:
        data: :class:`hyperego.Explanations` of trade-offs (``explain(…, tradeoffs=11)``), a report, or trials.
    """
    weights, objectives, shares = _shares(data)
    ax = axes(ax)
    noise = shares.pop(_NOISE, None)
    names = sorted(shares, key=lambda name: -float(np.mean(shares[name])))
    stacked = {name: shares[name] for name in names[:top]}
    if len(names) > top:
        stacked[_OTHERS] = np.sum([shares[name] for name in names[top:]], axis=0)
    colours = [*COLOURS[: len(stacked) - (_OTHERS in stacked)], *([GREY] if _OTHERS in stacked else [])]
    if noise is not None:
        stacked[_NOISE] = noise
        colours.append("0.92")
    ax.stackplot(weights, list(stacked.values()), labels=list(stacked), colors=colours, alpha=0.8, edgecolor="white", linewidth=0.6)
    total = np.sum(list(stacked.values()), axis=0)
    for at in np.asarray(weights)[total == 0]:
        ax.text(at, 0.5, "nothing is gained", rotation=90, ha="center", va="center", fontsize=7, color="0.4")
    ax.set_xlim(min(weights), max(weights))
    ax.set_ylim(0, 1)
    ax.set_xlabel(f"weight of {objectives[-1]}  (0: {objectives[0]} alone, 1: {objectives[-1]} alone)")
    ax.set_ylabel("share of what tuning gains")
    handles, labels = ax.get_legend_handles_labels()
    ax.legend(handles[::-1], labels[::-1], frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    hidden_frame(ax)
    return ax


def _shares(data: Any) -> tuple[list[float], list[str], dict[str, Any]]:
    if isinstance(data, Explanations):
        return _shares_of(data)
    report = document(data, models=True)
    figure = _figures(report, "tradeoffs")[0]
    columns, listed = rows(figure)
    names = [column.removeprefix("weight of ") for column in columns if column.startswith("weight of ")]
    if len(names) != 2:
        raise InvalidInput(f"data: a stream is of two objectives, and there are {len(names)}", "data")
    place = figure["chart"]["columns"]
    weights = list(dict.fromkeys(float(row[1]) for row in listed))
    shares: dict[str, Any] = {}
    value = columns.index("value")
    varies = np.zeros(len(weights), dtype=bool)
    for row in listed:
        at = weights.index(float(row[1]))
        of_player = shares.setdefault(row[place["hyperparameter"]], np.zeros(len(weights)))
        of_player[at] = row[place["share"]] or 0.0
        varies[at] |= bool(row[value])
    # What cannot be told from noise has no share in the report's table.
    noise = np.where(varies, 1 - np.sum(list(shares.values()), axis=0), 0.0)
    if np.any(noise > 1e-9):
        shares[_NOISE] = np.clip(noise, 0.0, 1.0)
    return _ascending(weights, names, shares)


def _shares_of(explanations: Explanations) -> tuple[list[float], list[str], dict[str, Any]]:
    each = list(explanations.values())
    if any(e.weights is None or len(e.weights) != 2 for e in each):
        raise InvalidInput("data: a stream needs trade-offs of two objectives: explain(…, tradeoffs=11)", "data")
    fits = each[0].fit
    names = list(fits["objectives"]) if isinstance(fits, dict) and "objectives" in fits else []
    for e in each:
        found = e.fit
        if isinstance(found, dict) and len(found.get("objectives", {})) == 2:
            names = list(found["objectives"])
    names = names if len(names) == 2 else ["first objective", "second objective"]
    values = np.abs(np.nan_to_num([[e[name] for name in e.players] for e in each]))
    totals = values.sum(axis=1, keepdims=True)
    shares = np.divide(values, totals, out=np.zeros_like(values), where=totals > 0)
    weights = [float(e.weights[1]) for e in each if e.weights is not None]
    return _ascending(weights, names, {name: shares[:, k] for k, name in enumerate(each[0].players)})


def _ascending(weights: list[float], names: list[str], shares: dict[str, Any]) -> tuple[list[float], list[str], dict[str, Any]]:
    order = np.argsort(weights, kind="stable")
    return [weights[k] for k in order], names, {name: values[order] for name, values in shares.items()}


def interactions(data: Any, *, objective: str | None = None, top: int = 15, ax: Axes | None = None) -> Axes:
    """An UpSet plot (Lex et al., IEEE TVCG 20(12), 2014): the largest values of an explanation of higher order, or what the
    best coalitions gain as a report has them; dots below a bar say whose it is.

    Args:
        data: an :class:`hyperego.Explanation` (``index="FSII", order=2``), a report, or trials.
        objective: which one of a report with several.
    """
    title, label, players, bars = _sets(data, objective)
    bars = sorted(bars, key=lambda bar: -abs(bar[1]))[:top] if isinstance(data, Explanation) else bars[:top]
    used = [name for name in players if any(name in names for names, _ in bars)]
    ax = axes(ax, max(4.5, 1.8 + 0.36 * len(bars)), 2.6 + 0.24 * len(used), layout="tight")  # the dots are axes that constrained layout does not see
    divider = needed("mpl_toolkits.axes_grid1", "plot", "a figure").make_axes_locatable(ax)
    matrix = divider.append_axes("bottom", size=0.24 * len(used), pad=0.1, sharex=ax)
    for x, (names, value) in enumerate(bars):
        ax.bar(x, value, width=0.6, color=COLOURS[0] if value >= 0 else COLOURS[1])
        members = [used.index(name) for name in names]
        matrix.scatter([x] * len(used), range(len(used)), s=22, color="0.88", zorder=1)
        matrix.scatter([x] * len(members), members, s=22, color="0.15", zorder=3)
        if len(members) > 1:
            matrix.plot([x, x], [min(members), max(members)], color="0.15", linewidth=1.4, zorder=2)
    ax.axhline(0, color="0.3", linewidth=0.8)
    ax.set_xlim(-0.6, len(bars) - 0.4)
    ax.set_ylabel(label)
    ax.set_title(title, fontsize=10)
    ax.tick_params(axis="x", bottom=False, labelbottom=False)
    matrix.set_yticks(range(len(used)), used, fontsize=8)
    matrix.set_ylim(len(used) - 0.5, -0.5)
    matrix.tick_params(axis="both", length=0, labelbottom=False)
    hidden_frame(ax, ("top", "right", "bottom"))
    hidden_frame(matrix, ("top", "right", "bottom", "left"))
    return ax


def _sets(data: Any, objective: str | None) -> tuple[str, str, list[str], list[tuple[tuple[str, ...], float]]]:
    """Title, label of the axis, players, and (players of a bar, value)."""
    if isinstance(data, Explanation):
        frame = data.frame
        bars = [(tuple(names), float(v)) for names, v in zip(frame["interaction"], frame["value"]) if not np.isnan(v)]
        return f"{data.game.replace('_', ' ')} of {data.target}", f"{data.index}, order {data.order}", data.players, bars
    figures = _figures(document(data, models=True), "coalitions-")
    titles = [f["title"].removesuffix(": coalitions") for f in figures]
    if objective is not None and objective not in titles:
        raise InvalidInput(f"objective: there is no {objective!r}; there are {', '.join(titles)}", "objective")
    figure = figures[titles.index(objective) if objective is not None else 0]
    bars = [(tuple(row[0]), float(row[2])) for row in rows(figure)[1]]
    title = figure["title"].removesuffix(": coalitions")
    return f"what tuning some hyperparameters gains: {title}", figure["chart"]["value"], figure["chart"]["players"], bars
