"""What the figures share: colours, axes, and the report that their numbers come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .._missing import needed
from ..reports import Report, report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["COLOURS", "GREY", "axes", "document", "hidden_frame", "rows"]

# Okabe & Ito's, told apart by people who see few colours: https://jfly.uni-koeln.de/color
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#7F3C8D")
GREY = "#B8B8B8"


def axes(ax: Axes | None, width: float = 6.0, height: float = 4.0, layout: str = "constrained") -> Axes:
    """``ax``, or that of a new figure of so many inches."""
    if ax is not None:
        return ax
    pyplot = needed("matplotlib.pyplot", "plot", "a figure")
    made: Axes = pyplot.subplots(figsize=(width, height), layout=layout)[1]
    return made


def document(data: Any, models: bool) -> Report:
    """The report of ``data``; one that is given is taken as it is."""
    return data if isinstance(data, Report) else report(data, models=models)


def rows(figure: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """The columns and rows of a figure's data."""
    return figure["data"]["columns"], figure["data"]["rows"]


def hidden_frame(ax: Axes, sides: Sequence[str] = ("top", "right")) -> None:
    for side in sides:
        ax.spines[side].set_visible(False)
