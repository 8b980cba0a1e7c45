"""The grammar of `$filter`: a tree written down is read back as itself, and what is no filter is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.filters import (
    Bare,
    Combine,
    Compare,
    Function,
    In,
    Lambda,
    Node,
    Not,
    Path,
    parse,
)

GUID = "11111111-2222-3333-4444-555555555555"
NAMES = st.sampled_from(["appId", "displayName", "tags", "owners", "id", "x_1"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map(tuple)
LITERALS = st.one_of(
    st.text("ab'/(), é", max_size=5),
    st.integers(-5, 99),
    st.floats(0, 9).map(lambda number: round(number, 2)),
    st.sampled_from([None, True, False, Bare(GUID), Bare("2026-01-02T03:04:05Z"), Bare("2026-01-02")]),
)
LEAVES = st.one_of(
    st.builds(
        Compare, PATHS, st.sampled_from(["eq", "ne", "ge", "gt", "le", "lt", "has"]), LITERALS, st.booleans()
    ),
    st.builds(
        Function,
        st.sampled_from(["startswith", "endswith", "contains"]),
        PATHS,
        st.text("ab' ", max_size=4),
    ),
    st.builds(In, PATHS, st.lists(LITERALS, min_size=1, max_size=3).map(tuple)),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(Combine, st.sampled_from(["and", "or"]), inner, inner),
        st.builds(Lambda, PATHS, st.booleans(), st.none() | inner),
    ),
    max_leaves=6,
)


def literal(value: Any) -> str:
    """Write a literal as OData has it."""
    if isinstance(value, str) and not isinstance(value, Bare):
        return "'" + value.replace("'", "''") + "'"
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def written(node: Node, prefix: Path = (), depth: int = 0) -> str:
    """Write a tree with the brackets that it needs and no more: `and` binds closer than `or`, `not` closest,
    and what stands side by side goes together from the left.
    """

    def path(of: Path) -> str:
        return "/".join((*prefix, *of))

    def part(inner: Node, *, bracketed: bool) -> str:
        return f"({written(inner, prefix, depth)})" if bracketed else written(inner, prefix, depth)

    match node:
        case Compare(at, op, value, count):
            return f"{path(at)}{'/$count' if count else ''} {op} {literal(value)}"
        case Function(name, at, value):
            return f"{name}({path(at)},{literal(value)})"
        case In(at, values):
            return f"{path(at)} in ({', '.join(map(literal, values))})"
        case Lambda(at, all_of, None):
            return f"{path(at)}/{'all' if all_of else 'any'}()"
        case Lambda(at, all_of, inner) if inner is not None:
            name = f"v{depth}"
            return f"{path(at)}/{'all' if all_of else 'any'}({name}:{written(inner, (name,), depth + 1)})"
        case Not(inner):
            return f"not {part(inner, bracketed=isinstance(inner, Combine))}"
        case Combine(op, left, right):
            closer = op == "and"
            first = part(left, bracketed=closer and isinstance(left, Combine) and left.op == "or")
            second = part(right, bracketed=isinstance(right, Combine) and (closer or right.op == op))
            return f"{first} {op} {second}"
    raise AssertionError(node)


@given(TREES)
def test_a_tree_written_down_is_read_back_as_itself(tree: Node) -> None:
    """With the fewest brackets, and with space around it: precedence, paths of lambdas, types of literals."""
    text = written(tree)

    for found in (parse(text), parse(f"  {text} "), parse(f"({text})")):
        assert found == tree
        assert repr(found) == repr(tree), "the same types: True is no 1, and what stands bare no text"


def test_words_are_read_in_any_case() -> None:
    """As Graph reads them; names of properties keep theirs."""
    assert parse("NOT displayName EQ NULL Or appId IN ('a')") == Combine(
        "or", Not(Compare(("displayName",), "eq", None)), In(("appId",), ("a",))
    )
    assert parse("tags/ANY(t:t eq TRUE)") == Lambda(("tags",), all=False, inner=Compare((), "eq", value=True))
    assert parse("owners/$COUNT eq 0") == Compare(("owners",), "eq", 0, count=True)
    assert parse("StartsWith(displayName,'a')") == Function("startswith", ("displayName",), "a")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "displayName",
        "displayName eq",
        "displayName eq 'a' and",
        "displayName eq 'a' or",
        "displayName eq 'a' displayName",
        "displayName eq 'a')",
        "(displayName eq 'a'",
        "eq 'a'",
        "'a' eq displayName",
        "displayName is 'a'",
        "displayName eq name",
        "displayName eq 'a",
        "displayName eq 2026-13-45",
        "displayName in 'a'",
        "displayName in ()",
        "displayName in ('a'",
        "displayName in ('a','b' 'c')",
        "startswith(displayName)",
        "startswith(displayName,3)",
        "startswith(displayName,null)",
        "startswith(displayName,'a'",
        "startswith('a',displayName)",
        "tags/any(t:x eq 'a')",
        "tags/any(t eq 'a')",
        "tags/any(t:t eq 'a'",
        "tags/any(t:u/any(v:v eq 'a'))",
        "tags/any(t:t/u/any(v:t eq 'a'))",
        "tags/ eq 'a'",
        "tags/none(t:t eq 'a')",
        "concat(displayName,'a')",
        "not",
        "displayName # 'a'",
        ":",
    ],
)
def test_what_is_no_filter_is_refused_with_its_text(text: str) -> None:
    """Graph repeats the whole filter, and says neither where nor why."""
    with pytest.raises(ODataError) as refused:
        parse(text)
    assert f"Syntax error in '{text}'" in str(refused.value)


def test_after_a_lambda_its_variable_is_no_name_any_more() -> None:
    """And an inner lambda hides the outer one's until it ends."""
    assert parse("tags/any(t:t eq 'a') and displayName eq 'b'") == Combine(
        "and",
        Lambda(("tags",), all=False, inner=Compare((), "eq", "a")),
        Compare(("displayName",), "eq", "b"),
    )
    nested = parse("a/any(t:t/b/any(v:v eq 1) and t/c eq 2)")
    assert nested == Lambda(
        ("a",),
        all=False,
        inner=Combine("and", Lambda(("b",), all=False, inner=Compare((), "eq", 1)), Compare(("c",), "eq", 2)),
    )


@pytest.mark.parametrize("opened", ["not ", "("])
def test_forty_levels_are_the_deepest(opened: str) -> None:
    """One more is refused with a text of its own, before the parser runs out of stack; side by side they are
    no depth.
    """
    closed = ")" if opened == "(" else ""

    def nested(levels: int) -> str:
        return opened * (levels - 1) + "id eq 1" + closed * (levels - 1)

    assert parse(nested(40))
    assert parse(" and ".join(["id eq 1"] * 60))
    assert parse(" and ".join(["id eq 1"] * 60 + [nested(40)]))
    with pytest.raises(ODataError, match="too deep"):
        parse(" and ".join(["id eq 1"] * 60 + [nested(41)]))
    with pytest.raises(ODataError, match="too deep"):
        parse(nested(41))
