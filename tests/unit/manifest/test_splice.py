"""One change of a YAML text at a time: what stands there afterwards, to the letter."""

from __future__ import annotations

import pytest

from entra_config.errors import UsageError
from entra_config.manifest.editing import trees
from entra_config.manifest.editing.splice import read_block
from entra_config.manifest.editing.trees import Block, format_scalar
from tests.unit.manifest.splicing import FILE, changed, put


@pytest.mark.parametrize(
    ("text", "path", "new", "expected"),
    [
        ("a: 1\n", ("a",), "b", "b: 1\n"),
        ("x: { a : 1, c: 2 }\n", ("x", "a"), "b", "x: { b : 1, c: 2 }\n"),
        ("x:\n  a: # why\n    a: 1\n", ("x", "a", "a"), "b", "x:\n  a: # why\n    b: 1\n"),
        ('"a": 1\n', ("a",), "on: off", '"on: off": 1\n'),
    ],
)
def test_a_key_is_renamed(text: str, path: tuple[str, ...], new: str, expected: str) -> None:
    """What stands around the key stays, and the new one is quoted where it must be."""
    assert changed(text, lambda tree: trees.rename(tree, path, new)) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("a: 1 # one\n", ("a",), "a: v # one\n", id="a scalar"),
        pytest.param("a:\nb: 1\n", ("a",), "a: v\nb: 1\n", id="nothing"),
        pytest.param("a:", ("a",), "a: v", id="nothing at the end"),
        pytest.param("x: {a, b}\ny: 1\n", ("x", "a"), "x: {a: v, b}\ny: 1\n", id="a key alone in braces"),
        pytest.param("x: { b: 1, 'a' }\ny: 1\n", ("x", "a"), "x: { b: 1, 'a': v }\ny: 1\n", id="the last"),
        pytest.param("x: {\n a # why: b\n}\n", ("x", "a"), "x: {\n a: v # why: b\n}\n", id="with a comment"),
        pytest.param("? a\n: 1\n", ("a",), "? a\n: v\n", id="a colon on the next line"),
        pytest.param("a : 1\n", ("a",), "a : v\n", id="a space before the colon"),
        pytest.param("a: |\n  one\n  two\n\nb: 1\n", ("a",), "a: v\n\nb: 1\n", id="a literal text"),
        pytest.param("a: |\r\n  one\r\nb: 1\r\n", ("a",), "a: v\r\nb: 1\r\n", id="Windows' line ends"),
        pytest.param("a:\n  - 1\n  - 2 # two\nb: 1\n", ("a",), "a: v # two\nb: 1\n", id="a list"),
        pytest.param("a:\n  b: 1\n  c:\n    d: 2\ne: 3\n", ("a",), "a: v\ne: 3\n", id="a map"),
        pytest.param("a:\n  b:\n  c:\ne: 3\n", ("a",), "a: v\ne: 3\n", id="a map that ends in nothing"),
        pytest.param("a:\n  - b: [1,\n      2]\ne: 3\n", ("a",), "a: v\ne: 3\n", id="braces over lines"),
        pytest.param("a: { b: [1], c: 2 }\n", ("a", "b"), "a: { b: v, c: 2 }\n", id="inside of braces"),
        pytest.param("a: {}\n", ("a",), "a: v\n", id="an empty map"),
        pytest.param("a: []\n", ("a",), "a: v\n", id="an empty list"),
    ],
)
def test_a_value_is_replaced(text: str, path: tuple[str, ...], expected: str) -> None:
    """A value of any form gives its place to one in flow style."""
    assert put(text, path, "v") == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("", ("k",), "k: v\n", id="in nothing"),
        pytest.param("\n\n", ("k",), "k: v\n", id="in blank lines"),
        pytest.param("# a file\n", ("k",), "# a file\nk: v\n", id="below a comment alone"),
        pytest.param("# a file\r\n\r\n", ("k",), "# a file\r\nk: v\r\n", id="with Windows' line ends"),
        pytest.param("a: 1\n\n", ("k",), "a: 1\nk: v\n\n", id="at the end of the root"),
        pytest.param("a: 1", ("k",), "a: 1\nk: v\n", id="after a last line without an end"),
        pytest.param("a: 1\r\nb: 2", ("k",), "a: 1\r\nb: 2\r\nk: v\r\n", id="the same on Windows"),
        pytest.param("{ a: 1 }\n", ("k",), "{ a: 1, k: v }\n", id="in a root in braces"),
        pytest.param("a:\n  b: 1\nc: 2\n", ("a", "k"), "a:\n  b: 1\n  k: v\nc: 2\n", id="in a map"),
        pytest.param("a: { b: 1 }\n", ("a", "k"), "a: { b: 1, k: v }\n", id="in braces"),
        pytest.param(
            "m: &m 1\na:\n  b: *m # m\nc: 2\n",
            ("a", "k"),
            "m: &m 1\na:\n  b: *m # m\n  k: v\nc: 2\n",
            id="below an alias",
        ),
        pytest.param("a: {}\n", ("a", "k"), "a: { k: v }\n", id="in an empty map"),
        pytest.param("a:\nb: 1\n", ("a", "k"), "a: { k: v }\nb: 1\n", id="where there is no value"),
        pytest.param("b: 1\n", ("a", "k"), "b: 1\na: { k: v }\n", id="with the map above it"),
        pytest.param("b: 1\n", ("a", "c", "k"), "b: 1\na: { c: { k: v } }\n", id="with two maps above it"),
        pytest.param("", ("a", "b", "c", "k"), "a: { b: { c: { k: v } } }\n", id="with three of them"),
        pytest.param("a:\n  b: 1\n", ("a", "c", "k"), "a:\n  b: 1\n  c: { k: v }\n", id="with one of two"),
        pytest.param("", ("a", "12", "k"), 'a: { "12": { k: v } }\n', id="with a map whose name is a number"),
    ],
)
def test_a_key_is_added(text: str, path: tuple[str, ...], expected: str) -> None:
    """It comes last, in the style of what is there, with the maps above it that are missing."""
    assert put(text, path, "v") == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        pytest.param("a: 1\nb: 2\n", ("a",), ["a: 1"], id="a line"),
        pytest.param("a: 1\nb: 2", ("b",), ["b: 2"], id="a last line without an end"),
        pytest.param("a: 1 # one\nb: 2\n", ("a",), ["a: 1 # one"], id="with the comment behind it"),
        pytest.param("a: 1\n\n# of b\n# too\nb: 2\n", ("b",), ["# of b", "# too", "b: 2"], id="and above it"),
        pytest.param("m: &m 1\nb: *m\nc: 2\n", ("b",), ["b: 1"], id="an alias, written out"),
        pytest.param("# of a\na:\n", ("a",), ["# of a", "a:"], id="at the top of the file"),
        pytest.param("x:\n  a: 1\n # of x\n  b: 2\n", ("x", "b"), ["b: 2"], id="not one further out"),
        pytest.param("x:\n  a: 1\n    # of a\n  b: 2\n", ("x", "b"), ["b: 2"], id="nor one further in"),
        pytest.param(
            "x:\n  # it\n  a:\n    b:\n      - 1\n\n# out\n    c: 2\n  d: 3\n",
            ("x", "a"),
            ["# it", "a:", "  b:", "    - 1", "", "# out", "  c: 2"],
            id="moved to the left, but for what stands further left",
        ),
        pytest.param("x: { a: [1], b: 2 }\n", ("x", "a"), ["a: [1]"], id="out of braces"),
        pytest.param("x: { a: 1, b: }\n", ("x", "b"), ["b:"], id="out of braces, with no value"),
    ],
)
def test_an_entry_is_read_as_it_is_written(text: str, path: tuple[str, ...], expected: list[str]) -> None:
    """Its comments come with it, and nothing of its neighbours."""
    assert read_block(text, path) == expected


LINES = ["# it", "k:", "  b: 1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", "x:\n  # it\n  k:\n    b: 1\n", id="in nothing"),
        pytest.param(" \n", "x:\n  # it\n  k:\n    b: 1\n", id="in blanks"),
        pytest.param("a: 1\n\n", "a: 1\nx:\n  # it\n  k:\n    b: 1\n\n", id="with the map above it"),
        pytest.param("x:\na: 1\n", "x:\n  # it\n  k:\n    b: 1\na: 1\n", id="where that has no value"),
        pytest.param("x: {}\na: 1", "x:\n  # it\n  k:\n    b: 1\na: 1", id="where it is empty"),
        pytest.param("a: 1\r\n", "a: 1\r\nx:\r\n  # it\r\n  k:\r\n    b: 1\r\n", id="on Windows"),
        pytest.param(
            "x:\n    a: 1\nb: 2\n", "x:\n    a: 1\n    # it\n    k:\n      b: 1\nb: 2\n", id="at its column"
        ),
    ],
)
def test_an_entry_is_added_as_it_is_written_elsewhere(text: str, expected: str) -> None:
    """It stands in the map above it, which is made where it is missing."""
    assert put(text, ("x", "k"), Block({"b": 1}, LINES)) == expected


def test_no_entry_with_lines_is_added_in_braces() -> None:
    """Lines have no place in a map in braces, which somebody writes line by line first."""
    with pytest.raises(
        UsageError, match=rf"^{FILE}:2: the map is written in braces, and lines with comments cannot be added"
    ):
        put("a: 1\nx: { a: 1 }\n", ("x", "k"), Block({"b": 1}, LINES))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reader", "Reader"),
        ("On call", "On call"),
        ("alice@contoso.com", "alice@contoso.com"),
        ("@all", "@all"),
        ("x", "x"),
        ("a's (b)", "a's (b)"),
        ("Größe", "Größe"),
        ("Größe:", '"Größe:"'),
        ("", '""'),
        ("ends in a hyphen-", '"ends in a hyphen-"'),
        (" a", '" a"'),
        ("a, b", '"a, b"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("12", '"12"'),
        ("true", '"true"'),
        ("null", '"null"'),
        ("0x1f", '"0x1f"'),
        ("no", "no"),
        ('"', '"\\""'),
    ],
)
def test_a_text_is_quoted_where_it_must_be(text: str, expected: str) -> None:
    """What YAML 1.2 reads as another type, or that has punctuation, stands in quotes."""
    assert format_scalar(text) == expected
