"""What is taken out of a YAML text, and what of its lists is changed: all else stays, to the letter."""

from __future__ import annotations

import pytest

from entra_config.manifest.editing import trees
from tests.unit.manifest.splicing import alter, remove


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("a: 1\n", ("a",), "", id="the only key"),
        pytest.param("x: { a: 1 }\n", ("x", "a"), "x: {}\n", id="the only key of a map"),
        pytest.param("x:\n  a:\n    b: 1\ny: 2\n", ("x", "a"), "x: {}\ny: 2\n", id="with lines below it"),
        pytest.param("x: { a: 1, b: 2 }\n", ("x", "a"), "x: { b: 2 }\n", id="the first in braces"),
        pytest.param("x: { a: 1, b: 2, c: 3 }\n", ("x", "b"), "x: { a: 1, c: 3 }\n", id="one in braces"),
        pytest.param("x: { a: 1, b: [2] }\n", ("x", "b"), "x: { a: 1 }\n", id="the last in braces"),
        pytest.param("x: {a: 1, b}\n", ("x", "b"), "x: {a: 1}\n", id="a key alone in braces"),
        pytest.param("a: 1\nb: 2\nc: 3\n", ("b",), "a: 1\nc: 3\n", id="a line"),
        pytest.param("a: 1\nb: 2", ("b",), "a: 1\n", id="a last line without an end"),
        pytest.param("b: 1 # one\na: 2\n", ("b",), "a: 2\n", id="the first line, with its comment"),
        pytest.param("# of b\n# too\nb: 1\na: 2\n", ("b",), "a: 2\n", id="with the comments above it"),
        pytest.param("# a file\n\nb: 1\na: 2\n", ("b",), "# a file\n\na: 2\n", id="not one further above"),
        pytest.param("x:\n  a: 1\n# x\n  b: 1\n", ("x", "b"), "x:\n  a: 1\n# x\n", id="nor one further out"),
        pytest.param(
            "x:\n  a: 1\n    # a\n  b: 1\n", ("x", "b"), "x:\n  a: 1\n    # a\n", id="nor one further in"
        ),
        pytest.param("a:\n  b: 1\n  # of b\n  # too\nc: 2\n", ("a",), "c: 2\n", id="with comments inside"),
        pytest.param("a: 1\nb:\n  c: 1\n  # of c", ("b",), "a: 1\n", id="with a comment at the end"),
        pytest.param("a: 1\n# of b\nb: 2\n", ("a",), "# of b\nb: 2\n", id="not the next one's comment"),
        pytest.param("a:\n  b: 1\n\n  # in\nc: 2\n", ("a",), "\n  # in\nc: 2\n", id="nor one after a blank"),
        pytest.param("a: &m 1\nb: *m\nc: 2\n", ("b",), "a: &m 1\nc: 2\n", id="an alias"),
        pytest.param("a: &m 1\nb:\n  c: *m\nd: 2\n", ("b",), "a: &m 1\nd: 2\n", id="with an alias inside"),
        pytest.param("a:\n  c: 1\n\nb: 2\n", ("a",), "\nb: 2\n", id="nor the blank line"),
        pytest.param("a: |\n  one\n\nb: 2\n", ("a",), "\nb: 2\n", id="nor that after a text"),
    ],
)
def test_a_key_is_taken_out(text: str, path: tuple[str, ...], expected: str) -> None:
    """Its comments go with it: those right above it, and those further in right below it."""
    assert remove(text, *path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: []\n", "a: [v]\n", id="an empty list"),
        pytest.param("a:\nb: 1\n", "a: [v]\nb: 1\n", id="no value"),
        pytest.param("a: ~\n", "a: [v]\n", id="null"),
        pytest.param("a: [1]\n", "a: [1, v]\n", id="in brackets"),
        pytest.param("a: [\n  1,\n  [2] # two\n]\n", "a: [\n  1,\n  [2], v # two\n]\n", id="over lines"),
        pytest.param("a:\n  - 1 # one\nb: 1\n", "a:\n  - 1 # one\n  - v\nb: 1\n", id="below a line"),
        pytest.param("a:\n- c: 1\n  d: 2\nb: 1\n", "a:\n- c: 1\n  d: 2\n- v\nb: 1\n", id="below a map"),
        pytest.param("a:\n  - 1", "a:\n  - 1\n  - v\n", id="at the end of the file"),
        pytest.param("a:\r\n  - 1\r\n", "a:\r\n  - 1\r\n  - v\r\n", id="on Windows"),
    ],
)
def test_an_item_is_added(text: str, expected: str) -> None:
    """It comes last, in the style of the list."""
    assert alter(text, "a", lambda items: [*items, "v"]) == expected


@pytest.mark.parametrize(
    ("text", "item", "expected"),
    [
        pytest.param("a: [x]\n", "x", "a: []\n", id="the only one"),
        pytest.param("a:\n  - x\nb: 1\n", "x", "a: []\nb: 1\n", id="the only line"),
        pytest.param("a: [x, y]\n", "x", "a: [y]\n", id="the first in brackets"),
        pytest.param("a: [y, x, z]\n", "x", "a: [y, z]\n", id="one in brackets"),
        pytest.param("a: [y, x]\n", "x", "a: [y]\n", id="the last in brackets"),
        pytest.param("a: [y, x, x]\n", "x", "a: [y]\n", id="the last two in brackets"),
        pytest.param("a: [x, y, x]\n", "x", "a: [y]\n", id="first and last in brackets"),
        pytest.param("a: [y, # of y\n  x]\n", "x", "a: [y, # of y\n  ]\n", id="behind another one's comment"),
        pytest.param(
            "a: [y, # of y\n  x, z]\n", "x", "a: [y, # of y\n  z]\n", id="between a comment and one"
        ),
        pytest.param("a:\n  - y\n  # of x\n  - x # x\n  - z\n", "x", "a:\n  - y\n  - z\n", id="a line"),
        pytest.param("a:\n- y-z\n- x\n", "x", "a:\n- y-z\n", id="the last line"),
        pytest.param("a:\n  - x\n  - y\n", "x", "a:\n  - y\n", id="the first line"),
        pytest.param(
            "a:\n  - y\n  - name: x\n    until: 2027-01-01\n  - z\n",
            "x",
            "a:\n  - y\n  - z\n",
            id="a map's name",
        ),
        pytest.param("a: [y, { id: x }, z]\n", "x", "a: [y, z]\n", id="a map's id"),
        pytest.param(
            "a: [{ until: x }, { name: x }]\n", "x", "a: [{ until: x }]\n", id="no other key's text"
        ),
    ],
)
def test_an_item_is_taken_out(text: str, item: str, expected: str) -> None:
    """A text goes, or the map that has it as its name or id, with its comments."""
    assert alter(text, "a", lambda items: [each for each in items if not trees.says(each, item)]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [x, y]\n", "a: [on call, y]\n"),
        ("a:\n  - y\n  - x # x\n", "a:\n  - y\n  - on call # x\n"),
        ("a: [{ until: x, name: x }, y]\n", "a: [{ until: x, name: on call }, y]\n"),
        ("a: [{ name: y, id: x }]\n", "a: [{ name: y, id: on call }]\n"),
    ],
)
def test_an_item_is_replaced(text: str, expected: str) -> None:
    """A text, or the name or id of a map, becomes another one where it stands."""
    assert alter(text, "a", lambda items: [trees.saying(each, "x", "on call") for each in items]) == expected
