"""Print figures.

`python -m tools.bench [copies|fleet|large|load|options|portal|preflight|startup|tenants] [--quick]`

`--quick` measures one round of the smallest sizes. All but the options are measured by default: those need
root, httpd, Redis and Node.js.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
from collections.abc import Callable, Iterator, Mapping

from tools.bench import copies, emulator_load, fleet_cost, large, portal, preflight, startup, tenants

# Whether it has to be quick in: the lines of a part, each when it is known, out.
Part = Callable[[bool], Iterator[str]]


def _options(quick: bool) -> Iterator[str]:
    # Its worlds are those of tests, which no other part needs.
    ways = importlib.import_module("tools.bench.options")
    yield from (ways.INTRODUCTION, ways.HEAD, *ways.report(quick=quick))


def _tenants(quick: bool) -> Iterator[str]:
    yield from ("A tenant for each test.\n", tenants.HEAD, *tenants.report(quick=quick), "")


def _portal(quick: bool) -> Iterator[str]:
    yield from (
        "The emulator's portal with 10,000 applications.\n", portal.HEAD, *portal.report(quick=quick), "",
    )  # fmt: skip


def _startup(quick: bool) -> Iterator[str]:
    yield from ("Whole processes.\n", startup.HEAD, *startup.report(quick=quick), "")


def _copies(quick: bool) -> Iterator[str]:
    yield (
        "Whole commands, a process each, against the emulator over HTTPS on the same machine; "
        "median [minimum].\n"
    )
    yield copies.HEAD
    sizes, rounds = ((1,), 1) if quick else (copies.COPIES, 3)
    yield from map(copies.line, copies.measure(copies=sizes, rounds=rounds))
    yield ""


def _preflight(quick: bool) -> Iterator[str]:
    yield (
        "A plan that says what the tenant will refuse, beside one that may not read it; in process, median "
        "of 5.\n"
    )
    yield preflight.HEAD
    sizes, rounds = ((1,), 1) if quick else (preflight.COPIES, preflight.ROUNDS)
    yield from map(preflight.line, preflight.measure(sizes, rounds))
    yield ""


def _large(quick: bool) -> Iterator[str]:
    yield "Applications with ten assignments each, under Graph's own quotas, in simulated time.\n"
    yield large.HEAD
    for size in (30, 120) if quick else large.SIZES:
        yield from map(large.line, large.measure(size))


def _load(quick: bool) -> Iterator[str]:
    yield from emulator_load.report(quick=quick)


def _fleet(quick: bool) -> Iterator[str]:
    yield from ("\nShards of a fleet.\n", fleet_cost.HEAD, *fleet_cost.report(quick=quick))


def _fleet_scale(quick: bool) -> Iterator[str]:
    # Of tests, too; and a thousand tenants take longer than all the rest.
    whole = importlib.import_module("tools.bench.fleet_scale")
    yield from (whole.INTRODUCTION, whole.HEAD)
    yield from whole.report(quick=quick)


ALL: Mapping[str, Part] = {
    "tenants": _tenants,
    "portal": _portal,
    "startup": _startup,
    "copies": _copies,
    "preflight": _preflight,
    "large": _large,
    "load": _load,
    "fleet": _fleet,
}
ALONE: Mapping[str, tuple[Part, ...]] = {
    **{name: (part,) for name, part in ALL.items()},
    "fleet": (_fleet, _fleet_scale),
    "options": (_options,),
    "all": tuple(ALL.values()),
}


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="tools.bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=sorted(ALONE), default="all")
    parser.add_argument("--quick", action="store_true", help="one round, the smallest sizes")
    options = parser.parse_args()
    # As installed: pip compiles what it installs, so that no process has to.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load "
        f"before: {os.getloadavg()[0]:.1f}\n"
    )
    for part in ALONE[options.what]:
        for line in part(options.quick):
            print(line, flush=True)


if __name__ == "__main__":
    main()
