"""Make each defect alone in a copy, and print whether the test file named in its row notices it.

python -m tests.defects [NUMBER…] [--area AREA]

Exit code 1 if a defect is not noticed, or if its patch does not apply.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.defects.copies import Outcome, make_copy, run_tests
from tests.defects.rows import Defect, find_problems, read_rows

COPIES = 2


def main() -> int:
    """Run the chosen defects, two at a time."""
    everything = read_rows()
    areas = list(dict.fromkeys(defect.area for defect in everything))
    parser = argparse.ArgumentParser(prog="python -m tests.defects", description=__doc__.partition("\n")[0])
    parser.add_argument("numbers", nargs="*", type=int, metavar="NUMBER")
    parser.add_argument("--area", choices=areas)
    options = parser.parse_args()
    if problems := list(find_problems(everything)):
        print("\n".join(problems))
        return 1
    chosen = [
        defect
        for defect in everything
        if options.area in {None, defect.area} and (not options.numbers or defect.number in options.numbers)
    ]
    begun = time.monotonic()
    noticed = sum(_run(chosen))
    print(f"{noticed} of {len(chosen)} noticed in {(time.monotonic() - begun) / 60:.0f} minutes")
    return 0 if noticed == len(chosen) else 1


def _run(defects: Sequence[Defect]) -> list[bool]:
    with tempfile.TemporaryDirectory(prefix="defects-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(COPIES):
            copy = Path(folder) / f"copy-{number}"
            make_copy(copy)
            copies.put(copy)

        def run(defect: Defect) -> bool:
            copy = copies.get()
            try:
                outcome = run_tests(defect, copy)
            finally:
                copies.put(copy)
            print(_format_line(defect, outcome), flush=True)
            return outcome.noticed

        with ThreadPoolExecutor(COPIES) as threads:
            return list(threads.map(run, defects))


def _format_line(defect: Defect, outcome: Outcome) -> str:
    verdict = "noticed    " if outcome.noticed else "NOT NOTICED"
    return f"{defect.number:3} {verdict} {outcome.seconds:4.0f} s  {defect.says}\n        {outcome.text}"


if __name__ == "__main__":
    sys.exit(main())
