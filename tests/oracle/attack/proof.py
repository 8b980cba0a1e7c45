"""A seed and a share in; that share of five thousand attacks made, on both cores, and a row in
docs/proofs.md, out.
"""

from __future__ import annotations

import sys
from multiprocessing.pool import Pool

from tests.oracle.attack.runs import Counts, tried
from tests.oracle.proving import Claim, Reported, parser, prove, with_processes

RUNS = 5000
WHAT = "nothing planted is armed"


def main() -> int:
    """Run the share and write its row; exit code 1 where an invariant broke."""
    options = with_processes(parser(__doc__, "worlds", "five thousand"))
    options.add_argument("--runs", type=int, default=RUNS)
    given = options.parse_args()
    return prove([Claim(WHAT, given.runs, attacks)], given)


def attacks(pool: Pool, seeds: list[int]) -> Reported:
    """Make attacks; return their counts and what broke."""
    counts = Counts()
    for run in pool.imap(tried, seeds, chunksize=4):
        counts.add(run)
    return _reported(counts), counts.failures


def _reported(counts: Counts) -> str:
    ended = ", ".join(f"{name}: {number}" for name, number in sorted(counts.endings.items()))
    return (
        f"{counts.runs} runs, {sum(counts.moves.values())} acts, {counts.granted} grants of ours, "
        f"applies {ended}"
    )


if __name__ == "__main__":
    sys.exit(main())
