"""Run the random tests with new seeds until the time is over: `python -m tests.soak --minutes 20`.

Each round draws one number; every seed of the round follows from it. The command that repeats a failure is
printed with it, and the exit code is 1 if any test failed.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[1]
RANDOM_TEST = re.compile(
    r"\bseeds\.(of|chunks|sample|every)\(|^from hypothesis import .*given|\bsample\(\"", re.MULTILINE
)
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+(?: \S+\])?)", re.MULTILINE)


def main() -> int:
    """Run rounds until the minutes are over; exit code 1 if a test failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=20)
    options.add_argument("--only", default="", help="a part of the paths of the test files that are run")
    given = options.parse_args()
    end, failures, runs = time.monotonic() + 60 * given.minutes, 0, 0
    for number, path in draw_files(given.only):
        left = end - time.monotonic()
        if left <= 0:
            break
        runs += 1
        failures += run_file(number, path, left)
    print(f"{runs} files run with new seeds, {failures} failures")
    return 1 if failures else 0


def find_files(only: str) -> list[Path]:
    """Return the test files that draw something at random."""
    tops = [ROOT / top for top in ("tests", "api/tests", "options")]
    files = sorted(path for top in tops for path in top.rglob("test_*.py"))
    found = [path for path in files if RANDOM_TEST.search(path.read_text(encoding="utf-8"))]
    return [path for path in found if only in path.relative_to(ROOT).as_posix()]


def draw_files(only: str) -> Iterator[tuple[int, Path]]:
    """Yield all files in random order, each with a new number, again and again."""
    files = find_files(only)
    if not files:
        sys.exit(f"no test file that draws something at random has {only!r} in its path")
    while True:
        number = secrets.randbelow(2**31)
        for path in Random(number).sample(files, len(files)):
            yield number, path


def run_file(number: int, path: Path, left: float) -> int:
    """Run one file with this number, print how to repeat each failure, and return their number."""
    words = ["-m", "pytest", "-n", "2", "-p", "no:cacheprovider", str(path.relative_to(ROOT))]
    command = [sys.executable, *words, f"--hypothesis-seed={number}"]
    environment = os.environ | {"TESTS_SOAK": str(number)}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, timeout=left, capture_output=True, text=True, check=False
        )
    except subprocess.TimeoutExpired:
        # The minutes are over; that is no failure.
        return 0
    failed = FAILED.findall(done.stdout)
    for test in failed:
        print(
            f"FAILED {test}\n  repeat: TESTS_SOAK={number} python -m pytest -n 0 "
            f"--hypothesis-seed={number} '{test}'"
        )
    # 5: the file has no test that these words select.
    if done.returncode not in (0, 1, 5) or (done.returncode == 1 and not failed):
        print(
            f"FAILED {path.relative_to(ROOT)} did not run with TESTS_SOAK={number}",
            (done.stdout + done.stderr)[-2000:],
            sep="\n",
        )
        return 1
    sys.stdout.flush()
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
