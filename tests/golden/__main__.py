"""Write everything that people and programs see into a folder, to be compared byte by byte.

`make golden TO=FOLDER` before and after a change: a move leaves every file as it was (`diff -r BEFORE
AFTER`).
"""

from __future__ import annotations

import argparse
import concurrent.futures
import multiprocessing
from pathlib import Path

from tests.golden.subjects import SUBJECTS, write


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
        numbers = [pool.submit(write, options.to.resolve(), name, options.only) for name in chosen]
        for name, number in zip(chosen, numbers, strict=True):
            print(f"{number.result():6} files of {name}", flush=True)


if __name__ == "__main__":
    main()
