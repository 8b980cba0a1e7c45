"""A seed and a share in; that share of what commands must make of references tried, and rows in
docs/proofs.md, out.
"""

from __future__ import annotations

import contextlib
import io
import sys
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.oracle.proving import Claim, Reported, parser, prove, with_processes
from tests.oracle.references import trials

Trial = Callable[[int, Path], str]
NUMBER, APPLIED = 1000, 200  # of the latter, each is applied to a tenant several times


def main() -> int:
    """Run the share of each and write their rows; exit code 1 where anything is not so."""
    claims = (
        Claim("offboard finds every mention", NUMBER, partial(_tried, trials.offboarded)),
        Claim("unassign finds a holder however she is named", NUMBER, partial(_tried, trials.unassigned)),
        Claim("a rename changes every mention", NUMBER, partial(_tried, trials.relabelled)),
        Claim("lock keeps a valid manifest valid", APPLIED, partial(_tried, trials.locked)),
        Claim("destroy leaves nothing in silence", APPLIED, partial(_tried, trials.destroyed)),
        Claim("a rename moves ownership tags", APPLIED, partial(_tried, trials.renamed)),
    )
    return prove(claims, with_processes(parser(__doc__, "manifests", "numbers")).parse_args())


def _tried(trial: Trial, pool: Pool, seeds: list[int]) -> Reported:
    found = pool.imap(partial(_one, trial), seeds, chunksize=4)
    return f"{len(seeds)} manifests", [problem for problem in found if problem]


def _one(trial: Trial, number: int) -> str:
    talk = io.StringIO()
    with TemporaryDirectory() as folder, contextlib.redirect_stdout(talk), contextlib.redirect_stderr(talk):
        try:
            problem = trial(number, Path(folder))
        except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
            problem = traceback.format_exc(limit=-3)
    return f"{number}: {problem}" if problem else ""


if __name__ == "__main__":
    sys.exit(main())
