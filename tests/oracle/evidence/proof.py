"""A seed and a share in; that share of what drift, access, settings and permissions say held to the truth,
and rows out.

1,000 histories and 500 tenants that others edited; 200 in which owners and administrators act; 2,000 legal
values that languages read back; every case with each permission that is listed for it; 300 files edited in
place. The rows go to docs/proofs.md.
"""

from __future__ import annotations

import sys
import traceback
from collections import Counter
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cases.privileges import CASES, STEPS, Tried, matrix
from tests.oracle.access import potential
from tests.oracle.access import runs as access
from tests.oracle.evidence import runs as evidence
from tests.oracle.evidence.histories import ANY, KNOWN_BY, OTHERS, Style
from tests.oracle.proving import Claim, Reported, parser, prove, with_processes
from tests.unit.manifest.edits_in_place import tried
from tests.unit.settings.reading import wrong

HISTORIES, TENANTS, ACTORS, MANIFESTS, EDITS = 1000, 500, 200, 54, 300
LEAST_VALUES = 2000


def main() -> int:
    """Run the share of each and write their rows; exit code 1 where anything is not so."""
    claims = (
        Claim(
            "who did it is true; all formats hold all that differs",
            HISTORIES,
            partial(judge_histories, style=ANY),
        ),
        Claim(
            "drift is what plan would do; a change of tags, values, names or objects is reported as that",
            HISTORIES,
            partial(judge_histories, style=KNOWN_BY),
        ),
        Claim(
            "the same, with an API of others that changes and objects that are deleted for good",
            HISTORIES,
            partial(judge_histories, style=OTHERS),
        ),
        Claim("access is what tokens say, in tenants that others edited", TENANTS, tenants),
        Claim("whoever could gain access is listed, and nobody else", ACTORS, actors),
        Claim("what is generated is read back as what it was, and runs nothing", MANIFESTS, values),
        Claim(
            "the permissions that are listed are enough, and none too much",
            len(CASES),
            permissions,
            all_alike=True,
        ),
        Claim("only the intended lines differ", EDITS, edits),
    )
    return prove(claims, with_processes(parser(__doc__, "worlds", "numbers")).parse_args())


def judge_histories(pool: Pool, seeds: list[int], style: Style) -> Reported:
    """Judge histories of a style; return their counts and what must not be."""
    runs = pool.imap(partial(evidence.mixed, style=style), enumerate(seeds), chunksize=4)
    counts = evidence.count(runs)
    return counts.reported(), counts.problems()


def tenants(pool: Pool, seeds: list[int]) -> Reported:
    """Judge tenants; return how many rows of which sort, and what must not be."""
    rows: Counter[str] = Counter()
    problems: list[str] = []
    for each in pool.imap(access.run, seeds, chunksize=4):
        rows += each.rows
        problems += [f"seed {each.seed}: {failure}" for failure in each.failures]
    found = {
        "roleDeleted": "deleted role",
        "disabled": "disabled",
        "memberSince": "dated member",
        "missing": "missing",
        "unbuilt": "unbuilt",
    }
    marks = ", ".join(f"{rows[mark]} {words}" for mark, words in found.items())
    return f"{len(seeds)} tenants, {rows['rows']} rows, of them {marks}", problems


def actors(pool: Pool, seeds: list[int]) -> Reported:
    """Let owners and administrators act in tenants; return how many deeds of which power, and what is
    wrong.
    """
    deeds: Counter[str] = Counter()
    problems: list[str] = []
    for each in pool.imap(potential.run, seeds, chunksize=4):
        deeds += each.deeds
        problems += [f"seed {each.seed}: {failure}" for failure in each.failures]
    counts = ", ".join(f"{deeds[power]} {power}" for power in ("assign", "actAs", "addMembers", "unbuilt"))
    return f"{len(seeds)} tenants, {counts}", problems


def values(pool: Pool, seeds: list[int]) -> Reported:
    """Read values back, each from every file that holds it."""
    found = list(pool.imap(read_back, [seeds[start : start + 6] for start in range(0, len(seeds), 6)]))
    number = sum(tried for tried, _ in found)
    problems = [problem for _, each in found for problem in each]
    if len(seeds) == MANIFESTS and number < LEAST_VALUES:
        problems.append(f"only {number} values in {MANIFESTS} manifests")
    return f"{number} values in {len(seeds)} manifests", problems


def read_back(seeds: list[int]) -> tuple[int, list[str]]:
    """Read the values of a few manifests back; a file that cannot be read at all is a failure."""
    try:
        return wrong(seeds)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return 0, [f"seeds {seeds}: {traceback.format_exc(limit=-3)}"]


def permissions(pool: Pool, numbers: list[int]) -> Reported:
    """Try the applies of cases with exactly what is listed, and with one less."""
    whole = Tried()
    for number, each in zip(numbers, pool.imap(matrix, [CASES[number] for number in numbers]), strict=True):
        whole.kinds |= each.kinds
        whole.applies, whole.runs = whole.applies + each.applies, whole.runs + each.runs
        whole.problems += [f"{CASES[number].parent.name}: {problem}" for problem in each.problems]
    if len(numbers) == len(CASES):
        whole.problems += [f"no case has a step {kind}" for kind in sorted(STEPS - whole.kinds)]
    reported = (
        f"{len(numbers)} cases, {whole.applies} applies, {len(whole.kinds)} kinds of steps, {whole.runs} runs"
    )
    return reported, whole.problems


def edits(pool: Pool, seeds: list[int]) -> Reported:
    """Edit files in place."""
    with TemporaryDirectory() as folder:
        problems = [
            problem for problem in pool.imap(partial(edited, Path(folder)), seeds, chunksize=8) if problem
        ]
    return f"{len(seeds)} files", problems


def edited(folder: Path, number: int) -> str:
    """Make one edit, in a folder of its own."""
    own = folder / str(number)
    own.mkdir()
    return tried(number, own)


if __name__ == "__main__":
    sys.exit(main())
