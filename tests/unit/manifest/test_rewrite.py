"""Any change of what a file means, in any hand: exactly that is written, or nothing, with file and line."""

from __future__ import annotations

import re
from typing import Any

import pytest

from entra_config.errors import UsageError
from entra_config.manifest.editing.splice import meaning, rewrite, same
from tests.unit.manifest.drawn_yaml import Drawing, alter, extend

QUICK, FULL = 300, 5000
_REFUSED = re.compile(r"f\.yaml:[0-9]+: ")


def _written(seed: int, change: Any) -> tuple[str, str] | None:
    """Return a drawn text before and after a change; None where the change was refused with its place."""
    drawing = Drawing(seed)
    text = drawing.text()
    wanted = change(drawing.random, meaning(text, "f.yaml"))
    try:
        after = rewrite(text, wanted, "f.yaml")
    except UsageError as error:
        if _REFUSED.match(str(error)):
            return None
        raise
    assert same(meaning(after, "f.yaml"), wanted), seed
    return text, after


def _check(seeds: range) -> None:
    refused = [seed for seed in seeds if _written(seed, alter) is None]
    assert len(refused) <= len(seeds) // 100, refused


def _comments(text: str) -> list[str]:
    return re.findall(r"# comment [0-9]+|# a file|# the end", text)


def test_a_text_means_what_is_wanted() -> None:
    """Keys, values and items are changed, renamed, added and removed, where anchors and aliases are too."""
    _check(range(QUICK))


@pytest.mark.oracles
def test_a_text_means_what_is_wanted_in_thousands() -> None:
    """The same, with many more texts."""
    _check(range(QUICK, FULL))


def test_what_is_added_removes_no_comment() -> None:
    """Comments stay in their order, and so do all lines to which nothing is added."""
    for seed in range(QUICK):
        written = _written(seed, extend)
        if written is not None:
            before, after = written
            assert _comments(before) == _comments(after), seed


def test_an_unchanged_text_stays() -> None:
    """To the letter, whatever its style."""
    for seed in range(QUICK):
        text = Drawing(seed).text()
        assert rewrite(text, meaning(text, "f.yaml"), "f.yaml") == text
