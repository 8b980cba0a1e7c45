"""Random files of a manifest: what is declared is what a reader of lines sees, and what is legal is
accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests import seeds
from tests.oracle.review import lines
from tests.oracle.review.switches import Switch, off

LETTERS = "manifest.reading.characters"
RULES = [
    Switch(
        "no line breaks but LF and CRLF, no controls",
        {f"{LETTERS}:_never": lambda _real: lambda _char: False},
    ),
    Switch("nothing unseen in a key", {f"{LETTERS}:check_invisible": lambda _real: lambda *_args: None}),
    Switch(
        "a name stands once", {"manifest.environments.lock:_check_case": lambda _real: lambda *_args: None}
    ),
    Switch("UTF-8", {f"{LETTERS}:decoded": lambda _real: lambda data, _file: data.decode("utf-8", "ignore")}),
]


def held(numbers: Iterable[int], folder: Path) -> int:
    """Read files; return how many were accepted."""
    accepted = 0
    for number in numbers:
        good, wrong = lines.tried(number, folder)
        assert wrong == "", f"file {number}: {wrong}"
        accepted += good
    return accepted


def test_a_hundred_files_declare_what_is_seen(tmp_path: Path) -> None:
    """Of fixed seeds; more than half are accepted, and many are not: both are about something."""
    assert 50 <= held(range(100), tmp_path) <= 90


@pytest.mark.parametrize("switch", RULES, ids=lambda switch: switch.rule)
def test_each_rule_is_needed(switch: Switch, tmp_path: Path) -> None:
    """Without it, what is declared is not what is seen."""
    with off(switch):
        found = [number for number in range(200) if lines.tried(number, tmp_path)[1]]
    assert found


@pytest.mark.oracles
def test_three_hundred_files_declare_what_is_seen(tmp_path: Path) -> None:
    """The same for the drawn files."""
    held(seeds.of("lines"), tmp_path)
