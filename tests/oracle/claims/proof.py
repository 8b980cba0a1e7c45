"""A seed and a share in; that share of 200 estates held to the rules of Entra and to `access`, and a row
of it, out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
import traceback
from pathlib import Path

from tests.oracle.claims.runs import Verdict, tried
from tests.oracle.commit import seed
from tests.oracle.proof import DOCUMENT, append, row, share

ESTATES = 200
WHAT = "access tests say what the rules and `access` say"


def main() -> int:
    """Run the share and write its row; exit code 1 where anything is not so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=None, help="where the estates start; by default the commit's number"
    )
    parser.add_argument("--share", default="1/1", help="which part of the two hundred, such as 2/4")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    first = seed() if options.seed is None else options.seed
    started = time.monotonic()
    with multiprocessing.Pool(options.processes) as pool:
        found = pool.map(judged, share(options.share, first, ESTATES), chunksize=4)
    minutes = f"{(time.monotonic() - started) / 60:.1f}"
    problems = [f"seed {each.seed}: {problem}" for each in found for problem in each.wrong]
    tests, refusals, compared = (
        sum(getattr(each, name) for each in found) for name in ("tests", "refusals", "compared")
    )
    reported = (
        f"{len(found)} estates, {tests} tests, {refusals} of them refusals, {compared} compared with `access`"
    )
    append(options.write, row(WHAT, first, options.share, reported, str(len(problems)), minutes))
    print(*problems[:200], sep="\n")
    print(f"{WHAT}: {reported}; {len(problems)} failures in {minutes} minutes")
    return 1 if problems else 0


def judged(number: int) -> Verdict:
    """Try one estate; what breaks the trial itself is its failure."""
    try:
        return tried(number)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return Verdict(number, wrong=[traceback.format_exc(limit=-3)])


if __name__ == "__main__":
    sys.exit(main())
