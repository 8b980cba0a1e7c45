"""Write everything that people and programs see into a folder, to be compared byte by byte.

`make golden TO=FOLDER` before and after a change: a move leaves every file as it was (`diff -r BEFORE
AFTER`).
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.golden import cases, conformance, examples, fleet, pages, printed

# What is written below each folder. The longest are first: two run at a time.
SUBJECTS: dict[str, Callable[[str], Iterator[tuple[str, str]]]] = {
    "conformance": conformance.files,
    "cases": cases.files,
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


def main() -> None:
    """Write the subjects that are asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__.partition("\n")[0])
    parser.add_argument("to", type=Path, help="an empty folder")
    parser.add_argument(
        "subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(SUBJECTS)}; default: all"
    )
    parser.add_argument("--only", default="", metavar="WORDS", help="cases and tests with this in their name")
    options = parser.parse_args()
    if options.to.exists() and any(options.to.iterdir()):
        raise SystemExit(f"{options.to} is not empty")
    chosen = [name for name in SUBJECTS if name in (options.subjects or SUBJECTS)]
    # Each in its own process: commands change the folder and the environment.
    spawned = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=spawned) as pool:
        numbers = [pool.submit(write, options.to, name, options.only) for name in chosen]
        for name, number in zip(chosen, numbers, strict=True):
            print(f"{number.result():6} files of {name}", flush=True)


if __name__ == "__main__":
    main()
