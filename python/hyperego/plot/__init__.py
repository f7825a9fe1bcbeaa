"""Figures for papers, on matplotlib: from the numbers of the report, so that page and paper agree.

Each function takes ``ax`` (a new figure's by default) and returns it. ``data`` is a :class:`hyperego.Report`, an explanation
where that is what is drawn, or whatever :func:`hyperego.report` takes.
"""

from __future__ import annotations

from .decisions import frozen
from .explanations import importance, interactions, tradeoffs
from .fronts import front, progress

__all__ = ["front", "frozen", "importance", "interactions", "progress", "tradeoffs"]
