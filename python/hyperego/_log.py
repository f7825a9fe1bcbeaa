"""The logger of the package. Nothing is printed unless the program asks for it."""

from __future__ import annotations

import logging

__all__ = ["log"]

log = logging.getLogger("hyperego")
log.addHandler(logging.NullHandler())
