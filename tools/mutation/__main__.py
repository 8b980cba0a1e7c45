"""Sixty small mistakes, one after another, in a copy of this commit in; which of them no test notices out.

python tools/mutation [--seed HASH] [--count 60] [--only PATH] [--function NAME]

The sample is drawn by the commit's hash: twenty from the engine, twenty from the emulator, twenty from the
API. Each mistake meets the tests that name its module or its function first, then those of its folder, then
the rest; the first failure that goes away with it ends it. A mutation that changes nothing anybody could
observe stands in `equivalent.txt` with the reason, three at most. Exit code 1 where fewer than nine of ten
are noticed.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from mutations import Mutation, of

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).parent / "equivalent.txt"
AREAS = ("entra_config", "entra_config/emulator", "api")
LEFT_OUT = ("api/tests", "api/generated", "api/docs")
REST = {
    "entra_config": ("tests/unit", "tests/cases", "tests/convergence"),
    "entra_config/emulator": ("tests/unit/emulator", "tests/conformance", "tests/cases", "tests/unit/cli"),
    "api": ("api/tests",),
}
MARKS = "not clients and not faults and not oracles and not installs and not browser"
# Needs a browser, a checkout with tags or another program: no copy has these.
NEVER = ("tests/unit/cli/test_main.py",)
LONGEST = 900  # seconds; what hangs is noticed too
WORTH = 0.9


@dataclass(frozen=True)
class Mistake:
    """One mutation of one file."""

    path: str
    area: str
    mutation: Mutation

    @property
    def name(self) -> str:
        """Return what `equivalent.txt` calls it."""
        return f"{self.path} {self.mutation.key}"


def sample(seed: str, count: int, only: str, function: str) -> list[Mistake]:
    """Draw mistakes, the same ones for a seed and a commit; all that fit where a path or a function is
    named.
    """
    drawn: list[Mistake] = []
    for area in AREAS:
        found = [mistake for path in _files(area) for mistake in _mistakes(path, area)]
        if only or function:
            drawn += [
                each for each in found if each.path.startswith(only) and function in each.mutation.function
            ]
        else:
            random.Random(f"{seed} {area}").shuffle(found)
            drawn += list(islice(filter(_compiles, found), count // len(AREAS)))
    return drawn


def _compiles(mistake: Mistake) -> bool:
    try:
        ast.parse(mistake.mutation.text)
    except SyntaxError:  # `x.y (not z)`: no mistake that anybody could commit
        return False
    return True


def _mistakes(path: str, area: str) -> Iterator[Mistake]:
    yield from (Mistake(path, area, mutation) for mutation in of((ROOT / path).read_text(encoding="utf-8")))


def _files(area: str) -> Iterator[str]:
    for path in sorted((ROOT / area).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        inner = [each for each in AREAS if each != area and each.startswith(f"{area}/")]
        if not name.startswith((*LEFT_OUT, *(f"{each}/" for each in inner))):
            yield name


def stages(mistake: Mistake) -> Iterator[list[str]]:
    """Yield the tests that a mistake meets, the nearest first."""
    module = mistake.path.removesuffix(".py").replace("/", ".")
    names = {
        module,
        f"{module.rpartition('.')[0]} import {module.rpartition('.')[2]}",
        mistake.mutation.function.rpartition(".")[2],
    }
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(names)))
    folders = REST[mistake.area]
    tests = [path for folder in folders for path in sorted((ROOT / folder).rglob("test_*.py"))]
    tests = [path for path in tests if path.relative_to(ROOT).as_posix() not in NEVER]
    near = [path for path in tests if pattern.search(path.read_text(encoding="utf-8"))]
    room = mistake.path.split("/")[1]
    same = [path for path in tests if room in path.parts and path not in near]
    rest = [path for path in tests if path not in near and path not in same]
    for stage in (near, same, rest):
        if stage:
            yield [path.relative_to(ROOT).as_posix() for path in dict.fromkeys(stage)]


def noticed(mistake: Mistake, copy: Path, red: set[str]) -> str:
    """Return the first test that fails because of a mistake in the copy; "" where none does. `red` fail
    without one, too.
    """
    file = copy / mistake.path
    was = file.read_text(encoding="utf-8")
    for stage in stages(mistake):
        while True:
            file.write_text(mistake.mutation.text, encoding="utf-8")
            try:
                failed = _failure(stage, copy, red)
            finally:
                file.write_text(was, encoding="utf-8")
            # What hung, or could not even be collected, did so because of the mistake.
            if "::" not in failed or not _failure([failed], copy, set()):
                break
            red.add(failed)
        if failed:
            return failed
    return ""


def _failure(tests: Sequence[str], copy: Path, red: Collection[str]) -> str:
    """Return the first test that fails in the copy as it stands; "" where none does."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", MARKS, *tests]
    command += [f"--deselect={test}" for test in sorted(red)]
    environ = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=copy, env=environ, capture_output=True, text=True, check=False, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        return f"nothing for {LONGEST} s"
    if done.returncode in {0, 5}:  # 5: none of these tests is without the marks
        return ""
    said = re.findall(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", done.stdout, re.MULTILINE)
    return str(said[-1]) if said else (done.stdout + done.stderr)[-110:]


def equivalents() -> dict[str, str]:
    """Return the mutations that nobody could observe, with the reason."""
    lines = EQUIVALENT.read_text(encoding="utf-8").splitlines() if EQUIVALENT.exists() else []
    pairs = (line.rpartition("  # ") for line in lines if line and not line.startswith("#"))
    return {name.strip(): why for name, _, why in pairs}


def _commit() -> str:
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    return asked.stdout.strip()


def run(mistakes: Sequence[Mistake]) -> tuple[int, int]:
    """Print what becomes of each mistake; return how many were noticed, of how many that anybody could."""
    known, met, found, red = equivalents(), 0, 0, set[str]()
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        copy = Path(folder) / "copy"
        subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(copy)], check=True)
        for mistake in mistakes:
            where = f"{mistake.path}:{mistake.mutation.line} {mistake.mutation.key}"
            if mistake.name in known:
                print(f"equivalent  {where}: {known[mistake.name]}", flush=True)
                continue
            by = noticed(mistake, copy, red)
            met, found = met + 1, found + bool(by)
            print(f"{'noticed ' if by else 'SURVIVED'}    {where}{f'  by {by}' if by else ''}", flush=True)
    if red:
        print("red without any mistake, and left out:", *sorted(red), sep="\n  ")
    return found, met


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
