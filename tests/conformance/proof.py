"""A seed and a share in; that share of five thousand random requests sent, each judged, and a row in
docs/proofs.md, out.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

import httpx

from entra_config.emulator.clock import Clock, ManualClock
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.seed import ADMIN_APP_ID
from tests.conformance.graph import silence
from tests.conformance.graph_client import EMULATED, Graph
from tests.oracle.commit import seed
from tests.oracle.proof import DOCUMENT, append, row, share

TENANTS, REQUESTS = 25, 200
WHAT = "no query option, cast or property is passed over in silence"


def main() -> int:
    """Run the share and write its row; exit code 1 where an option was passed over, or too few were
    honoured.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=None, help="where the requests start; by default the commit's number"
    )
    parser.add_argument("--share", default="1/1", help="which part of the five thousand, such as 2/4")
    parser.add_argument("--write", type=Path, default=DOCUMENT)
    options = parser.parse_args()
    first = seed() if options.seed is None else options.seed
    seen, problems, started = Counter[str](), list[str](), time.monotonic()
    with asyncio.Runner() as runner:
        for each in share(options.share, first, TENANTS):
            try:
                seen += silence.run(client(runner, each, ManualClock()), REQUESTS, each)
            except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
                problems.append(f"seed {each}: {traceback.format_exc(limit=-2)}")
    total = seen.total()
    if seen["honoured"] < silence.LEAST_HONOURED * total:
        problems.append(f"only {seen['honoured']} of {total} are honoured")
    reported = f"{total} requests, {seen['honoured']} honoured, {seen['refused']} refused in Graph's words"
    minutes = f"{(time.monotonic() - started) / 60:.1f}"
    append(options.write, row(WHAT, first, options.share, reported, str(len(problems)), minutes))
    print(*problems, sep="\n")
    print(f"{reported}; {len(problems)} failures in {minutes} minutes")
    return 1 if problems else 0


def client(runner: asyncio.Runner, number: int, clock: Clock) -> Graph:
    """Give a client of a tenant of its own, which the number seeds."""
    embedded = Embedded.create(seed=str(number), clock=clock)
    http = embedded.client(embedded.app_caller(ADMIN_APP_ID))
    http.base_url = httpx.URL(EMULATED)
    return Graph(http, runner, fresh=True)


if __name__ == "__main__":
    sys.exit(main())
