"""A seed and a share in; that share of 1,000 pairs and 1,000 sequences tried, and their rows in
docs/proofs.md, out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
import traceback
from datetime import UTC, datetime
from multiprocessing.pool import Pool
from pathlib import Path

from tests.oracle import plots
from tests.oracle.commit import ROOT, commit, seed
from tests.oracle.counting import Count, count
from tests.oracle.pairs import Verdict, pair
from tests.oracle.sequences import STEPS, whole

NUMBER = 1000
DOCUMENT = ROOT / "docs" / "proofs.md"
HEAD = """# Proofs

The full numbers that the tests of every commit try a share of: `make proof SEED=… SHARE=1/1`. One row a run.

| when | commit | what | seed | share | counts | failures | minutes |
|---|---|---|---|---|---|---|---|
"""


PAIRS_OF_WORLDS = "impact is the difference of tokens; what plans, applies"
SEQUENCES = "identity is injective"


def main() -> int:
    """Run the share of both and write their rows; exit code 1 where anything is not so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=None, help="where the worlds start; by default the commit's number"
    )
    parser.add_argument("--share", default="1/1", help="which part of the thousand, such as 2/4")
    parser.add_argument("--pairs", type=int, default=NUMBER)
    parser.add_argument("--sequences", type=int, default=NUMBER)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    first = seed() if options.seed is None else options.seed
    failures = 0
    with multiprocessing.Pool(options.processes) as pool:
        for what, number, run in (
            (PAIRS_OF_WORLDS, options.pairs, pairs),
            (SEQUENCES, options.sequences, sequences),
        ):
            seeds = share(options.share, first, number)
            if not seeds:
                continue
            started = time.monotonic()
            reported, problems = run(pool, seeds)
            minutes = f"{(time.monotonic() - started) / 60:.1f}"
            append(options.write, row(what, first, options.share, reported, str(len(problems)), minutes))
            print(*problems[:200], sep="\n")
            print(f"{what}: {reported}; {len(problems)} failures in {minutes} minutes")
            failures += len(problems)
    return 1 if failures else 0


def share(text: str, first: int, number: int) -> list[int]:
    """Return the seeds of one part of so many."""
    part, _, parts = text.partition("/")
    return [first + each for each in range(number) if each % int(parts) == int(part) - 1]


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


def row(what: str, first: int, *cells: str) -> str:
    """Return the row of a run, which ends with share, counts, failures and minutes."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    return f"| {' | '.join((when, commit()[:12], what, str(first), *cells))} |\n"


def append(path: Path, text: str) -> None:
    """Add a row to the document, which begins with its head."""
    before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    path.write_text(before + text, encoding="utf-8")


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
