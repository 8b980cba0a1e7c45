"""Try a share of the manifests with consents, and write its rows of docs/proofs.md."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.pool import Pool
from typing import TypeVar

from tests.oracle.consents import names, runs
from tests.oracle.consents.names import NamesVerdict
from tests.oracle.consents.runs import Verdict
from tests.oracle.proving import Claim, Reported, parser, prove, with_processes

MANIFESTS = 1000
V = TypeVar("V", Verdict, NamesVerdict)


def main() -> int:
    """Try the share of each claim and write its row; exit code 1 where anything is wrong."""
    claims = (
        Claim("a consent link grants exactly what the policy skipped", MANIFESTS, links),
        Claim("what is granted has the name that was asked for", MANIFESTS, permissions),
    )
    return prove(claims, with_processes(parser(__doc__, "manifests", "numbers")).parse_args())


def links(pool: Pool, seeds: list[int]) -> Reported:
    """Open the links of manifests; return their counts and what was wrong."""
    found = pool.map(partial(_judge, runs.tried, Verdict), seeds, chunksize=4)
    opened, skipped = sum(each.links for each in found), sum(each.skipped for each in found)
    return f"{len(found)} manifests, {skipped} consents skipped, {opened} links opened", _problems(found)


def permissions(pool: Pool, seeds: list[int]) -> Reported:
    """Apply manifests in tenants whose Graph has other ids; return their counts and what was wrong."""
    found = pool.map(partial(_judge, names.tried, NamesVerdict), seeds, chunksize=4)
    granted = sum(each.granted for each in found)
    return f"{len(found)} manifests, {granted} permissions granted", _problems(found)


def _judge(trial: Callable[[int], V], verdict: type[V], number: int) -> V:
    try:
        return trial(number)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return verdict(number, wrong=[traceback.format_exc(limit=-3)])


def _problems(found: list[Verdict] | list[NamesVerdict]) -> list[str]:
    return [f"{each.number}: {wrong}" for each in found for wrong in each.wrong]


if __name__ == "__main__":
    sys.exit(main())
