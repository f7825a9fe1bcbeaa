"""The interactive report, in a notebook or as a file."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from typing import Any

from . import _core
from .io import source_of
from .space import SpaceLike

__all__ = ["Report", "report"]


class Report:
    """A report of one study: sentences, tables and figures (docs/report.md). Shows itself in a notebook."""

    __slots__ = ("_document", "_html", "_json")

    def __init__(self, document: _core.Document) -> None:
        self._document = document
        self._html: str | None = None
        self._json: dict[str, Any] | None = None

    @property
    def html(self) -> str:
        """One self-contained page of about 1.3 MB; nothing is loaded from anywhere."""
        if self._html is None:
            self._html = self._document.html()
        return self._html

    @property
    def learned(self) -> dict[str, list[str]]:
        """What the study has taught, sentences by heading: the result, which configuration to take, what to tune, what
        to leave, what is not known."""
        return {group["title"]: list(group["text"]) for group in self.to_dict().get("learned", [])}

    def to_dict(self) -> dict[str, Any]:
        """The whole document: sections with text, tables, and figures with their data."""
        if self._json is None:
            self._json = self._document.to_json()
        return self._json

    def figure(self, name: str) -> dict[str, Any]:
        """One figure: {"id", "title", "caption", "chart", "data": {"columns", "rows"}}.

        Raises KeyError naming those there are.
        """
        figures = {f["id"]: f for section in self.to_dict()["sections"] for f in section["figures"]}
        if name not in figures:
            raise KeyError(f"the report has no figure {name!r}; there are {', '.join(figures)}")
        figure = dict(figures[name])
        if isinstance(figure["data"], str):
            figure["data"] = self.to_dict()["shared"][figure["data"]]
        return figure

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        """Writes the page.

        Raises InvalidInput where there is a file that is no such page, unless ``force``; StoreError where it cannot be
        written.
        """
        self._document.write(os.fspath(path), force)

    def save_data(self, folder: str | os.PathLike[str], *, force: bool = False) -> int:
        """Writes the numbers of all figures as CSV and JSON into a folder; how many files that were."""
        return self._document.write_data(os.fspath(folder), force)

    def __repr__(self) -> str:
        return f"<Report: {self.to_dict()['title']}>"

    def _repr_html_(self) -> str:
        # Without allow-same-origin the page can reach nothing of the notebook.
        return (
            f'<iframe srcdoc="{escape(self.html, quote=True)}" sandbox="allow-scripts" width="100%" height="720" '
            'style="border:1px solid #ccc" title="report"></iframe>'
        )


def report(
    data: Any,
    space: SpaceLike | None = None,
    *,
    objectives: Any = None,
    ignore: Sequence[str] = (),
    models: bool = True,
    model: str | None = None,
    tradeoffs: int | None = None,
    draws: int | None = None,
    replicates: int | None = None,
    samples: int | None = None,
    seed: int = 0,
    threads: int | None = None,
) -> Report:
    """The report of a study, a run directory or the trials of another program.

    Args:
        data, space, objectives, ignore: as for :func:`hyperego.io.read`.
        models: fit models and play games; without, the report has no importance and marginals, and is there at once.
        model: ``gp``, ``forest`` or ``automatic``.
        tradeoffs: weight vectors that are explained, 11 by default.
        draws, replicates, samples: as for :func:`hyperego.explain`.

    Raises:
        InvalidInput: naming the argument or the place in the data. KeyboardInterrupt: on Ctrl-C.
    """
    source = data if isinstance(data, Report) else source_of(data, space, objectives, ignore)
    if isinstance(source, Report):
        return source
    arguments = {
        "models": models, "model": model, "tradeoffs": tradeoffs, "draws": draws, "replicates": replicates,
        "samples": samples, "seed": seed, "threads": threads,
    }  # fmt: skip
    return Report(_core.Document.of(source.core, arguments))
