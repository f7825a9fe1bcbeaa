"""The notebook in examples/ runs from its first cell to its last, and shows what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

TOUR = Path(__file__).resolve().parents[2] / "examples" / "notebooks" / "tour.ipynb"


@pytest.fixture(scope="module")
def outputs() -> list[Any]:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    pytest.importorskip("matplotlib")
    if not TOUR.is_file():
        pytest.skip("examples/ is not here")
    notebook = nbformat.read(TOUR, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "clear its outputs before it is committed"
    nbclient.NotebookClient(notebook, timeout=100, kernel_name="python3").execute()
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


@pytest.mark.filterwarnings("ignore")
def test_tour(outputs: list[Any]) -> None:
    shown = [output["data"] for output in outputs if "data" in output]
    assert not [output for output in outputs if output["output_type"] in ("error", "stream")]
    assert sum("image/png" in data for data in shown) == 6
    assert any("Tunability of error" in data.get("text/html", "") for data in shown)
    importance = next(data["text/plain"] for data in shown if data["text/plain"].startswith("d "))
    assert importance.split()[1] == "0.24"
