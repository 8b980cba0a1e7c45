"""What stands in docs/architecture.md, and in the cells of its tables."""

from __future__ import annotations

import re

from tests.unit.architecture.sources import ROOT

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")


def cell_names(cell: str) -> list[str]:
    """Return what stands in code in a cell of a table."""
    return re.findall(r"`([\w./*-]+)`", cell)
