"""Claims and a share in; that share of each tried, and a row of docs/proofs.md for each, out."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.pool import Pool
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "proofs.md"
HEAD = """# Proofs

The full numbers that the tests try a share of: `make proof SEED=… SHARE=1/1`. One row a run.

| when | commit | what | seed | share | counts | failures | minutes |
|---|---|---|---|---|---|---|---|
"""

Reported = tuple[str, list[str]]


@dataclass(frozen=True, slots=True)
class Claim:
    """What must hold in so many trials; `run` tries some of them: its counts, and what was not so.

    `all_alike`: the trials are the same whatever the seed is, and are counted from 0.
    """

    what: str
    number: int
    run: Callable[[Pool, list[int]], Reported]
    all_alike: bool = False


def parser(description: str | None, worlds: str, numbers: str) -> argparse.ArgumentParser:
    """Return the options of every proof: where `worlds` start, and which share of `numbers` it tries."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument(
        "--seed",
        type=int,
        default=secrets.randbelow(2**31),
        help=f"where the {worlds} start; by default a new random number, which the row shows",
    )
    made.add_argument("--share", default="1/1", help=f"which part of the {numbers}, such as 2/4")
    made.add_argument("--write", type=Path, default=DOCUMENT)
    return made


def with_processes(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the option of how many processes try."""
    made.add_argument("--processes", type=int, default=2)
    return made


def suites(options: argparse.Namespace, *words: str) -> tuple[int, list[str]]:
    """Run pytest with these words over the share of what its tests draw from; return the number of tests that
    passed and the failures.
    """
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "-p", "no:cacheprovider", *words],
        cwd=ROOT,
        env=os.environ | {"TESTS_SHARE": options.share},
        capture_output=True,
        text=True,
        check=False,
    )
    problems = re.findall(r"^(?:FAILED|ERROR) .*$", done.stdout, re.MULTILINE)
    if done.returncode and not problems:
        problems = [(done.stdout + done.stderr)[-500:]]
    passed = re.search(r"(\d+) passed", done.stdout)
    return int(passed[1]) if passed else 0, problems


def prove(claims: Sequence[Claim], options: argparse.Namespace) -> int:
    """Try the share of each claim and write its row; exit code 1 where anything is not so."""
    first, failures = options.seed, 0
    with multiprocessing.Pool(options.processes) as pool:
        for claim in claims:
            seeds = share(options.share, 0 if claim.all_alike else first, claim.number)
            if not seeds:
                continue
            started = time.monotonic()
            reported, problems = claim.run(pool, seeds)
            close(options, claim.what, reported, problems, started)
            failures += len(problems)
    return 1 if failures else 0


def close(
    options: argparse.Namespace, what: str, reported: str, problems: Sequence[str], started: float
) -> None:
    """Write the row of a run, and print what was not so."""
    minutes = f"{(time.monotonic() - started) / 60:.1f}"
    append(
        options.write,
        row(what, options.seed, options.share, reported, str(len(problems)), minutes),
    )
    print(*problems[:200], sep="\n")
    print(f"{what}: {reported}; {len(problems)} failures in {minutes} minutes")


def share(text: str, first: int, number: int) -> list[int]:
    """Return the seeds of one part of so many."""
    part, _, parts = text.partition("/")
    return [first + each for each in range(number) if each % int(parts) == int(part) - 1]


def row(what: str, first: int, *cells: str) -> str:
    """Return the row of a run, which ends with share, counts, failures and minutes."""
    when = datetime.now(UTC).strftime("%Y-%m-%d")
    ran = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True)
    return f"| {' | '.join((when, ran.stdout.strip()[:12], what, str(first), *cells))} |\n"


def append(path: Path, text: str) -> None:
    """Add a row to the document, which begins with its head."""
    before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    path.write_text(before + text, encoding="utf-8")
