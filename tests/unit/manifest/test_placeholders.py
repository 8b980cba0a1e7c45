"""Placeholders: what each becomes wherever it stands, and what is noted where it stands for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.environments.placeholders import Placeholders, Variable, app_id
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, to_data
from entra_config.manifest.reading.problems import Problems
from entra_config.resource import Text
from tests.unit.manifest.one_value import node

WORDS: dict[str, Variable] = {
    "environment": "dev",
    "none": None,
    "on": True,
    "off": False,
    "seven": 7,
    "empty": "",
}
HERE = Position("f", 1, 4)


def filled(of: Node | None, own: str | None = "web") -> tuple[Node | None, list[str]]:
    """Return a node of an application with its placeholders filled, and what is noted."""
    problems = Problems()
    assert of is not None
    holder = Placeholders(WORDS, applications=["web", "api"], excluded=["tool"], problems=problems)
    return holder.fill(of, own), [str(each) for each in problems.found]


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("plain", "plain", []),
        ("$x }", "$x }", []),
        ("${environment}", "dev", []),
        ("a-${environment}-b-${environment}", "a-dev-b-dev", []),
        ("${seven}", 7, []),
        ("x${seven}", "x7", []),
        ("${on}", True, []),
        ("${on}${off}", "truefalse", []),
        ("${none}", None, []),
        ("a${none}b", "ab", []),
        ("${empty}", "", []),
        ("${empty}${empty}", "", []),
        ("$${environment}", "${environment}", []),
        ("$${a}${environment}", "${a}dev", []),
        ("a${b", "ab", ["f:1:4: `${` without `}`; write `$${` for the two characters themselves"]),
        (
            "${${environment}",
            "dev",
            ["f:1:4: `${` without `}`; write `$${` for the two characters themselves"],
        ),
        ("${appId}", Text((app_id("web"),)), []),
        ("api://${appId}/x", Text(("api://", app_id("web"), "/x")), []),
        ("${appId}-${environment}", Text((app_id("web"), "-dev")), []),
        ("${empty}${appId}", Text((app_id("web"),)), []),
        ("x${applications.api.appId}", Text(("x", app_id("api"))), []),
        ("${applications.tool.appId} and ${appId}", "nothing at all", []),
        (
            "x-${applications.spa.appId}",
            "x-appId",
            ["f:1:4: `${applications.spa.appId}`: no application `spa`. Known: `api` and `web`."],
        ),
        (
            "x-${enviroment}",
            "x-unknown",
            ["f:1:4: `${enviroment}` is not a variable of this environment. Did you mean `environment`?"],
        ),
        (
            "${applications.api.appID}",
            "unknown",
            [
                "f:1:4: `${applications.api.appID}` is not a variable of this environment. Did you mean `applications.api.appId`?"
            ],
        ),
        (
            "${appID}",
            "unknown",
            ["f:1:4: `${appID}` is not a variable of this environment. Did you mean `appId`?"],
        ),
    ],
)
def test_a_text(text: str, value: Any, noted: list[str]) -> None:
    """A variable alone is what it is, one in a text is a text; an appId is a reference."""
    expected = None if value == "nothing at all" else Scalar(value, HERE)

    assert filled(Scalar(text, HERE)) == (expected, noted)


def test_an_own_app_id_stands_inside_an_application() -> None:
    """Elsewhere it is nobody's."""
    assert filled(Scalar("x${appId}", HERE), None) == (
        Scalar("xappId", HERE),
        ["f:1:4: `${appId}` stands only inside an application; elsewhere `${applications.KEY.appId}`"],
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{ a: 1, b: [x, '$'], c: { d: null } }", {"a": 1, "b": ["x", "$"], "c": {"d": None}}),
        ("[a, '${environment}', b]", ["a", "dev", "b"]),
        ("['${applications.tool.appId}', a]", ["a"]),
        ("{ a: x, b: '${seven}', c: y }", {"a": "x", "b": 7, "c": "y"}),
        ("{ a: x, b: ['${none}'], c: '${applications.tool.appId}' }", {"a": "x", "b": [None]}),
        ("{ a: { b: '${applications.tool.appId}' }, c: '$${' }", {"a": {}, "c": "${"}),
    ],
)
def test_maps_and_lists(text: str, value: Any) -> None:
    """What refers to an application that is left out leaves with it; all else stays."""
    read, noted = filled(node(text))

    assert read is not None
    assert (to_data(read), read.position, noted) == (value, HERE, [])


@pytest.mark.parametrize("text", ["{ a: 1, b: x }", "[a, { b: [c] }]", "x", "12", "null"])
def test_what_has_no_placeholder_is_the_same(text: str) -> None:
    """A large manifest is not copied."""
    of = node(text)

    assert filled(of)[0] is of


def test_an_entry_keeps_its_place() -> None:
    """And a list and a map theirs."""
    read, noted = filled(node("{ a: '${seven}', 'b${': ['${seven}'] }"))

    seven = Scalar(7, Position("f", 1, 29))
    assert read == Map(
        {
            "a": Entry("a", Position("f", 1, 6), Scalar(7, Position("f", 1, 9))),
            "b${": Entry("b${", Position("f", 1, 21), Items((seven,), Position("f", 1, 28))),
        },
        HERE,
    )
    assert noted == ["f:1:21: `b${`: placeholders stand in values, not in keys"]
