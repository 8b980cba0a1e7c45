"""A seed and a share in; that share of 1,000 histories and 500 tenants judged, and their rows in docs/proofs.md, out."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from multiprocessing.pool import Pool
from pathlib import Path

from tests.oracle.access import runs as access
from tests.oracle.commit import seed
from tests.oracle.evidence import runs as evidence
from tests.oracle.proof import DOCUMENT, append, row, share

HISTORIES, TENANTS = 1000, 500
EVIDENCE = "who did it is true; all formats hold all that differs"
ACCESS = "access is what tokens say, in tenants that others edited"


def main() -> int:
    """Run the share of both and write their rows; exit code 1 where anything is not so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="where the histories start; by default the commit's number")
    parser.add_argument("--share", default="1/1", help="which part of them, such as 2/4")
    parser.add_argument("--histories", type=int, default=HISTORIES)
    parser.add_argument("--tenants", type=int, default=TENANTS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    first = seed() if options.seed is None else options.seed
    failures = 0
    with multiprocessing.Pool(options.processes) as pool:
        for what, number, judged in ((EVIDENCE, options.histories, histories), (ACCESS, options.tenants, tenants)):
            seeds, started = share(options.share, first, number), time.monotonic()
            if not seeds:
                continue
            told, problems = judged(pool, seeds)
            minutes = f"{(time.monotonic() - started) / 60:.1f}"
            append(options.write, row(what, first, options.share, told, str(len(problems)), minutes))
            print(*problems[:200], sep="\n")
            print(f"{what}: {told}; {len(problems)} failures in {minutes} minutes")
            failures += len(problems)
    return 1 if failures else 0


def histories(pool: Pool, seeds: list[int]) -> tuple[str, list[str]]:
    """Judge histories; return their counts and what must not be."""
    counts = evidence.count(pool.imap(evidence.run, seeds, chunksize=4))
    return counts.told(), counts.problems()


def tenants(pool: Pool, seeds: list[int]) -> tuple[str, list[str]]:
    """Judge tenants; return how many rows of which sort, and what must not be."""
    rows: Counter[str] = Counter()
    problems: list[str] = []
    for each in pool.imap(access.run, seeds, chunksize=4):
        rows += each.rows
        problems += [f"seed {each.seed}: {failure}" for failure in each.failures]
    marks = ", ".join(f"{rows[mark]} {mark}" for mark in ("gone", "disabled", "joined", "missing", "unbuilt"))
    return f"{len(seeds)} tenants, {rows['rows']} rows, of them {marks}", problems


if __name__ == "__main__":
    sys.exit(main())
