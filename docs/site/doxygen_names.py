"""Names of pages and headings in the site."""
import os
import re


def slug(heading):
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def page(path):
    if path == "README.md":
        return "mainpage"  # Doxygen's name of what becomes index.html
    return "guide-" + re.sub(r"[^a-z0-9]+", "-", os.path.splitext(path)[0].lower())


def label(path, anchor):
    return page(path) + "--" + anchor
