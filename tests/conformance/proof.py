"""A seed and a share in; that share of five thousand random requests sent, each judged, and a row in
docs/proofs.md, out.
"""

from __future__ import annotations

import asyncio
import sys
import time
import traceback
from collections import Counter

import httpx

from entra_emulator.clock import Clock, ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.seed import ADMIN_APP_ID
from tests.conformance.graph import silence
from tests.conformance.graph_client import EMULATED, Graph
from tests.oracle.proving import close, parser, share

TENANTS, REQUESTS = 25, 200
WHAT = "no query option, cast or property is passed over in silence"


def main() -> int:
    """Run the share and write its row; exit code 1 where an option was passed over, or too few were
    honoured.
    """
    options = parser(__doc__, "requests", "five thousand").parse_args()
    seen, problems, started = Counter[str](), list[str](), time.monotonic()
    with asyncio.Runner() as runner:
        for each in share(options.share, options.seed, TENANTS):
            try:
                seen += silence.run(client(runner, each, ManualClock()), REQUESTS, each)
            except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
                problems.append(f"seed {each}: {traceback.format_exc(limit=-2)}")
    total = seen.total()
    if seen["honoured"] < silence.LEAST_HONOURED * total:
        problems.append(f"only {seen['honoured']} of {total} are honoured")
    reported = f"{total} requests, {seen['honoured']} honoured, {seen['refused']} refused in Graph's words"
    close(options, WHAT, reported, problems, started)
    return 1 if problems else 0


def client(runner: asyncio.Runner, number: int, clock: Clock) -> Graph:
    """Give a client of a tenant of its own, which the number seeds."""
    embedded = Embedded.create(seed=str(number), clock=clock)
    http = embedded.client(embedded.app_caller(ADMIN_APP_ID))
    http.base_url = httpx.URL(EMULATED)
    return Graph(http, runner, fresh=True)


if __name__ == "__main__":
    sys.exit(main())
