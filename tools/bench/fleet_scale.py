"""Numbers of tenants in; what it takes to bring a role to all of them, by a cluster on this machine, out.

The fleet and its emulator are those of `tests.fleet.scale`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.fleet import scale

SIZES = (100, 1000)
INTRODUCTION = f"""
A role more in one of {scale.APPLICATIONS} applications of each tenant, by `fleet run --all --parallel 2`.
"""
HEAD = """\
| tenants | stage | requests a shard | CPU of all processes of the run, s a shard | minutes | \
the driver, MB at most | CPU of the report, s | the emulator, MB at most |
|---|---|---|---|---|---|---|---|"""


def report(*, quick: bool) -> Iterator[str]:
    """Yield a row for each stage of each number of tenants."""
    for size in SIZES[:1] if quick else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            reported = scale.tried(size, Path(folder))
        assert not reported.wrong, reported.wrong[:3]
        yield from map(reported.row, scale.STAGES)
