"""`python -m bench [copies|fleet|large|load|options|portal|preflight|startup|tenants] [--quick]`: figures.

All but the options, which need root, httpd, Redis and Node.js, are measured by default.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform

from bench import copies, emulator_load, fleet_cost, large, portal, preflight, startup, tenants


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parts = (
        "startup",
        "copies",
        "fleet",
        "large",
        "load",
        "portal",
        "preflight",
        "tenants",
        "options",
        "all",
    )
    parser.add_argument("what", nargs="?", choices=parts, default="all")
    parser.add_argument("--quick", action="store_true", help="one round, the smallest sizes")
    options = parser.parse_args()
    if options.what == "options":
        # Its worlds are those of tests, which no other part needs.
        ways = importlib.import_module("bench.options")
        print(ways.INTRODUCTION, ways.HEAD, *ways.report(quick=options.quick), sep="\n")
    else:
        measure(options)
    if options.what in {"fleet", "all"}:
        print("\nShards of a fleet.\n", fleet_cost.HEAD, *fleet_cost.report(quick=options.quick), sep="\n")
    if options.what == "fleet":
        # Of tests, too; and a thousand tenants take longer than all the rest.
        whole = importlib.import_module("bench.fleet_scale")
        print(whole.INTRODUCTION, whole.HEAD, sep="\n")
        for row in whole.report(quick=options.quick):
            print(row, flush=True)


def measure(options: argparse.Namespace) -> None:  # noqa: C901  # one branch for each part
    """Print the figures of each part."""
    # As installed: pip compiles what it installs, so that no process has to.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load "
        f"before: {load:.1f}\n"
    )
    if options.what in {"tenants", "all"}:
        print("A tenant for each test.\n", tenants.HEAD, *tenants.report(quick=options.quick), "", sep="\n")
    if options.what in {"portal", "all"}:
        print(
            "The emulator's portal with 10,000 applications.\n", portal.HEAD,
            *portal.report(quick=options.quick), "", sep="\n",
        )  # fmt: skip
    if options.what in {"startup", "all"}:
        print(
            "Whole processes.\n", startup.HEAD, *startup.report(quick=options.quick), "", sep="\n", flush=True
        )
    if options.what in {"copies", "all"}:
        print(
            "Whole commands, a process each, against the emulator over HTTPS on the same machine; "
            "median [minimum].\n"
        )
        print(copies.HEAD)
        for row in copies.measure(
            copies=(1,) if options.quick else copies.COPIES, rounds=1 if options.quick else 3
        ):
            print(copies.line(row), flush=True)
        print()
    if options.what in {"preflight", "all"}:
        print(
            "A plan that says what the tenant will refuse, beside one that may not read it; in "
            "process, median of 5.\n"
        )
        print(preflight.HEAD)
        for each in preflight.measure(
            (1,) if options.quick else preflight.COPIES, 1 if options.quick else preflight.ROUNDS
        ):
            print(preflight.line(each), flush=True)
        print()
    if options.what in {"large", "all"}:
        print("Applications with ten assignments each, under Graph's own quotas, in simulated time.\n")
        print(large.HEAD)
        for size in (30, 120) if options.quick else large.SIZES:
            print(*map(large.line, large.measure(size)), sep="\n", flush=True)
    if options.what in {"load", "all"}:
        for text in emulator_load.report(quick=options.quick):
            print(text, flush=True)


if __name__ == "__main__":
    main()
