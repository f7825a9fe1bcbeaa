"""What the search has frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .style import COLOURS, axes, document, hidden_frame, rows

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["frozen"]


def frozen(data: Any, *, ax: Axes | None = None) -> Axes:
    """Which hyperparameters were frozen in which trials, one row for each; where nothing was, an empty timeline that says
    so."""
    figure = document(data, models=False).figure("frozen")
    chart = figure["chart"]
    _, listed = rows(figure)
    players = chart["players"]
    ax = axes(ax, 6.5, 1.2 + 0.28 * len(players))
    for name, first, last, *_ in listed:
        if name in players:
            ax.broken_barh([(first - 0.5, last - first + 1)], (players.index(name) - 0.36, 0.72), color=COLOURS[0])
    if not listed:
        ax.text(0.5, 0.5, "nothing was frozen", transform=ax.transAxes, ha="center", va="center", color="0.4")
    ax.set_yticks(range(len(players)), players)
    ax.set_ylim(len(players) - 0.5, -0.5)
    ax.set_xlim(-0.5, max(chart["trials"], 1) - 0.5)
    ax.set_xlabel("trial")
    ax.set_title("frozen hyperparameters", fontsize=10)
    ax.grid(axis="y", color="0.93")
    ax.set_axisbelow(True)
    hidden_frame(ax)
    return ax
