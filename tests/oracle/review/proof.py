"""A seed and a share in; that share of what review must show tried, on both cores, and rows in
docs/proofs.md, out.

1,000 pull requests whose effects are lines; 500 restricted files that change their fence; 5,000 files of
random bytes; and every rule switched off once, so that it is seen to be needed.
"""

from __future__ import annotations

import multiprocessing
import sys
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.oracle.proving import Claim, Reported, parser, prove, with_processes
from tests.oracle.review import fence_runs, fence_switches, lines, review_switches, runs
from tests.oracle.review.switches import Switch, off

PULLS, FENCED, FILES = 1000, 500, 5000
MOST_RED = 0.05
ENOUGH = 100  # of fewer pull requests one is a large part
RULES = [*review_switches.SWITCHES, *fence_switches.SWITCHES]


def main() -> int:
    """Run the share of each and write their rows; exit code 1 where anything is not so."""
    claims = (
        Claim("effects are lines", PULLS, pulls),
        Claim("a restricted file changes its fence", FENCED, restricted),
        Claim("what is declared is what is seen", FILES, files),
        Claim("each rule of review is needed", len(RULES), rules, all_alike=True),
    )
    return prove(claims, with_processes(parser(__doc__, "worlds", "numbers")).parse_args())


def pulls(pool: Pool, seeds: list[int]) -> Reported:
    """Try pull requests; at most one in twenty may be too much for the comments."""
    verdicts = list(pool.imap(runs.tried, seeds, chunksize=4))
    problems = [failure for verdict in verdicts for failure in verdict.failures]
    red, refused = sum(each.red for each in verdicts), sum(bool(each.refused) for each in verdicts)
    if len(verdicts) >= ENOUGH and red > MOST_RED * len(verdicts):
        problems.append(f"{red} of {len(verdicts)} are red")
    givers = sum(sum(each.givers.values()) for each in verdicts)
    return f"{len(verdicts)} pull requests, {givers} effects, {red} red, {refused} refused", problems


def restricted(pool: Pool, seeds: list[int]) -> Reported:
    """Try restricted files."""
    verdicts = list(pool.imap(fence_runs.tried, seeds, chunksize=4))
    problems = [failure for verdict in verdicts for failure in verdict.failures]
    refused = sum(bool(each.refused) for each in verdicts)
    return (
        f"{len(verdicts)} files, {sum(each.harmless for each in verdicts)} harmless, {refused} refused",
        problems,
    )


def files(pool: Pool, seeds: list[int]) -> Reported:
    """Read files of random bytes."""
    with TemporaryDirectory() as folder:
        found = list(pool.imap(partial(read, Path(folder)), seeds, chunksize=50))
    return f"{len(found)} files, {sum(good for good, _ in found)} accepted", [
        wrong for _, wrong in found if wrong
    ]


def read(folder: Path, number: int) -> tuple[bool, str]:
    """Read one, in a folder of this process."""
    own = folder / str(multiprocessing.current_process().pid)
    own.mkdir(exist_ok=True)
    good, wrong = lines.tried(number, own)
    return good, f"file {number}: {wrong}" if wrong else ""


def rules(pool: Pool, numbers: list[int]) -> Reported:
    """Switch rules off, one after another."""
    found = list(pool.imap(unneeded, numbers))
    return f"{len(numbers)} rules off, a hole found without {found.count('')}", [
        each for each in found if each
    ]


def unneeded(number: int) -> str:
    """Return what is wrong with a rule: nothing is found without it, or something with it."""
    switch = RULES[number]
    with off(switch):
        broken = next((trial for trial in range(switch.budget) if _failures(switch, trial)), None)
    if broken is None:
        return f"without the rule that {switch.rule}, nothing is found in {switch.budget} trials"
    held = _failures(switch, broken)
    return f"with the rule that {switch.rule}, trial {broken} fails: {held[0]}" if held else ""


def _failures(switch: Switch, trial: int) -> list[str]:
    if switch in fence_switches.SWITCHES:
        return fence_runs.once(trial, switch.moves).failures
    return runs.once(trial, switch.moves[trial % len(switch.moves)]).failures


if __name__ == "__main__":
    sys.exit(main())
