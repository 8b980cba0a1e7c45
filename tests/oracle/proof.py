"""A seed and a share in; that share of the thousand pairs tried, on both cores, and a row in docs/proofs.md, out."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path

from tests.oracle.commit import ROOT, commit, seed
from tests.oracle.counting import Count, count
from tests.oracle.pairs import Verdict, pair

PAIRS = 1000
DOCUMENT = ROOT / "docs" / "proofs.md"
HEAD = """# Proofs

The full numbers that the tests of every commit try a share of: `make proof SEED=… SHARE=1/1`. One row a run.

| when | commit | what | seed | share | counts | failures | minutes |
|---|---|---|---|---|---|---|---|
"""


def main() -> int:
    """Run the share and write its row; exit code 1 where anything is not so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="where the worlds start; by default the commit's number")
    parser.add_argument("--share", default="1/1", help="which part of the thousand, such as 2/4")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    first = seed() if options.seed is None else options.seed
    part, _, parts = options.share.partition("/")
    seeds = [first + number for number in range(options.pairs) if number % int(parts) == int(part) - 1]
    started = time.monotonic()
    with multiprocessing.Pool(options.processes) as pool:
        found = count(pool.imap(tried, seeds, chunksize=4))
    problems = found.problems()
    minutes = (time.monotonic() - started) / 60
    append(options.write, row(found, problems, seed=first, share=options.share, minutes=minutes))
    print(*problems[:200], sep="\n")
    print(f"{_counts(found)}; {len(problems)} failures in {minutes:.1f} minutes")
    return 1 if problems else 0


def tried(number: int) -> Verdict:
    """Try one pair; what breaks the trial itself is its failure."""
    try:
        return pair(number)
    except Exception:  # noqa: BLE001  (a proof counts what broke, and goes on)
        return Verdict(number, (), failed=(traceback.format_exc(limit=-3),))


def row(found: Count, problems: list[str], *, seed: int, share: str, minutes: float) -> str:
    """Return the row of a run."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    what = "impact is the difference of tokens; what plans, applies"
    cells = (when, commit()[:12], what, seed, share, _counts(found), len(problems), f"{minutes:.1f}")
    return f"| {' | '.join(str(cell) for cell in cells)} |\n"


def append(path: Path, text: str) -> None:
    """Add a row to the document, which begins with its head."""
    before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    path.write_text(before + text, encoding="utf-8")


def _counts(found: Count) -> str:
    refused = ", ".join(f"{name}: {number}" for name, number in sorted(found.refused.items()))
    least = min(found.shapes.values(), default=0)
    told = f"{found.pairs} pairs, {found.carried_out} carried out, {found.true} true, each shape at least {least} times"
    return f"{told}, {sum(found.refused.values())} refused ({refused})" if refused else told


if __name__ == "__main__":
    sys.exit(main())
