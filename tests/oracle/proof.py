"""A seed and a share in; that share of 1,000 pairs, 1,000 sequences and 1,000 tenants read in two ways tried,
and their rows in docs/proofs.md, out.
"""

from __future__ import annotations

import sys
import traceback
from multiprocessing.pool import Pool

from tests.oracle import plots
from tests.oracle.counting import Count, count
from tests.oracle.pairs import Verdict, pair
from tests.oracle.proving import Claim, parser, prove, with_processes
from tests.oracle.sequences import STEPS, whole
from tests.oracle.two_ways import difference

NUMBER = 1000
PAIRS_OF_WORLDS = "impact is the difference of tokens; what plans, applies"
SEQUENCES = "identity is injective"
READINGS = "lists and reads by key give the same reports"


def main() -> int:
    """Run the share of each and write its row; exit code 1 where anything is not so."""
    options = with_processes(parser(__doc__, "worlds", "thousand"))
    options.add_argument("--pairs", type=int, default=NUMBER)
    options.add_argument("--sequences", type=int, default=NUMBER)
    options.add_argument("--readings", type=int, default=NUMBER)
    given = options.parse_args()
    claims = (
        Claim(PAIRS_OF_WORLDS, given.pairs, pairs),
        Claim(SEQUENCES, given.sequences, sequences),
        Claim(READINGS, given.readings, readings),
    )
    return prove(claims, given)


def pairs(pool: Pool, seeds: list[int]) -> tuple[str, list[str]]:
    """Try pairs; return their counts and what must not be."""
    found = count(pool.imap(tried, seeds, chunksize=4))
    return _counts(found), found.problems()


def tried(number: int) -> Verdict:
    """Try one pair; what breaks the trial itself is its failure."""
    try:
        return pair(number)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return Verdict(number, (), failed=(traceback.format_exc(limit=-3),))


def sequences(pool: Pool, seeds: list[int]) -> tuple[str, list[str]]:
    """Tell sequences of edits; return how many, and what must not be."""
    problems = [problem for problem in pool.imap(edited, seeds, chunksize=4) if problem]
    return f"{len(seeds)} sequences of {STEPS} edits", problems


def edited(number: int) -> str:
    """Tell one sequence; return what was wrong with it."""
    try:
        whole(number)
    except Exception as error:  # noqa: BLE001  # a proof counts what broke, and goes on
        return f"sequence {number}: {type(error).__name__}: {error}"
    return ""


def readings(pool: Pool, seeds: list[int]) -> tuple[str, list[str]]:
    """Read tenants by lists and by key; return how many, and where commands say something else."""
    problems = [problem for problem in pool.imap(read, seeds, chunksize=4) if problem]
    return f"{len(seeds)} tenants, each planned, compared and listed in both ways", problems


def read(number: int) -> str:
    """Read one tenant in both ways; return what was wrong with it."""
    try:
        problem = difference(number)
    except Exception as error:  # noqa: BLE001  # a proof counts what broke, and goes on
        problem = f"{type(error).__name__}: {error}"
    return f"tenant {number}: {problem}" if problem else ""


def _counts(found: Count) -> str:
    refused = ", ".join(f"{name}: {number}" for name, number in sorted(found.refused.items()))
    least = min(found.shapes[shape.__name__] for shape in plots.MAIN)
    reported = (
        f"{found.pairs} pairs, {found.carried_out} carried out ({found.protected} protected), "
        f"{found.true} true"
    )
    reported += f", each shape at least {least} times"
    return f"{reported}, {sum(found.refused.values())} refused ({refused})" if refused else reported


if __name__ == "__main__":
    sys.exit(main())
