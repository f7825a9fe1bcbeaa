#!/usr/bin/env python3
"""Opens reports in headless Chromium as a colleague would.

usage: report.py HYPEREGO FOLDER

Runs small studies with the program HYPEREGO in FOLDER and looks at their reports: every section there, no message on the console, no
request, trials chosen by pointer and keyboard, ranges brushed, limits of constraints, themes, printing, saving, scripts off, hostile
names, benchmarks. Where
HYPEREGO_YAHPO_DATA is set, one of the studies is LCBench. Pictures of every section stay in FOLDER/pictures.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys
import time

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

sys.dont_write_bytecode = True  # the folder of the sources stays as it is
from page import Page, browser  # noqa: E402

SECTIONS = ["outcome", "front", "progress", "tradeoffs", "importance", "decisions", "marginals", "trials", "health"]
HOSTILE = "</script><img src=x onerror=\"document.title='hacked'\">{a|b}\n'&amp;"

program = os.path.abspath(sys.argv[1])
folder = pathlib.Path(sys.argv[2]).absolute()
pictures = folder / "pictures"
failures = []


def check(holds, what):
    print(("ok      " if holds else "FAILED  ") + what, flush=True)
    if not holds:
        failures.append(what)


def hyperego(*arguments):
    result = subprocess.run([program, *map(str, arguments)], cwd=folder, capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"hyperego {arguments}: exit code {result.returncode}\n{result.stderr}")
    return json.loads(result.stdout) if result.stdout else None


def run(name, study):
    (folder / f"{name}.json").write_text(json.dumps({"hyperego": 1, "name": name, **study}))
    hyperego("run", f"{name}.json", "--out", name)
    return report(name)


def report(name):
    return pathlib.Path(folder / hyperego("report", name, "--draws", 4, "--replicates", 2, "--samples", 200)["report"])


def hostile_study():
    space = {"hyperparameters": [{"type": "uniform_float", "name": HOSTILE, "lower": 0, "upper": 1},
                                 {"type": "categorical", "name": "<b>b</b>", "choices": [HOSTILE, "{x|y}"]}]}
    study = {"hyperego": 1, "name": HOSTILE, "space": space, "objectives": [{"name": "f" + HOSTILE}, {"name": "<i>g</i>"}],
             "evaluator": {"external": True}, "limits": {"trials": 14}, "optimizer": {"name": "random"}}
    (folder / "hostile.json").write_text(json.dumps(study))
    hyperego("init", "hostile.json", "--out", "hostile")
    for i, trial in enumerate(hyperego("ask", "hostile", "--count", 14)):
        x = trial["configuration"][HOSTILE]
        result = ["--failed", HOSTILE] if i == 3 else ["--objectives", json.dumps([x, (1 - x) ** 2])]
        hyperego("tell", "hostile", "--trial", trial["trial"], *result)
    return report("hostile")


def constrained_study():
    """Two objectives, two constraints; trials that keep them, break them, fail, and give no values."""
    space = {"hyperparameters": [{"type": "uniform_float", "name": "rate", "lower": 0.01, "upper": 1, "log": True},
                                 {"type": "uniform_int", "name": "units", "lower": 1, "upper": 64}]}
    study = {"hyperego": 1, "name": "constrained", "space": space, "objectives": [{"name": "error"}, {"name": "accuracy", "direction": "maximize"}],
             "constraints": [{"name": "memory_mb", "upper": 512}, {"name": "throughput", "lower": 20, "upper": 90}],
             "evaluator": {"external": True}, "limits": {"trials": 40}, "optimizer": {"name": "random"}}
    (folder / "constrained.json").write_text(json.dumps(study))
    hyperego("init", "constrained.json", "--out", "constrained")
    for i, trial in enumerate(hyperego("ask", "constrained", "--count", 40)):
        c = trial["configuration"]
        memory, throughput = 12 * c["units"], 100 - c["units"]
        told = {"objectives": {"error": c["rate"] + 1 / c["units"], "accuracy": 1 - c["rate"] ** 2}, "constraints": {"memory_mb": memory, "throughput": throughput}}
        result = ["--failed", "out of memory"] if i == 5 else ["--objectives", json.dumps(told)]
        hyperego("tell", "constrained", "--trial", trial["trial"], *result)
    return report("constrained")


def benchmark():
    suite = {"hyperego_benchmark": 1, "name": "small", "seeds": [1, 2, 3], "trials": 12, "optimizers": ["random", "nsga2"],
             "tasks": [{"problem": "kursawe"}, {"problem": "zdt1", "variables": 3}, {"problem": "dtlz2", "variables": 4, "objectives": 3}]}
    (folder / "suite.json").write_text(json.dumps(suite))
    hyperego("benchmark", "suite.json", "--out", "benchmark")
    return pathlib.Path(folder / hyperego("report", "benchmark")["report"])


def limits_are_shown(page):
    """Every constraint has a panel with its limits in the figure of the front, and what broke one looks and reads like it."""
    lines = page.script("""
        const series = echarts.getInstanceByDom(document.querySelector('#figure-front .chart')).getOption().series;
        return series.filter((s) => s.name === 'limits').map((s) => s.markLine.data.map((line) => line.xAxis));""")
    digits = page.script("return echarts.getInstanceByDom(document.querySelector('#figure-front .chart')).getOption().series.find((s) => s.name === 'limits').markLine.precision")
    check(digits >= 10, f"{page.name}: limits are drawn where they are, not rounded ({digits})")
    check(lines == [[512], [512], [20, 90], [20, 90]], f"{page.name}: limits of each constraint against each objective {lines}")
    for option in page.all("#figure-front select option"):
        if option.text == "all trials":
            option.click()
    chart = page.one("#figure-front .chart")
    page.show(chart)
    x, y, trial = page.lonely_pixel("front", "infeasible")
    ActionChains(page.driver).move_to_element_with_offset(chart, round(x), round(y)).click().perform()
    time.sleep(0.3)
    text = page.one("#selection").text
    check(f"Trial {trial}" in text and "infeasible" in text and "broken: must be" in text, f"{page.name}: trial {trial} says which limit it broke")
    page.picture("selection", page.one("#selection"))
    page.one("body").send_keys(Keys.ESCAPE)
    health = page.one("#health").text
    check("memory_mb must be at most 512" in health and "out of memory" in health, f"{page.name}: limits and causes in the section on health")


def brush_by_keys(page):
    chart = page.one("#figure-parallel .chart")
    page.show(chart)
    page.script("arguments[0].focus()", chart)
    chart.send_keys(Keys.ARROW_RIGHT)
    chart.send_keys(Keys.ARROW_UP)
    time.sleep(0.5)
    text = page.one("#figure-parallel [role=status]").text
    check("quarter 1 of 4" in text and "trials inside" in text, f"{page.name}: arrow keys choose a range ({text})")
    chart.send_keys(Keys.ESCAPE)
    check(page.one("#figure-parallel [role=status]").text == "", f"{page.name}: Escape clears it")


def triangles_have_intervals(page):
    wrong = page.script("""
        const chart = echarts.getInstanceByDom(document.querySelector('#figure-tradeoffs .chart'));
        const named = chart.getOption().series.filter((s) => s.name && s.type === 'scatter' && s.data.length && s.data[0].row);
        const values = (k) => named[k].data.map((item) => item.value[2]);
        let wrong = 0;
        for (let k = 0; k + 2 < named.length; k += 3) values(k).forEach((high, i) => { if (high < values(k + 2)[i]) ++wrong; });
        return named.length % 3 === 0 && named.length >= 3 ? wrong : -1;""")
    check(wrong == 0, f"{page.name}: every disc of the triangles has a ring and a dot for its interval ({wrong})")


def tool(*command):
    result = subprocess.run(command, capture_output=True, text=True)
    return result.stdout if result.returncode == 0 else f"{command[0]} failed: {result.stderr}"


def print_it(page):
    pdf = folder / f"{page.name}.pdf"
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    pdf.write_bytes(base64.b64decode(printed))
    wide = page.script("""
        dispatchEvent(new Event('beforeprint'));
        const widths = [...document.querySelectorAll('.chart svg')].map((svg) => svg.getBoundingClientRect().width);
        dispatchEvent(new Event('afterprint'));
        return Math.max(...widths);""")
    check(wide <= 800, f"{page.name}: no figure is wider than paper ({wide})")
    page.draw_everything()
    about = tool("pdfinfo", pdf)
    pages = [int(line.split()[1]) for line in about.splitlines() if line.startswith("Pages:")]
    check(pages and pages[0] > 2, f"{page.name}: prints to PDF, on several pages {pages}")
    text = " ".join(tool("pdftotext", pdf, "-").split())
    titles = page.script("return [...document.querySelectorAll('main h2, main h3')].map((h) => h.textContent)")
    missing = [title for title in titles if " ".join(title.split()) not in text]
    check(titles and not missing, f"{page.name}: with the titles of all sections, figures and tables {missing}")
    check("tunability (Shapley value)" in text, f"{page.name}: text in figures is text")
    images = tool("pdfimages", "-list", pdf).splitlines()[2:]
    check(not images, f"{page.name}: figures are drawn by lines, not by pixels {images[:3]}")


def look_at(page, kept_sections=SECTIONS):
    name = page.name
    check([s.get_attribute("id") for s in page.all("main section")] == kept_sections, f"{name}: every section is there")
    page.draw_everything()
    empty = [f.get_attribute("id") for f in page.all("figure") if not f.find_elements(By.CSS_SELECTOR, ".chart svg path")]
    check(not empty, f"{name}: every figure is drawn {empty}")
    check(not page.all("main img, main script"), f"{name}: no element came from data")
    for section in page.all("main section"):
        page.picture(section.get_attribute("id"), section)
    wide = page.script("return document.documentElement.scrollWidth - innerWidth")
    check(wide <= 0, f"{name}: fits the width of the window ({wide})")


def choose_trials(page):
    chart = page.one("#figure-front .chart")
    page.show(chart)
    x, y, trial = page.lonely_pixel("front", "front")
    ActionChains(page.driver).move_to_element_with_offset(chart, round(x), round(y)).click().perform()
    time.sleep(0.3)
    text = page.one("#selection").text
    check(f"Trial {trial}" in text and "Why it was suggested" in text, f"{page.name}: a click on the front shows trial {trial}")
    row = page.one(f"tr[data-trial='{trial}']")
    names = [h.text for h in page.all("#table-front thead th")]
    missing = [n for n in names[2:] if n not in text]
    check(not missing, f"{page.name}: with its configuration and objectives {missing}")
    check("chosen" in row.get_attribute("class"), f"{page.name}: and marks its row")
    page.picture("selection", page.one("#selection"))
    page.one("body").send_keys(Keys.ESCAPE)
    check(not page.one("#selection").is_displayed(), f"{page.name}: Escape closes it")
    page.script("arguments[0].focus()", chart)
    chart.send_keys(Keys.ARROW_RIGHT)
    check(page.one("#selection").is_displayed(), f"{page.name}: the arrow keys choose as well")
    chart.send_keys(Keys.ESCAPE)


def lines_stay_on_their_axes(page):
    outside = page.script("""
        const chart = echarts.getInstanceByDom(document.querySelector('#figure-parallel .chart'));
        const axes = chart.getModel().queryComponents({mainType: 'parallelAxis'}).map((one) => one.axis);
        let outside = 0;
        for (const series of chart.getOption().series) for (const item of series.data) item.value.forEach((value, i) => {
          const [low, high] = axes[i].scale.getExtent();
          const room = 1e-6 * (high - low);
          if (typeof value === 'number' && axes[i].type !== 'category' && (value < low - room || value > high + room)) ++outside;
        });
        return outside;""")
    check(outside == 0, f"{page.name}: the lines of the parallel coordinates stay on their axes ({outside} values outside)")


def brush(page):
    chart = page.one("#figure-parallel .chart")
    page.show(chart)
    x, y, height = page.script("""
        const model = echarts.getInstanceByDom(arguments[0]).getModel().getComponent('parallel');
        const box = model.coordinateSystem.getRect();
        return [model.coordinateSystem.getAxisLayout('dim0').position[0] - arguments[0].clientWidth / 2,
                box.y - arguments[0].clientHeight / 2, box.height];""", chart)
    actions = ActionChains(page.driver, duration=50).move_to_element_with_offset(chart, round(x), round(y + 0.95 * height)).click_and_hold()
    for step in range(7):
        actions = actions.move_by_offset(0, round(-0.1 * height))
    actions.release().perform()
    time.sleep(0.5)
    text = page.one("#figure-parallel [role=status]").text
    check("trials inside" in text, f"{page.name}: a range of the parallel coordinates is brushed ({text})")
    marked = page.script("return echarts.getInstanceByDom(document.querySelector('#figure-front .chart')).getOption().series.find((s) => s.name === 'brushed').data.length")
    check(marked > 0, f"{page.name}: and {marked} trials are marked on the front")
    page.picture("brushed", page.one("#figure-parallel"))
    page.one("#figure-parallel .tools button").click()
    check(page.one("#figure-parallel [role=status]").text == "", f"{page.name}: ranges are cleared")


def themes_and_files(page):
    before = page.script("return getComputedStyle(document.body).backgroundColor")
    page.one("#theme").click()
    time.sleep(0.5)
    check(page.script("return getComputedStyle(document.body).backgroundColor") != before, f"{page.name}: the other theme")
    page.draw_everything()
    for name in ["front", "tradeoffs", "importance"]:
        page.picture(name + "-dark", page.one("#" + name))
    page.one("#theme").click()
    print_it(page)
    tools = page.one("#figure-hypervolume-trials .tools")
    page.show(tools)
    for button in tools.find_elements(By.CSS_SELECTOR, ".save button"):
        button.click()
        time.sleep(0.3)
    deadline = time.time() + 10
    saved = []
    while time.time() < deadline and len(saved) < 3:
        time.sleep(0.2)
        saved = [f for f in (folder / "saved").glob(f"{page.name}*") if f.suffix in (".svg", ".csv", ".json")]
    texts = {f.suffix: f.read_text() for f in saved}
    check(texts.get(".svg", "").startswith("<svg") and "hypervolume" in texts.get(".csv", "") and ".json" in texts,
          f"{page.name}: a figure is saved as SVG, CSV and JSON")
    head = page.one("#table-front thead th:nth-child(3) button")
    page.show(head)
    head.click()
    values = [float(c.get_attribute("data-value")) for c in page.all("#table-front tbody td:nth-child(3)")]
    check(values == sorted(values), f"{page.name}: the table of the front is sorted")


def nothing_said_or_asked_for(page):
    messages = [m["message"] for m in page.driver.get_log("browser") if m["level"] in ("SEVERE", "WARNING")]
    check(not messages, f"{page.name}: nothing on the console {messages[:3]}")
    asked = [a for a in page.requests() if not a.startswith("file://")]
    check(not asked, f"{page.name}: no request {asked[:3]}")


def trials_are_sorted_and_filtered(page):
    table = page.one("#table-all-trials")
    page.show(table)
    names = [h.text for h in page.all("#table-all-trials thead th")]
    column = names.index("f1")
    cells = lambda: [row.find_elements(By.TAG_NAME, "td")[column].text for row in page.all("#table-all-trials tbody tr")]
    page.all("#table-all-trials thead th button")[column].click()
    values = [float(text) for text in cells() if text]
    check(len(values) > 10 and values == sorted(values), f"{page.name}: the table of all trials is sorted")
    middle = values[len(values) // 2]
    box = page.all("#table-all-trials .filters input")[column]
    box.send_keys(f"<{middle}")
    kept = [float(text) for text in cells()]
    check(kept and all(value <= middle for value in kept) and len(kept) < len(values), f"{page.name}: and filtered ({len(kept)} of {len(values)})")
    check(f"{len(kept)} of " in page.one("#table-all-trials [role=status]").text, f"{page.name}: which it says")
    page.all("#table-all-trials .tools button")[0].click()


def figures_say_how_to_read_them(page):
    figures = page.all("figure")
    marks = page.all("figure details.reading summary")
    check(len(marks) == len(figures), f"{page.name}: every figure has its question mark ({len(marks)} of {len(figures)})")
    page.show(marks[0])
    marks[0].click()
    check(len(page.one("figure details.reading p").text) > 40, f"{page.name}: which opens how to read it")


def force_arrows_meet_at_the_lines(page):
    """The dashed lines stand where the arrows begin and meet, to the pixel: not rounded to two decimals."""
    off = page.script("""
        const figure = document.querySelector('#figure-force-1');
        const chart = echarts.getInstanceByDom(figure.querySelector('.chart'));
        const option = chart.getOption();
        const lines = option.series[2].markLine;
        const ends = option.series[0].data.flatMap((row) => [row[0], row[2]]);
        const at = (value) => chart.convertToPixel({xAxisIndex: 0}, value);
        return [lines.precision, ...lines.data.map((line) => Math.min(...ends.map((end) => Math.abs(at(end) - at(line.xAxis)))))];""")
    check(off[0] >= 10 and off[2] < 1, f"{page.name}: a force view's arrows meet at its line {off}")


def on_a_phone(page):
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": 375, "height": 800, "deviceScaleFactor": 1, "mobile": True})
    page.driver.refresh()
    page.draw_everything()
    wide = page.script("return document.documentElement.scrollWidth - innerWidth")
    check(wide <= 0, f"{page.name}: fits a phone ({wide})")
    cut = page.script("return [...document.querySelectorAll('figure svg text')].filter((t) => t.textContent.includes('…')).map((t) => t.textContent)")
    check(not cut, f"{page.name}: no name is cut on a phone {cut[:4]}")
    hints = page.script("""
        const boxes = [...document.querySelectorAll('.wide')].filter((box) => box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1);
        return [boxes.length, boxes.filter((box) => box.previousElementSibling.classList.contains('scrolls') && !box.previousElementSibling.hidden).length];""")
    check(hints[0] > 0 and hints[0] == hints[1], f"{page.name}: tables that scroll say so {hints}")
    for section in page.all("main section"):
        page.picture(section.get_attribute("id") + "-phone", section)
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def scripts_off(page, file):
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    page.open(file)
    text = page.one("body").text
    page.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    check("switched off" in text and "hypervolume of the front" in text and "report --data" in text, f"{page.name}: readable without scripts")


def running_page(driver, file):
    """What the page of a running study has besides."""
    running = folder / "running"
    running.mkdir(exist_ok=True)
    copy = running / "report.html"
    copy.write_text(file.read_text().replace('"refreshing":false', '"refreshing":true'))
    page = Page(driver, copy, pictures)
    button = page.one("#reload")
    copy.write_text(copy.read_text().replace("<h1>", "<h1>newer: "))
    button.click()
    time.sleep(1)
    check(page.one("h1").text.startswith("newer: "), "running: the page reloads itself from the file")
    nothing_said_or_asked_for(page)


def main():
    pictures.mkdir(parents=True, exist_ok=True)
    zdt1 = run("zdt1", {"evaluator": {"problem": "zdt1", "variables": 4}, "limits": {"trials": 30}})
    files = [zdt1, run("dtlz2", {"evaluator": {"problem": "dtlz2", "variables": 4, "objectives": 3}, "limits": {"trials": 20},
                                 "optimizer": {"name": "random"}})]
    if os.environ.get("HYPEREGO_YAHPO_DATA"):
        files.insert(0, run("lcbench", {"evaluator": {"yahpo": "lcbench", "instance": "167152", "objectives": ["val_accuracy", "val_cross_entropy"]},
                                        "limits": {"trials": 40}}))
    else:
        print("SKIPPED LCBench: HYPEREGO_YAHPO_DATA is not set")
    hostile = hostile_study()
    constrained = constrained_study()
    compared = benchmark()
    comparison = folder / "comparison" / "report.html"
    comparison.parent.mkdir(exist_ok=True)
    hyperego("run", "zdt1.json", "--out", "zdt1-again", "--seed", 7, "--trials", 20)
    hyperego("report", "zdt1", "zdt1-again", "--output", comparison)
    driver = browser(folder / "saved")
    try:
        for file in files:
            page = Page(driver, file, pictures)
            look_at(page)
            choose_trials(page)
            if file is files[0]:
                brush(page)
                brush_by_keys(page)
                lines_stay_on_their_axes(page)
                themes_and_files(page)
                figures_say_how_to_read_them(page)
            if file.parent.name == "dtlz2":
                triangles_have_intervals(page)
            if file.parent.name == "zdt1":
                trials_are_sorted_and_filtered(page)
                force_arrows_meet_at_the_lines(page)
                on_a_phone(page)
            nothing_said_or_asked_for(page)
        scripts_off(Page(driver, zdt1, pictures), zdt1)
        page = Page(driver, hostile, pictures)
        look_at(page)
        choose_trials_by_table(page)
        check(driver.title.startswith("</script>"), "hostile: the title is the study's name")
        nothing_said_or_asked_for(page)
        page = Page(driver, constrained, pictures)
        look_at(page)
        limits_are_shown(page)
        lines_stay_on_their_axes(page)
        nothing_said_or_asked_for(page)
        running_page(driver, zdt1)
        page = Page(driver, comparison, pictures)
        look_at(page, ["outcome", "progress", "front"])
        nothing_said_or_asked_for(page)
        page = Page(driver, compared, pictures)
        look_at(page, ["outcome", "progress", "ranks", "tasks"])
        nothing_said_or_asked_for(page)
    finally:
        driver.quit()
    print(f"pictures: {pictures}")
    if failures:
        sys.exit(f"{len(failures)} checks of the report failed")


def choose_trials_by_table(page):
    button = page.one("#table-front tbody button")
    page.show(button)
    button.click()
    check("<img src=x" in page.one("#selection").text, "hostile: names are shown as they are")


main()
