#!/usr/bin/env python3
"""Takes pictures of a report for the documentation.

usage: pictures.py REPORT.html FOLDER
"""
import pathlib
import sys
import tempfile
import time

sys.dont_write_bytecode = True  # the folder of the sources stays as it is
from page import Page, browser  # noqa: E402

# Picture -> what it shows; figures that do not stand in a whole row get the width of the window.
FIGURES = {"front": "front", "tradeoffs": "tradeoffs", "importance": "shapley-1", "interactions": "graph-1", "coalitions": "coalitions-1",
           "frozen": "frozen", "dependence": "dependence-1", "left-out": "left-out-1", "force": "force-1", "beeswarm": "beeswarm-1", "slice": "slice-1"}


def narrow_style(page):
    """A window as wide as two figures; nothing that only a live page needs."""
    page.script("""
        document.querySelector('header').style.position = 'static';
        for (const tools of document.querySelectorAll('.tools .save, details')) tools.style.display = 'none';""")


def choose_knee(page):
    page.script("""
        const row = [...document.querySelectorAll('#table-front tbody tr')].find((row) => row.cells[1].textContent.includes('knee'));
        row.querySelector('button').click();""")


def main():
    report, folder = pathlib.Path(sys.argv[1]).absolute(), pathlib.Path(sys.argv[2]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    driver = browser(tempfile.gettempdir(), width=1180, height=900)
    try:
        page = Page(driver, report, folder)
        page.name = "report"
        narrow_style(page)
        page.draw_everything()
        time.sleep(0.5)
        for name, figure in FIGURES.items():
            page.picture(name, page.one("#figure-" + figure))
        page.picture("learned", page.one(".learned"))
        choose_knee(page)
        page.picture("trial", page.one("#selection"))
    finally:
        driver.quit()
    sizes = {file.name: file.stat().st_size for file in sorted(folder.glob("*.png"))}
    for name, size in sizes.items():
        print(f"{size / 1000:7.1f} kB  {folder / name}")
    print(f"{sum(sizes.values()) / 1000:7.1f} kB  together")


main()
