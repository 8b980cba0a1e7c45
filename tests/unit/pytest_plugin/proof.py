"""A seed and a share in; that share of a thousand shuffled runs of neighbours, and a row of it, out."""

from __future__ import annotations

import random
import sys
import traceback
from functools import cache
from multiprocessing.pool import Pool
from pathlib import Path

from entra_config.pytest_plugin import base
from entra_emulator.directory import Tenants
from tests.oracle.proving import Claim, Reported, parser, prove, with_processes
from tests.unit.pytest_plugin.neighbours import AT_ONCE, shuffled

RUNS = 1000
WHAT = "a write in one test is never seen by its neighbour"


def main() -> int:
    """Run the share and write its row; exit code 1 where anything is not so."""
    options = with_processes(parser(__doc__, "runs", "thousand")).parse_args()
    return prove([Claim(WHAT, RUNS, runs)], options)


def runs(pool: Pool, seeds: list[int]) -> Reported:
    """Try the runs; return their counts and what must not be."""
    problems = [each for each in pool.map(tried, seeds, chunksize=10) if each]
    return f"{len(seeds)} shuffled runs of {AT_ONCE} tests", problems


def tried(seed: int) -> str:
    """Try one run; what breaks the trial itself is its failure."""
    try:
        shuffled(_base(), random.Random(seed))
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return f"seed {seed}: {traceback.format_exc(limit=-3)}"
    return ""


@cache
def _base() -> Tenants:
    return base.make(Path(__file__).parents[3], "manifests", "dev", "")


if __name__ == "__main__":
    sys.exit(main())
