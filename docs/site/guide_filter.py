"""Prepares a guide for Doxygen, which puts all pages into one folder and knows no anchors of headings:

every heading gets a label PAGE-SLUG (the slug as GitHub has it), links to guides become links to pages or labels, and
links to other files are written from the root, where scripts/docs copies those files.
"""
import os
import re
import sys

import doxygen_names

path = os.path.relpath(sys.argv[1])
folder = os.path.dirname(path)
slugs = {}


def label_of(heading):
    slug = doxygen_names.slug(heading)
    slugs[slug] = slugs.get(slug, -1) + 1
    return doxygen_names.label(path, slug if slugs[slug] == 0 else f"{slug}-{slugs[slug]}")


def target(link):
    if re.match(r"[a-z]+:", link):
        return link
    file, _, anchor = link.partition("#")
    file = os.path.normpath(os.path.join(folder, file)) if file else path
    if not os.path.exists(file):
        sys.exit(f"{path}: the link {link} leads nowhere")
    if not file.endswith(".md"):
        return file
    if anchor:
        return "#" + doxygen_names.label(file, anchor)
    return "index.html" if file == "README.md" else "#" + doxygen_names.page(file)


fenced = False
title = True
for line in open(path, encoding="utf-8").read().splitlines():
    if line.startswith("```"):
        fenced = not fenced
    elif not fenced and not line.startswith("    "):
        heading = re.fullmatch(r"(#+) (.*)", line)
        if heading and title:
            plain = heading[2].replace("`", "")  # the tree of pages shows titles as they are
            line = f"# {plain} {{#{doxygen_names.page(path)}}}"
            title = False
        elif heading:
            line = f"{heading[1]} {heading[2]} {{#{label_of(heading[2])}}}"
        else:
            line = re.sub(r"!\[([^]]*)\]\(([^)]*)\)", lambda m: f'<img src="{target(m[2])}" alt="{m[1]}" width="100%">', line)
            line = re.sub(r"\]\(([^) ]*)\)", lambda m: f"]({target(m[1])})", line)
    print(line)
