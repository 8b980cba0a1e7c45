"""Compare the emulator's load now with its load at a commit.

`python -m tools.bench.load_beside COMMIT [--rounds 3] [--quick]`

Each figure of `python -m tools.bench load` in one row: then, now, and their ratio. The two take turns: a busy
machine slows both.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parents[2]
# The columns of the load's table that are compared, by their place.
FIGURES = {"a minute": 5, "p50 ms": 6, "p99 ms": 7, "CPU s of both": 9, "peak MiB": 10}
HEAD = "| directory | load | what |" + "".join(f" {name}: then | now | now / then |" for name in FIGURES)
COLUMNS = 11
Figures = dict[tuple[str, str, str], list[dict[str, float]]]


def main() -> None:
    """Check the commit out beside this tree, and let both take turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", help="what to compare with")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of all")
    options = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}; median of {options.rounds} "
        "rounds in turn\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        then = Path(folder) / "then"
        _git("worktree", "add", "--detach", str(then), options.commit)
        try:
            found: dict[Path, Figures] = {then: defaultdict(list), HERE: defaultdict(list)}
            for _ in range(options.rounds):
                for tree, figures in found.items():
                    for text in _run(tree, quick=options.quick):
                        add(figures, text)
        finally:
            _git("worktree", "remove", "--force", str(then))
    print(HEAD, "|---|---|---|" + "---:|---:|---:|" * len(FIGURES), *rows(found[then], found[HERE]), sep="\n")


def add(figures: Figures, text: str) -> None:
    """Note a row of the load's table; other lines are none."""
    cells = [cell.strip() for cell in text.strip().strip("|").split("|")]
    if len(cells) == COLUMNS and cells[3].isdecimal():
        figures[cells[0], cells[1], cells[2]].append(
            {name: float(cells[place]) for name, place in FIGURES.items()}
        )


def rows(then: Figures, now: Figures) -> Iterator[str]:
    """Yield a row for each load that both have."""
    for key, old in then.items():
        if key not in now:
            continue
        cells = list(key)
        for name in FIGURES:
            first, second = (statistics.median(each[name] for each in rounds) for rounds in (old, now[key]))
            cells += [f"{first:g}", f"{second:g}", f"{second / first:.2f}" if first else ""]
        yield "| " + " | ".join(cells) + " |"


def _run(tree: Path, *, quick: bool) -> list[str]:
    package = "tools.bench" if (tree / "tools/bench").exists() else "bench"  # its place until 2026-12-01
    command = [sys.executable, "-m", f"{package}.emulator_load", *(["--quick"] if quick else [])]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(command, cwd=tree, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=HERE, check=True, capture_output=True)


if __name__ == "__main__":
    main()
