"""Name what is written and who yields it, and write it below a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.golden import cases, conformance, errors, examples, fleet, pages, printed

# What is written below each folder. The longest are first: two run at a time.
SUBJECTS: dict[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "conformance": conformance.files,
    "cases": cases.files,
    "errors": errors.files,
    "examples": examples.files,
    "fleet": fleet.files,
    "pages": pages.files,
    "printed": printed.files,
}


def write(to: Path, subject: str, only: str = "") -> int:
    """Write the files of one subject below a folder and return how many there are; `only` is a part of the
    name of a case or of a conformance test.
    """
    names = []
    for name, text in SUBJECTS[subject](only):
        path = to / subject / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
        names.append(name)
    assert len(names) == len(set(names)), "two files have the same name"
    return len(names)
