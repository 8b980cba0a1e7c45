"""What people add to a file that bootstrap writes, drawn at random: it stays where it is, whatever else
changes.
"""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest
import yaml

from entra_config.bootstrap import handmade
from entra_config.errors import UsageError
from tests import seeds

NAMES = ("a", "b-c", "d e", "f.g", "h")


def tree(draw: random.Random, depth: int = 3) -> Any:
    """Return something that a file may hold."""
    if depth and draw.random() < 0.7:
        return {name: tree(draw, depth - 1) for name in draw.sample(NAMES, draw.randint(1, 3))}
    return draw.choice([1, "text", "two\nlines\n", "# none", [1, "x"], [{"path": "y"}], True, "", "a: b"])


def written(draw: random.Random, value: Any, *, comments: bool) -> str:
    """Write a tree, with comments of a person between its lines."""
    text = yaml.safe_dump(value, sort_keys=False, indent=draw.choice([2, 4]), width=1000)
    if not comments or "|" in text or "'" in text or '"' in text:
        return text
    lines = []
    for line in text.splitlines():
        if draw.random() < 0.3 and not line.lstrip().startswith("-"):
            lines.append(f"{' ' * (len(line) - len(line.lstrip()))}# a word")
        lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def added(new: Any, old: Any, path: handmade.KeyPath = ()) -> dict[handmade.KeyPath, Any]:
    """Return the outermost keys that only the old tree has, below maps that both have."""
    found = {}
    for key, each in old.items():
        if key not in new:
            found[*path, key] = each
        elif isinstance(each, dict) and isinstance(new[key], dict):
            found |= added(new[key], each, (*path, key))
    return found


def with_added(new: Any, more: dict[handmade.KeyPath, Any]) -> Any:
    """Return a tree with what is added to it."""
    tree = copy.deepcopy(new)
    for (*path, last), value in more.items():
        place = tree
        for key in path:
            place = place[key]
        place[last] = value
    return tree


@pytest.mark.parametrize("seed", seeds.sample("added by hand", range(300), 80))
def test_what_is_added_stays_whatever_else_changes(seed: int) -> None:
    """The text says what the new one says and what only the old one has, each told once; again changes
    nothing.
    """
    draw = random.Random(seed)
    new = {"root": {name: tree(draw) for name in draw.sample(NAMES, 3)}}
    old = {"root": {name: tree(draw) for name in draw.sample(NAMES, 3)}, "more": tree(draw)}
    fresh, stood = written(draw, new, comments=False), written(draw, old, comments=True)

    found = handmade.merged(fresh, stood, lambda _: False)

    expected = added(new, old)
    assert sorted(found.kept) == sorted(expected)
    assert yaml.safe_load(found.text) == with_added(new, expected)
    assert handmade.merged(fresh, found.text, lambda _: False).text == found.text


def test_comments_move_with_what_they_are_of() -> None:
    """Those right above a key are its own; what stands above the next one is the next one's."""
    old = "a:\n  # of x\n  x: 1   # beside\n\n  # of y\n  y: 2\n# of b\nb: 3\n"

    assert handmade.merged("a:\n  y: 5\nc: 1\n", old, lambda _: False).text == (
        "a:\n  y: 5\n  # of x\n  x: 1   # beside\nc: 1\n# of b\nb: 3\n"
    )


def test_what_cannot_be_kept_is_said_and_not_dropped() -> None:
    """The new text has a map in braces there."""
    with pytest.raises(UsageError, match=r"a\.y of the pipeline's manifest is yours"):
        handmade.merged("a: { x: 1 }\n", "a:\n  x: 1\n  y: 2\n", lambda _: False)


def test_a_map_in_braces_is_kept() -> None:
    """An entry of it that goes over several lines stays as it is written."""
    found = handmade.merged("a:\n  x: 1\n", "a: { x: 1, y: [1,\n 2] }\n", lambda _: False)

    assert found.text == "a:\n  x: 1\n  y: [1,\n   2]\n"


def test_a_file_of_a_person_is_kept_with_its_comment() -> None:
    """Entries of `files` are known by their paths, however they are written."""
    new = "files:\n  - path: ours.yaml\nproject: shop\n"
    old = "files:\n# of mine\n- path: mine.yaml\n  mayDeclare: [removed]\n- ours.yaml\nproject: shop\n"

    found = handmade.merged(new, old, lambda _: False)

    assert found.kept == (("files", "mine.yaml"),)
    assert found.text == (
        "files:\n  - path: ours.yaml\n  # of mine\n  - path: mine.yaml\n    mayDeclare: [removed]\n"
        "project: shop\n"
    )
    assert handmade.merged(new, "files: [ours.yaml, mine.yaml]\nproject: shop\n", lambda _: False).text == (
        "files:\n  - path: ours.yaml\n  - mine.yaml\nproject: shop\n"
    )


def test_a_key_of_an_earlier_run_goes() -> None:
    """Whoever writes the file knows which keys were its own."""
    found = handmade.merged("a:\n  x: 1\n", "a:\n  old: 1\n  x: 1\n", lambda path: path == ("a", "old"))

    assert found == handmade.Merged("a:\n  x: 1\n")


@pytest.mark.parametrize("old", ["", "# none\n", "- a\n- b: 1\n", "a text\n", "7\n"])
def test_a_file_without_keys_is_written_new(old: str) -> None:
    """Nothing in it can be kept."""
    assert handmade.merged("a: 1\n", old, lambda _: False) == handmade.Merged("a: 1\n")
