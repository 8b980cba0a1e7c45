"""A seed and a share in; that share of five thousand attacks made, on both cores, and a row in
docs/proofs.md, out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.oracle.attack.runs import Counts, tried
from tests.oracle.commit import commit, seed
from tests.oracle.proof import DOCUMENT, append

RUNS = 5000


def main() -> int:
    """Run the share and write its row; exit code 1 where an invariant broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=None, help="where the worlds start; by default the commit's number"
    )
    parser.add_argument("--share", default="1/1", help="which part of the five thousand, such as 2/4")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    first = seed() if options.seed is None else options.seed
    part, _, parts = options.share.partition("/")
    seeds = [first + number for number in range(options.runs) if number % int(parts) == int(part) - 1]
    counts, started = Counts(), time.monotonic()
    with multiprocessing.Pool(options.processes) as pool:
        for run in pool.imap(tried, seeds, chunksize=4):
            counts.add(run)
    minutes = (time.monotonic() - started) / 60
    append(options.write, row(counts, seed=first, share=options.share, minutes=minutes))
    print(*counts.failures[:200], sep="\n")
    print(f"{_reported(counts)}; {len(counts.failures)} failures in {minutes:.1f} minutes")
    return 1 if counts.failures else 0


def row(counts: Counts, *, seed: int, share: str, minutes: float) -> str:
    """Return the row of a run."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    cells = (
        when,
        commit()[:12],
        "nothing planted is armed",
        seed,
        share,
        _reported(counts),
        len(counts.failures),
        f"{minutes:.1f}",
    )
    return f"| {' | '.join(str(cell) for cell in cells)} |\n"


def _reported(counts: Counts) -> str:
    ended = ", ".join(f"{name}: {number}" for name, number in sorted(counts.endings.items()))
    return (
        f"{counts.runs} runs, {sum(counts.moves.values())} acts, {counts.granted} grants of ours, "
        f"applies {ended}"
    )


if __name__ == "__main__":
    sys.exit(main())
