"""A seed and a share in; that share of a thousand histories told and judged, on both cores, and a row in docs/proofs.md, out."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from pathlib import Path

from tests.oracle.commit import seed
from tests.oracle.evidence.runs import Counts, run
from tests.oracle.proof import DOCUMENT, append, row, share

HISTORIES = 1000
WHAT = "who did it is true; all formats hold all that differs"


def main() -> int:
    """Run the share and write its row; exit code 1 where anything is not so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="where the histories start; by default the commit's number")
    parser.add_argument("--share", default="1/1", help="which part of the thousand, such as 2/4")
    parser.add_argument("--histories", type=int, default=HISTORIES)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    first = seed() if options.seed is None else options.seed
    counts, started = Counts(), time.monotonic()
    with multiprocessing.Pool(options.processes) as pool:
        for each in pool.imap(run, share(options.share, first, options.histories), chunksize=4):
            counts.add(each)
    minutes, problems = f"{(time.monotonic() - started) / 60:.1f}", counts.problems()
    append(options.write, row(WHAT, first, options.share, counts.told(), str(len(problems)), minutes))
    print(*problems[:200], sep="\n")
    print(f"{WHAT}: {counts.told()}; {len(problems)} failures in {minutes} minutes")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
