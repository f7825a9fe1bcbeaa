"""The front, and how it grew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .._missing import needed
from ..errors import InvalidInput
from .style import COLOURS, GREY, axes, document, hidden_frame, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["front", "progress"]


def front(data: Any, *, objectives: Sequence[str] | None = None, ax: Axes | None = None) -> Axes:
    """All completed trials in two objectives, those of the front joined by their attainment curve; the hypervolume is
    shaded where there are two objectives, up to the reference point of the study.

    Args:
        objectives: which two, where there are more.

    Raises InvalidInput where there is but one objective.
    """
    report = document(data, models=False)
    figure = report.figure("front")
    known = {o["name"]: o for o in figure["chart"]["objectives"]}
    chosen = list(objectives) if objectives is not None else list(known)[:2]
    if len(chosen) != 2 or any(name not in known for name in chosen):
        raise InvalidInput(f"objectives: give two of {', '.join(known)}, found {', '.join(chosen)}", "objectives")
    columns, listed = rows(figure)
    x, y = known[chosen[0]], known[chosen[1]]
    standing, mark = columns.index("standing"), columns.index("mark")
    done = [row for row in listed if row[standing] in ("front", "dominated")]
    points = np.array([[row[x["column"]], row[y["column"]]] for row in done], dtype=float).reshape(-1, 2)
    is_front = np.array([row[standing] == "front" for row in done], dtype=bool)

    ax = axes(ax)
    signs = np.array([-1.0 if o["direction"] == "maximize" else 1.0 for o in (x, y)])
    best = _attained(points[is_front] * signs) if len(known) == 2 else points[:0]
    # The view is that of what is near the front; far outliers would press it into a corner.
    _view(ax, points, is_front, x, y)
    if len(best):
        _shade(ax, best, signs, _reference(report, chosen))
    ax.scatter(points[~is_front, 0], points[~is_front, 1], s=14, color=GREY, linewidths=0, label="dominated", zorder=2)
    ax.scatter(points[is_front, 0], points[is_front, 1], s=30, color=COLOURS[0], edgecolors="white", linewidths=0.6, label="front", zorder=4)
    for row, is_best in zip(done, is_front):
        if is_best and row[mark]:
            place = (row[x["column"]], row[y["column"]])
            is_right = ax.transAxes.inverted().transform(ax.transData.transform(place))[0] > 0.8  # no room beside it
            ax.annotate(
                row[mark].replace("; ", "\n"),
                place,
                xytext=(-6, 10) if is_right else (6, 6),
                textcoords="offset points",
                ha="right" if is_right else "left",
                fontsize=8,
                zorder=5,
            )
    ax.set_xlabel(_label(x))
    ax.set_ylabel(_label(y))
    ax.legend(frameon=False, fontsize=8, loc="best")
    hidden_frame(ax)
    return ax


def _label(objective: dict[str, Any]) -> str:
    return f"{objective['name']} ({'larger' if objective['direction'] == 'maximize' else 'smaller'} is better)"


def _attained(minimised: Any) -> Any:
    """Different points of a front, by the first objective."""
    return minimised[np.lexsort((minimised[:, 1], minimised[:, 0]))]


def _reference(report: Any, names: Sequence[str]) -> Any:
    """The reference point, raw, or None."""
    for section in report.to_dict()["sections"]:
        for table in section["tables"]:
            if table["id"] == "objectives":
                column = table["columns"].index("reference")
                found = {row[0]: row[column] for row in table["rows"]}
                values = [found.get(name) for name in names]
                return None if any(not isinstance(v, (int, float)) for v in values) else np.array(values, dtype=float)
    return None


def _shade(ax: Axes, best: Any, signs: Any, reference: Any) -> None:
    """The region that the front dominates, up to the reference point or the edge of the view."""
    edge = np.array([ax.get_xlim(), ax.get_ylim()]) * signs[:, None]
    corner = edge.max(axis=1) if reference is None else reference * signs
    inside = best[(best < corner).all(axis=1)]
    if not len(inside):
        return
    steps = [(inside[0, 0], corner[1])]
    for here, after in zip(inside, [*inside[1:], (corner[0], None)]):
        steps += [(here[0], here[1]), (after[0], here[1])]
    outline = np.array(steps) * signs
    region = np.vstack([outline, corner * signs])
    label = "dominated region" if reference is None else "hypervolume to the reference point"
    ax.fill(*region.T, color=COLOURS[0], alpha=0.10, linewidth=0, label=label, zorder=1)
    ax.plot(*outline[1:].T, color=COLOURS[0], linewidth=1.2, zorder=3)


def _view(ax: Axes, points: Any, is_front: Any, x: Any, y: Any) -> None:
    setters: list[tuple[Any, Any, Any]] = [(x, ax.set_xscale, ax.set_xlim), (y, ax.set_yscale, ax.set_ylim)]
    for k, (objective, set_scale, set_limits) in enumerate(setters):
        values = points[:, k]
        if not len(values):
            continue
        own = values[is_front]
        reach = 2.0 * max(np.ptp(own), 1e-12) if len(own) > 1 else np.inf
        low, high = max(values.min(), own.min() - reach), min(values.max(), own.max() + reach)
        if objective["log"] and low > 0:
            set_scale("log")
            factor = (high / low) ** 0.06 if high > low else 1.2
            set_limits(low / factor, high * factor)
        else:
            margin = 0.06 * (high - low) if high > low else 0.5 * max(abs(high), 1.0)
            set_limits(low - margin, high + margin)


def progress(data: Any, *, over: str = "trials", ax: Axes | None = None) -> Axes:
    """The hypervolume after each trial that raised it, phases of the search shaded.

    Args:
        over: ``trials`` that have ended, or ``time`` (seconds of running).
    """
    if over not in ("trials", "time"):
        raise InvalidInput(f"over: must be 'trials' or 'time', found {over!r}", "over")
    figure = document(data, models=False).figure(f"hypervolume-{over}")
    chart = figure["chart"]
    _, listed = rows(figure)
    ax = axes(ax)
    x = [row[chart["x"]] for row in listed]
    y = [row[chart["y"]] for row in listed]
    phases = chart.get("phases", [])
    end = max([*x, *(phase["to"] for phase in phases)], default=0)
    if x:
        ax.step([*x, end], [*y, y[-1]], where="post", color=COLOURS[0], linewidth=1.6)
        ax.scatter(x, y, s=10, color=COLOURS[0], zorder=3)
    names = list(dict.fromkeys(phase["name"] for phase in phases))
    for phase in phases:
        colour = COLOURS[1 + names.index(phase["name"]) % (len(COLOURS) - 1)]
        ax.axvspan(phase["from"], phase["to"], color=colour, alpha=0.10, linewidth=0)
    patches = needed("matplotlib.patches", "plot", "a figure")
    handles = [patches.Patch(color=COLOURS[1 + k % (len(COLOURS) - 1)], alpha=0.3, label=name) for k, name in enumerate(names)]
    if handles:
        ax.legend(handles=handles, title="phase", frameon=False, fontsize=8, title_fontsize=8, loc="lower right")
    ax.set_xlim(0, end or 1)
    ax.set_xlabel("ended trials" if over == "trials" else "running time, s")
    ax.set_ylabel("hypervolume")
    hidden_frame(ax)
    return ax

