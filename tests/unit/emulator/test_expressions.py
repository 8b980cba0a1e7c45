"""Expressions of flexible federated credentials: what they mean, and what Entra has against them."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import expressions
from entra_emulator.expressions import Condition

GITHUB = "https://token.actions.githubusercontent.com"
SUBJECT = "claims['sub'] matches 'repo:a/b:*'"


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("claims['sub'] eq 'a'", [Condition("sub", "eq", "a")]),
        ("claims['sub'] eq ''", [Condition("sub", "eq", "")]),
        ("claims['sub'] eq 'it''s'", [Condition("sub", "eq", "it's")]),
        (
            "claims['sub'] matches 'a*' and claims['x_1'] eq 'b and c'",
            [Condition("sub", "matches", "a*"), Condition("x_1", "eq", "b and c")],
        ),
        ("", None),
        ("claims['sub'] eq 'a", None),
        ("claims['sub'] ne 'a'", None),
        ("claims['sub'] eq 'a' or claims['x'] eq 'b'", None),
        ("claims['sub'] eq 'a' and ", None),
        ("claims['sub'] eq 'a' ", None),
        (" claims['sub'] eq 'a'", None),
    ],
)
def test_an_expression_is_read(text: str, conditions: list[Condition] | None) -> None:
    """Conditions joined by `and`; two quotes stand for one."""
    assert expressions.read(text) == conditions


@pytest.mark.parametrize(
    ("condition", "claims", "held"),
    [
        (Condition("sub", "eq", "a"), {"sub": "a"}, True),
        (Condition("sub", "eq", "a"), {"sub": "A"}, False),
        (Condition("sub", "eq", "a*"), {"sub": "ab"}, False),
        (Condition("sub", "eq", "None"), {}, False),
        (Condition("sub", "matches", "*"), {}, False),
        (Condition("id", "eq", "7"), {"id": 7}, True),
        (Condition("id", "matches", "?"), {"id": 7}, True),
        (Condition("sub", "matches", "a*"), {"sub": "a"}, True),
        (Condition("sub", "matches", "a*c"), {"sub": "a\nbc"}, True),
        (Condition("sub", "matches", "a?c"), {"sub": "abc"}, True),
        (Condition("sub", "matches", "a?c"), {"sub": "ac"}, False),
        (Condition("sub", "matches", "a"), {"sub": "ab"}, False),
        (Condition("sub", "matches", "a"), {"sub": "ba"}, False),
        (Condition("sub", "matches", "a.c"), {"sub": "abc"}, False),
    ],
)
def test_a_condition_holds(condition: Condition, claims: dict[str, Any], *, held: bool) -> None:
    """For the whole value, case and all; a claim that is not there is nothing."""
    assert condition.holds(claims) is held


@pytest.mark.parametrize(("repository", "held"), [("1", True), ("2", False)])
def test_an_expression_holds_where_each_condition_does(repository: str, *, held: bool) -> None:
    """One that does not is enough."""
    text = f"{SUBJECT} and claims['repository_id'] eq '1'"
    assert expressions.holds(text, {"sub": "repo:a/b:x", "repository_id": repository}) is held


def test_what_is_no_expression_means_no_token() -> None:
    """It came from a file that somebody wrote by hand: whoever asks is not let in."""
    assert not expressions.holds("claims['sub'] is 'a'", {"sub": "a"})


LACKS = ["lacks all required claims or contains unallowed claims."]
OWNER = "claims['repository_owner_id'] eq '1'"


@pytest.mark.parametrize(
    ("issuer", "text", "complaints"),
    [
        (GITHUB, "", ["is not valid"]),
        (GITHUB, f"{SUBJECT} and {OWNER}", []),
        (GITHUB, f"{SUBJECT} and claims['repository_id'] eq '1'", []),
        (GITHUB, f"{SUBJECT} and {OWNER} and claims['job_workflow_ref'] matches 'a'", []),
        (GITHUB, SUBJECT, LACKS),
        (GITHUB, OWNER, LACKS),
        (GITHUB, f"{SUBJECT} and claims['repository_owner_id'] matches '1'", LACKS),
        (GITHUB, f"{SUBJECT} and {OWNER} and claims['environment'] eq 'x'", LACKS),
        ("https://gitlab.com", SUBJECT, []),
        ("https://gitlab.example.ca", f"{SUBJECT} and claims['project_id'] eq '1'", []),
        ("https://gitlab.com", f"{SUBJECT} and claims['project_id'] matches '1'", LACKS),
        ("https://gitlab.com", "claims['project_id'] eq '1'", LACKS),
        ("https://app.terraform.io", SUBJECT, []),
        ("https://app.eu.terraform.io", SUBJECT, []),
        ("https://app.terraform.io", f"{SUBJECT} and {OWNER}", LACKS),
        ("https://a.example", SUBJECT, ["is not supported for the issuer 'https://a.example'"]),
        (f"{GITHUB}/", SUBJECT, [f"is not supported for the issuer '{GITHUB}/'"]),
    ],
)
def test_what_entra_has_against_an_expression(issuer: str, text: str, complaints: list[str]) -> None:
    """Each platform has its claims, `sub` always; GitHub asks for an id that nobody can take over."""
    assert list(expressions.complaints(issuer, text)) == complaints
