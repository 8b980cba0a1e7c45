"""Read the list of defects, and say which rows no longer fit the sources."""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent
#: Where the oracles keep their switches, and the package whose rules these take away.
SWITCHES = {
    "attack.switches_identity": "entra_config",
    "attack.switches_trust": "entra_config",
    "evidence.switches": "entra_config.drift",
    "review.fence_switches": "entra_config",
    "review.review_switches": "entra_config",
}


@dataclass(frozen=True)
class Patch:
    """A text of a file that stands there once, and the text that replaces it."""

    file: str
    before: str
    after: str


@dataclass(frozen=True)
class Defect:
    """One wrong behaviour: what a user would see, how it is made, and the tests that notice it."""

    number: int
    area: str
    says: str
    noticed_by: tuple[str, ...]
    patch: Patch | None
    switch: str

    @property
    def test_file(self) -> str:
        """Return the file of tests that notices the defect; the other arguments select tests of it."""
        return self.noticed_by[0].partition("::")[0]


def read_rows() -> list[Defect]:
    """Return all defects, by number."""
    found = [
        _row(path.stem, row)
        for path in sorted(FOLDER.glob("*.yaml"))
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return sorted(found, key=lambda defect: defect.number)


def _row(area: str, row: Mapping[str, Any]) -> Defect:
    patch = row.get("patch")
    return Defect(
        row["number"],
        area,
        row["says"],
        _arguments(row["noticed_by"]),
        Patch(patch["file"], patch["from"], patch["to"]) if patch else None,
        row.get("switch", ""),
    )


def _arguments(noticed_by: str) -> tuple[str, ...]:
    # One test has the name of a rule in its id, with blanks.
    return (noticed_by,) if "::" in noticed_by else tuple(shlex.split(noticed_by))


def find_switch(name: str) -> Any:
    """Return the switch of an oracle that `module:rule` names."""
    module, _, rule = name.partition(":")
    switches = importlib.import_module(f"tests.oracle.{module}").SWITCHES
    return next(switch for switch in switches if switch.rule == rule)


def apply_patch(text: str, patch: Patch) -> str:
    """Return a file's text with the patch applied."""
    if (times := text.count(patch.before)) != 1:
        raise ValueError(f"{patch.file} contains the text that the patch replaces {times} times, not once")
    return text.replace(patch.before, patch.after)


def find_problems(defects: list[Defect]) -> Iterator[str]:
    """Yield what must be changed in a row before its defect can be made."""
    numbers = [defect.number for defect in defects]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the rows are not numbered from 1 to {len(numbers)}"
    for defect in defects:
        if (defect.patch is None) is not bool(defect.switch):
            yield f"{defect.number}: needs either a patch or a switch"
        if problem := _problem(defect):
            yield f"{defect.number}: {problem}"
        if not (ROOT / defect.test_file).is_file():
            yield f"{defect.number}: {defect.test_file} does not exist"


def _problem(defect: Defect) -> str:
    try:
        if defect.patch is not None:
            apply_patch((ROOT / defect.patch.file).read_text(encoding="utf-8"), defect.patch)
        elif defect.switch.partition(":")[0] not in SWITCHES:
            return f"{defect.switch} is not in one of {', '.join(SWITCHES)}"
        else:
            find_switch(defect.switch)
    except StopIteration:
        return f"there is no switch {defect.switch}"
    except (OSError, ValueError) as error:
        return str(error)
    return ""
