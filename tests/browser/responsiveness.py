#!/usr/bin/env python3
"""Measures how fast the report of a study of many trials answers in headless Chromium.

usage: responsiveness.py HYPEREGO FOLDER [TRIALS]      (default: 10000)

Runs a random search of ZDT1 with 4 variables in FOLDER where it has not been run, writes its report and prints, as JSON: bytes of the
page; milliseconds from opening it to the first figure; and of 20 moves of a range of the parallel
coordinates, of choosing a trial and of the other theme the milliseconds until the page is drawn again (median and largest).
"""
import json
import pathlib
import statistics
import subprocess
import sys

sys.dont_write_bytecode = True  # the folder of the sources stays as it is
from page import Page, browser  # noqa: E402

FIRST_FIGURE = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('.chart svg path')) return;
  window.firstFigure ??= performance.now();
}).observe(document, {childList: true, subtree: true});
"""
# Each step is timed until the frame after the next has begun: then what it changed is on the screen.
TIMED = """
const [steps, done] = arguments;
const parallel = echarts.getInstanceByDom(document.querySelector('#figure-parallel .chart'));
const extent = parallel.getModel().queryComponents({mainType: 'parallelAxis'})[0].axis.scale.getExtent();
const actions = {
  brush: (k) => parallel.dispatchAction({type: 'axisAreaSelect', parallelAxisIndex: 0, intervals: [[extent[0], extent[0] + (extent[1] - extent[0]) * (k + 1) / steps]]}),
  choose: (k) => { const rows = document.querySelectorAll('#table-front tbody button'); rows[k % rows.length].click(); },
  theme: () => document.getElementById('theme').click(),
};
const times = {};
const next = (names, k) => {
  if (names.length === 0) return done(times);
  if (k === (names[0] === 'theme' ? 2 : steps)) return next(names.slice(1), 0);
  const begin = performance.now();
  actions[names[0]](k);
  requestAnimationFrame(() => requestAnimationFrame(() => {
    (times[names[0]] ??= []).push(performance.now() - begin);
    next(names, k + 1);
  }));
};
next(Object.keys(actions), 0);
"""


def main():
    program, folder = pathlib.Path(sys.argv[1]).absolute(), pathlib.Path(sys.argv[2]).absolute()
    trials = int(sys.argv[3]) if len(sys.argv) > 3 else 10000
    folder.mkdir(parents=True, exist_ok=True)
    name = f"trials-{trials}"
    study = {"hyperego": 1, "name": name, "evaluator": {"problem": "zdt1", "variables": 4}, "optimizer": {"name": "random"},
             "limits": {"trials": trials}}
    (folder / f"{name}.json").write_text(json.dumps(study))
    subprocess.run([program, "run", f"{name}.json", "--out", name, "--resume"], cwd=folder, check=True, capture_output=True)
    subprocess.run([program, "report", name, "--draws", "4", "--replicates", "0", "--samples", "200"], cwd=folder, check=True, capture_output=True)
    file = folder / name / "report.html"
    driver = browser(folder)
    driver.set_script_timeout(300)
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": FIRST_FIGURE})
        page = Page(driver, file, folder)
        page.draw_everything()
        first = page.script("return window.firstFigure")
        times = driver.execute_async_script(TIMED, 20)
    finally:
        driver.quit()
    result = {"trials": trials, "bytes": file.stat().st_size, "first_figure_ms": round(first)}
    for what, values in times.items():
        result[what + "_ms"] = {"median": round(statistics.median(values)), "largest": round(max(values))}
    print(json.dumps(result, indent=1))


main()
