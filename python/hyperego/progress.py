"""The progress bar: trials, hypervolume, size of the front, failures, what was frozen last."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

from ._missing import needed

__all__ = ["Bar", "bar_for"]


class Bar:
    """A bar of tqdm; without one it shows nothing."""

    def __init__(self, bar: Any = None) -> None:
        self._bar = bar

    def show(self, numbers: dict[str, Any], frozen: list[str]) -> None:
        if self._bar is None:
            return
        self._bar.n = numbers["ended"]
        self._bar.set_description_str(progress_text(numbers, frozen), refresh=True)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def progress_text(numbers: dict[str, Any], frozen: list[str]) -> str:
    """ "hv 0.81 · front 12 · failed 1 · frozen momentum": what there is of it."""
    parts = []
    if numbers["hypervolume"] is not None:
        parts.append(f"hv {numbers['hypervolume']:.4g}")
    parts.append(f"front {numbers['front']}")
    if numbers["failed"]:
        parts.append(f"failed {numbers['failed']}")
    if frozen:
        more = f" +{len(frozen) - 3}" if len(frozen) > 3 else ""
        parts.append("frozen " + ", ".join(frozen[:3]) + more)
    return " · ".join(parts)


def _is_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")


def bar_for(progress: bool | None, numbers: dict[str, Any]) -> Bar:
    """None: on a terminal or in a notebook if tqdm is there. Raises ImportError where True and it is not."""
    if progress is not None and not isinstance(progress, bool):
        raise TypeError(f"progress: expected True, False or None, found {progress!r}")
    if progress is None:
        wanted = (sys.stderr is not None and sys.stderr.isatty()) or _is_notebook()
        progress = wanted and importlib.util.find_spec("tqdm") is not None
    if not progress:
        return Bar()
    # The notebook's bar is made of ipywidgets; without them there is the one of a terminal.
    has_widgets = _is_notebook() and importlib.util.find_spec("ipywidgets") is not None
    style = needed("tqdm.notebook" if has_widgets else "tqdm", "progress", "progress=True")
    layout = "{n_fmt}/{total_fmt} · {desc} |{bar}| {elapsed}"
    return Bar(style.tqdm(total=numbers["trials"], initial=numbers["ended"], bar_format=layout, unit="trial"))
