"""A seed and a share in; that share of 200 estates held to the rules of Entra and to `access`, and a row
of it, out.
"""

from __future__ import annotations

import sys
import traceback
from multiprocessing.pool import Pool

from tests.oracle.claims.runs import Verdict, tried
from tests.oracle.proving import Claim, Reported, parser, prove, with_processes

ESTATES = 200
WHAT = "access tests say what the rules and `access` say"


def main() -> int:
    """Run the share and write its row; exit code 1 where anything is not so."""
    options = with_processes(parser(__doc__, "estates", "two hundred")).parse_args()
    return prove([Claim(WHAT, ESTATES, estates)], options)


def estates(pool: Pool, seeds: list[int]) -> Reported:
    """Judge estates; return their counts and what must not be."""
    found = pool.map(judged, seeds, chunksize=4)
    problems = [f"seed {each.seed}: {problem}" for each in found for problem in each.wrong]
    tests, refusals, compared = (
        sum(getattr(each, name) for each in found) for name in ("tests", "refusals", "compared")
    )
    reported = (
        f"{len(found)} estates, {tests} tests, {refusals} of them refusals, {compared} compared with `access`"
    )
    return reported, problems


def judged(number: int) -> Verdict:
    """Try one estate; what breaks the trial itself is its failure."""
    try:
        return tried(number)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return Verdict(number, wrong=[traceback.format_exc(limit=-3)])


if __name__ == "__main__":
    sys.exit(main())
