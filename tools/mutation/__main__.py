"""Sixty small mistakes, one after another, in a copy of this commit in; which of them no test notices out.

python tools/mutation [--seed HASH] [--count 60] [--only PATH] [--function NAME]

The sample is drawn by the commit's hash: twenty from the engine, twenty from the emulator, twenty from the
API. One run of the quick tests without a mistake tells which of them run the statement of which mistake,
and how long they take; each mistake then meets those alone, the nearest and quickest first, and the first
failure that goes away with it ends it. They are collected once, and run in forks that take the mistake's code
(`forking.py`); what runs while modules are imported, or collects with threads of its own, meets a process of
its own where no fork noticed it. Tests that take four times their time and a minute hang, which is a failure
like any other, and is said. A mutation that changes nothing anybody could observe stands in
`equivalent.txt` with the reason, three at most. Exit code 1 where fewer than nine of ten are noticed.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from drawing import ROOT, Mistake, sample
from forks import Forks
from reaching import Reach, measure, suite

EQUIVALENT = Path(__file__).parent / "equivalent.txt"
TESTS = ("tests/unit", "tests/cases", "tests/conformance", "tests/convergence/test_crash.py", "api/tests")
MARKS = "not clients and not faults and not oracles and not installs and not browser"
# Needs a browser, a checkout with tags or another program, or reads sources: of no use in a copy.
NEVER = (
    *(f"tests/unit/cli/test_{name}.py" for name in ("main", "completion", "heavy_imports")),
    "tests/unit/architecture",
)
# One test of it sends thousands of requests: too long to be met by each mutant.
LONG = ("api/tests/test_contract.py",)
PACKAGES = ("spa/node_modules", "tools/newman/node_modules")
UNTIMED = 240.0  # seconds of tests whose own time is not known
HANGS = "a hang: nothing within"
PATIENCE = 90.0  # seconds of tests that a mistake meets at most; what needs more is not noticed
QUICK = 1.0  # seconds; a test of another room comes before one that takes longer
COPIES = 2
WORTH = 0.9


def near(mistake: Mistake) -> list[str]:
    """Return the files of tests that name a mistake's module, or its function, or the class of a method that
    Python calls by itself: for what no single test runs, as it runs while modules are imported.
    """
    module = mistake.path.removesuffix(".py").replace("/", ".")
    owner, _, function = mistake.mutation.function.rpartition(".")
    names = {
        module,
        f"{module.rpartition('.')[0]} import {module.rpartition('.')[2]}",
        owner.rpartition(".")[2] if owner and function.startswith("__") else function,
    }
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(names)))
    tests = [path for folder in TESTS for path in sorted((ROOT / folder).rglob("test_*.py"))]
    named = [path for path in tests if pattern.search(path.read_text(encoding="utf-8"))]
    return [name for path in named if not (name := path.relative_to(ROOT).as_posix()).startswith(NEVER)]


@dataclass(frozen=True)
class Copy:
    """A copy of the commit, and what forks for the mistakes in it."""

    folder: Path
    forks: Forks


def noticed(mistake: Mistake, copy: Copy, reach: Reach) -> str:
    """Return the first test that fails because of a mistake in the copy; "" where none does."""
    chosen = worth(mistake, reach) or near(mistake)
    known = {test for test in chosen if "::" in test and not test.startswith(LONG)}
    forked = [test for test in chosen if test in known]
    failed, placed = _forked(mistake, copy, reach, forked) if forked else ("", False)
    if failed:
        return failed
    if not placed or mistake.place in reach.early:
        return _alone(mistake, copy.folder, reach, chosen)
    return _alone(mistake, copy.folder, reach, [test for test in chosen if test not in known])


def _limit(tests: Sequence[str], reach: Reach) -> float:
    return 60 + 4 * (sum(reach.seconds.get(test, 0.0) for test in tests) or UNTIMED)


def _forked(mistake: Mistake, copy: Copy, reach: Reach, tests: Sequence[str]) -> tuple[str, bool]:
    """Return the first test that fails because of a mistake, in a fork, and whether one could have it."""
    file, red, limit = copy.folder / mistake.path, set(reach.red), _limit(tests, reach)
    was, text = file.read_text(encoding="utf-8"), mistake.mutation.text
    while True:
        file.write_text(text, encoding="utf-8")  # for programs that tests start
        try:
            found = copy.forks.verdict(tests, red, limit, path=mistake.path, text=text)
        finally:
            file.write_text(was, encoding="utf-8")
        if found.hangs:
            if not copy.forks.verdict(tests, red, limit).hangs:
                return f"{HANGS} {limit:.0f} s", True
            return "", False  # they hang in a fork without the mistake too: a process of its own tells
        if not found.failed or not copy.forks.verdict([found.failed], (), limit).failed:
            return found.failed, found.placed
        red.add(found.failed)


def _alone(mistake: Mistake, copy: Path, reach: Reach, chosen: Sequence[str]) -> str:
    """Return the first test that fails because of a mistake, in a process that begins with it."""
    file = copy / mistake.path
    was = file.read_text(encoding="utf-8")
    red: set[str] = set()
    files = {test.partition("::")[0] for test in chosen}
    limit, patient = _limit(chosen, reach), False
    while tests := [test for test in chosen if test not in red]:
        file.write_text(mistake.mutation.text, encoding="utf-8")
        try:
            failed = _failure(tests, copy, red | reach.red, limit)
        finally:
            file.write_text(was, encoding="utf-8")
        if not failed:
            return ""
        if failed.startswith(HANGS):
            if not _failure(tests, copy, red | reach.red, limit).startswith(HANGS):
                return failed
            # They hang without the mistake too: the machine has more to do than when they were timed.
            if patient:
                return ""
            limit, patient = 2 * limit, True
        elif failed.partition("::")[0] not in files:
            # Not even begun: the mistake is in what all tests import, or these are no tests.
            again = _failure(tests, copy, red | reach.red, limit)
            if again and again.partition("::")[0] not in files:
                raise RuntimeError(f"tests of {mistake.where} cannot be run: {again}")
            return failed
        # What could not even be collected could not because of the mistake.
        elif "::" not in failed or not _failure([failed], copy, set(), limit):
            return failed
        else:
            red.add(failed)
    return ""


def worth(mistake: Mistake, reach: Reach) -> list[str]:
    """Return the tests that run a mistake's statement: those of its own module, by their name, then those of
    its room that are quick, then the quickest; as many as there is time for.
    """
    room, spent = mistake.path.split("/")[1], 0.0
    module = Path(mistake.path).stem

    def far(test: str) -> int:
        if module in test.partition("::")[0]:
            return 0
        return 1 if room in test and reach.seconds.get(test, 0.0) <= QUICK else 2

    chosen: list[str] = []
    for test in sorted(reach.of(mistake.place), key=far):
        spent += reach.seconds.get(test, 0.0)
        if chosen and spent > PATIENCE:
            break
        chosen.append(test)
    return chosen


def _failure(tests: Sequence[str], copy: Path, red: Collection[str], limit: float) -> str:
    """Return the first test that fails in the copy as it stands, or that they hang; "" where none does."""
    chosen = copy / "chosen.txt"
    chosen.write_text("\n".join(tests), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", MARKS]
    command += [f"@{chosen}", *(f"--deselect={test}" for test in sorted(red))]
    environ = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    # A session of its own: what hangs goes with all programs that it started.
    with subprocess.Popen(
        command,
        cwd=copy,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as program:
        try:
            output, _ = program.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            return f"{HANGS} {limit:.0f} s"
    if program.returncode in {0, 5}:  # 5: none of these tests is without the marks
        return ""
    said = re.findall(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", output, re.MULTILINE)
    return str(said[-1]) if said else output[-110:]


def equivalents() -> dict[str, str]:
    """Return the mutations that nobody could observe, with the reason."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines()
    pairs = (line.rpartition("  # ") for line in lines if line and not line.startswith("#"))
    return {name.strip(): why for name, _, why in pairs}


def _commit() -> str:
    requested = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    return requested.stdout.strip()


def run(mistakes: Sequence[Mistake]) -> tuple[int, int]:
    """Print what becomes of each mistake; return how many were noticed, of how many that anybody could."""
    known = equivalents()
    for mistake in mistakes:
        if mistake.name in known:
            print(f"equivalent  {mistake.where}: {known[mistake.name]}", flush=True)
    met = [mistake for mistake in mistakes if mistake.name not in known]
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        folders = [Path(folder) / f"copy-{number}" for number in range(COPIES)]
        for each in folders:
            subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(each)], check=True)
            for package in PACKAGES:  # what some tests run with Node
                (each / package).symlink_to(ROOT / package)
        begun = time.monotonic()
        reach = measure(folders[0], [mistake.place for mistake in met], suite(TESTS, MARKS, left_out=NEVER))
        print(f"who runs what: {(time.monotonic() - begun) / 60:.1f} minutes", flush=True)
        for test in sorted(reach.red):
            print(f"red without any mistake, and left out: {test}", flush=True)
        return _met(met, folders, reach), len(met)


def _met(mistakes: Sequence[Mistake], folders: Sequence[Path], reach: Reach) -> int:
    """Print what becomes of each mistake in the copies; return how many were noticed."""
    left_out = [f"--ignore={each}" for each in (*NEVER, *LONG)]
    options = ["-m", MARKS, *left_out, *TESTS]
    copies: Queue[Copy] = Queue()
    with ThreadPoolExecutor(COPIES) as together:
        for copy in together.map(lambda folder: Copy(folder, Forks(folder, options)), folders):
            copies.put(copy)

    def one(mistake: Mistake) -> bool:
        copy = copies.get()
        try:
            by = noticed(mistake, copy, reach)
        finally:
            copies.put(copy)
        by_whom = f"  by {by}" if by else ""
        print(f"{'noticed ' if by else 'SURVIVED'}    {mistake.where}{by_whom}", flush=True)
        return bool(by)

    with ThreadPoolExecutor(COPIES) as together:
        found = sum(together.map(one, mistakes))
    while not copies.empty():
        copies.get().forks.close()
    return found


def main() -> int:
    """Run the sample and say how much of it was noticed."""
    parser = argparse.ArgumentParser(prog="tools/mutation", description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", help="a hash; the commit's")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument(
        "--only", default="", metavar="PATH", help="all mutations of the files whose path begins so"
    )
    parser.add_argument(
        "--function", default="", metavar="NAME", help="all mutations of functions with this in their name"
    )
    options = parser.parse_args()
    seed, begun = options.seed or _commit(), time.monotonic()
    found, met = run(sample(seed, options.count, options.only, options.function))
    print(f"\nseed {seed[:12]}: {found} of {met} noticed, {(time.monotonic() - begun) / 60:.0f} minutes")
    return 0 if found >= WORTH * met else 1


if __name__ == "__main__":
    sys.exit(main())
