"""Headless Chromium and a report opened in it: what tests of reports and the pictures of the documentation have in common."""
import base64
import json
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By


def browser(downloads, width=1300, height=1000, scale=1):
    options = webdriver.ChromeOptions()
    # Only files of ours are opened; the sandbox is not there for root and in most containers.
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", f"--window-size={width},{height}",
                     f"--force-device-scale-factor={scale}"]:
        options.add_argument(argument)
    options.binary_location = "/usr/bin/chromium"
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


class Page:
    def __init__(self, driver, file, pictures):
        self.driver, self.name, self.pictures = driver, file.parent.name, pictures
        self.open(file)

    def open(self, file):
        self.driver.get_log("browser"), self.driver.get_log("performance")
        self.driver.get(file.as_uri())

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def show(self, node):
        self.script("arguments[0].scrollIntoView({block: 'center'})", node)
        time.sleep(0.3)

    def draw_everything(self):
        for figure in self.all("figure"):
            self.show(figure)

    def requests(self):
        addresses = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                addresses.append(message["params"]["request"]["url"])
        return [a for a in addresses if not a.startswith("blob:")]

    def picture(self, name, node):
        box = self.script("const r = arguments[0].getBoundingClientRect(); return [r.x + scrollX, r.y + scrollY, r.width, r.height]", node)
        clip = dict(zip(("x", "y", "width", "height"), box), scale=1)
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip})
        (self.pictures / f"{self.name}-{name}.png").write_bytes(base64.b64decode(shot["data"]))

    def lonely_pixel(self, figure, series):
        """Where the item of a scatter is that is farthest from all others, relative to the middle of the chart, and its trial."""
        return self.script("""
            const holder = document.querySelector(`#figure-${arguments[0]} .chart`);
            const chart = echarts.getInstanceByDom(holder);
            const options = chart.getOption();
            const k = options.series.findIndex((s) => s.name === arguments[1]);
            const at = (item) => chart.convertToPixel({seriesIndex: k}, item.value);
            const all = [0, 1, 2].flatMap((s) => options.series[s].data);
            const room = (item) => Math.min(...all.filter((other) => other.trial !== item.trial)
              .map((other) => Math.hypot(at(other)[0] - at(item)[0], at(other)[1] - at(item)[1])));
            const item = [...options.series[k].data].sort((a, b) => room(b) - room(a))[0];
            return [at(item)[0] - holder.clientWidth / 2, at(item)[1] - holder.clientHeight / 2, item.trial];
        """, figure, series)
