"""Fails for links of the site that lead nowhere, and for anything that a browser would load from the network.

    python3 docs/site/check_links.py FOLDER
"""
import html.parser
import pathlib
import sys
import urllib.parse

root = pathlib.Path(sys.argv[1])


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.anchors, self.links, self.loaded = set(), [], []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.anchors.update(v for k, v in attributes if k in ("id", "name") and v)
        link = values.get("href") or values.get("src")
        if link is None:
            return
        self.links.append(link)
        if tag != "a":
            self.loaded.append(link)


pages = {}
for file in root.rglob("*.html"):
    pages[file.resolve()] = page = Page()
    page.feed(file.read_text(encoding="utf-8"))

faults = []
for file, page in pages.items():
    name = file.relative_to(root.resolve())
    faults += [f"{name}: loads {link}" for link in page.loaded if urllib.parse.urlparse(link).netloc]
    for link in page.links:
        parts = urllib.parse.urlparse(link)
        if parts.scheme or parts.netloc:
            continue
        there = (file.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else file
        anchor = urllib.parse.unquote(parts.fragment)
        if anchor == "nested-classes":
            continue  # Doxygen's own summary links to it where all nested classes are private
        if not there.is_file():
            faults.append(f"{name}: {link} leads nowhere")
        elif anchor and there in pages and anchor not in pages[there].anchors:
            faults.append(f"{name}: {link} has no such place")
print("\n".join(sorted(set(faults))) or f"{len(pages)} pages, no dead link")
sys.exit(bool(faults))
