"""A seed and a share in; that share of random fleets, edits and killed fleets tried, and their rows in
docs/proofs.md, out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path
from typing import TypeVar

from tests.fleet import killed, kinds, scale
from tests.fleet.story import Size
from tests.oracle.proving import Claim, Reported, close, parser, prove, suites, with_processes

FLEETS = 500
STORIES = 20
WHOLE = Size(tenants=50, emulators=4, frozen=10.0, slow=3.0)
APPROVED = (
    "another plan has another hash, and an approval that does not fit is refused before the first write"
)
GUARDS = "a guard of a fleet is told exactly where a change lowers it"
# What suites draw from: which files, which of their tests, and what these are.
SUITES = {
    APPROVED: (
        ("tests/unit/fleet/test_deciding.py", "tests/unit/fleet/test_approval_attacks.py"),
        "another_plan_has_another_hash or an_approval_that_does_not_fit",
        "edits and attacks",
    ),
    GUARDS: (
        ("tests/unit/fleet/test_fleet_guards.py",),
        "a_guard_is_told_exactly_where_it_is_lowered",
        "pairs of fleets",
    ),
}
CONVERGES = "a fleet among strangers converges whoever is killed or frozen, and nothing exists twice"
SCALE = "of a thousand tenants each is asked as much as of a hundred, once, and all converge"
SIZES = (100, 1000)
KINDS = "two shards stand together exactly if the files and the tenants say so"


Found = TypeVar("Found")


def main() -> int:
    """Run the share of each and write its row; exit code 1 where anything is not so."""
    given = with_processes(parser(__doc__, "fleets", "fleets"))
    given.add_argument("--only", default="", help="words of the claims that are tried; default: all")
    options = given.parse_args()
    claims = (Claim(KINDS, FLEETS, of_kinds), Claim(CONVERGES, STORIES, of_stories))
    failed = prove([each for each in claims if options.only in each.what], options)
    for what in SUITES:
        failed |= _suites(options, what) if options.only in what else 0
    return failed | (_scale(options) if options.only in SCALE else 0)


def _scale(options: argparse.Namespace) -> int:
    """Bring a role to two fleets of the share's size; write their row."""
    started = time.monotonic()
    parts = int(options.share.partition("/")[2])
    # A fleet of fewer has no waves.
    sizes = [max(scale.SMALL + 1, size // parts) for size in SIZES]
    found = [_broken(scale.Reported(size), partial(_grown, size), size) for size in sizes]
    problems = [text for _, text in found if text]
    problems += [f"{reported.tenants} tenants: {each}" for reported, _ in found for each in reported.wrong]
    small, large = (reported for reported, _ in found)
    if small.each != large.each:
        problems.append(f"requests of a tenant: {small.each}, in the larger fleet {large.each}")
    requests = ", ".join(f"{stage} {'/'.join(map(str, each))}" for stage, each in large.each.items())
    driver = max((each.most for each in large.spent.values()), default=0)
    counts = (
        f"{small.tenants:,} and {large.tenants:,} tenants of {scale.APPLICATIONS} applications; requests "
        f"of a shard: {requests}; driver {driver / 1e6:.0f} MB, emulator {large.emulator / 1e6:.0f} MB"
    )
    close(options, SCALE, counts, problems, started)
    return 1 if problems else 0


def _grown(size: int, folder: Path) -> tuple[scale.Reported, str]:
    return scale.tried(size, folder), ""


def _suites(options: argparse.Namespace, what: str) -> int:
    """Run the share of the edits and attacks that the suites draw from; write their row."""
    started = time.monotonic()
    files, drawn, noun = SUITES[what]
    passed, problems = suites(options, "-k", drawn, *files)
    close(options, what, f"{passed} {noun}", problems, started)
    return 1 if problems else 0


def of_kinds(pool: Pool, seeds: list[int]) -> Reported:
    """Compare the kinds of fleets; return their counts and what must not be."""
    found = pool.map(kind, seeds, chunksize=5)
    pairs, alike = sum(each.pairs for each, _ in found), sum(each.together for each, _ in found)
    return f"{len(seeds)} fleets, {pairs} pairs, {alike} of them together", [
        text for _, text in found if text
    ]


def of_stories(pool: Pool, seeds: list[int]) -> Reported:
    """Tell stories of fleets; return who was struck how often, and what must not be."""
    found = pool.map(story, seeds, chunksize=1)
    struck = ", ".join(f"{how}: {number}" for how, number in sorted(Counter(how for how, _ in found).items()))
    counts = f"{len(seeds)} runs of {WHOLE.tenants} tenants on {WHOLE.emulators} emulators ({struck})"
    return counts, [text for _, text in found if text]


def story(number: int) -> tuple[str, str]:
    """Tell one story."""
    return _broken("broken", lambda folder: killed.tried(number, folder, WHOLE), number)


def kind(number: int) -> tuple[kinds.Compared, str]:
    """Compare the kinds of one fleet."""
    return _broken(kinds.Compared(), lambda folder: kinds.tried(number, folder), number)


def _broken(nothing: Found, run: Callable[[Path], tuple[Found, str]], number: int) -> tuple[Found, str]:
    """Return what came of a trial in an empty folder; what breaks the trial itself is its failure."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return run(Path(folder))
        except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
            return nothing, f"seed {number}: {traceback.format_exc(limit=-3)}"


if __name__ == "__main__":
    sys.exit(main())
