"""Expressions of federated credentials: their clauses, what each takes, and what Entra does not take."""

from __future__ import annotations

import pytest

from entra_config.manifest.fields import expression
from entra_config.manifest.fields.expression import ClaimClause
from entra_config.manifest.fields.workload import ClaimLanguage
from entra_config.manifest.fields.workloads import FORMS, language_of, matching, recognized

SUB = "claims['sub']"
GITHUB = "https://token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{SUB} eq 'a'", (ClaimClause("sub", "eq", "a"),)),
        (f"{SUB} matches 'a''b*'", (ClaimClause("sub", "matches", "a'b*"),)),
        (f"{SUB} eq ''", (ClaimClause("sub", "eq", ""),)),
        (
            f"{SUB} eq 'a' and claims['x y'] matches 'b' and {SUB} eq 'c'",
            (
                ClaimClause("sub", "eq", "a"),
                ClaimClause("x y", "matches", "b"),
                ClaimClause("sub", "eq", "c"),
            ),
        ),
        ("", None),
        (f"{SUB} is 'a'", None),
        (f"{SUB} eq 'a' and {SUB} is 'a'", None),
        (f"{SUB} eq 'a' or {SUB} eq 'b'", None),
        (f"{SUB} eq 'a' ", None),
        (f"{SUB} eq 'a' and ", None),
        (f" {SUB} eq 'a'", None),
        (f"{SUB}  eq 'a'", None),
        ("claims[''] eq 'a'", None),
    ],
)
def test_clauses(text: str, expected: tuple[ClaimClause, ...] | None) -> None:
    """One or more, joined by `and` with one space between words; all else is no expression."""
    assert expression.clauses(text) == expected


@pytest.mark.parametrize(
    ("operator", "value", "begins", "takes", "not_taken"),
    [
        ("eq", "a*b?", "a*b?", ["a*b?"], ["axxbx", "a*b", ""]),
        ("matches", "a*b?", "a", ["abx", "axxbx", "a\nbx"], ["ab", "xabx", "abxx"]),
        ("matches", "a?c*", "a", ["abc", "abcd"], ["ac", "abd"]),
        ("matches", "a.b", "a.b", ["a.b"], ["axb"]),
    ],
)
def test_what_a_clause_takes(
    operator: str, value: str, begins: str, takes: list[str], not_taken: list[str]
) -> None:
    """A star is any text and a question mark any character, of `matches` alone."""
    clause = ClaimClause("sub", operator, value)

    assert expression.literal(clause) == begins
    assert [expression.matches(clause, text) for text in (*takes, *not_taken)] == [
        *(True for _ in takes),
        *(False for _ in not_taken),
    ]


LANGUAGE = ClaimLanguage(
    issuers="https://i",
    issuer="https://i",
    claims={"sub": ("eq", "matches"), "ref": ("eq",)},
    needs=(("repo:", ("ref", "workflow")), ("", ("sub",))),
    boundary="repo:[^:]+",
)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([("sub", "eq", "x")], []),
        ([("sub", "matches", "x*")], []),
        ([("sub", "eq", "repo:a"), ("ref", "eq", "b")], []),
        (
            [("sub", "matches", "repo:*")],
            ["Entra takes no expression of these tokens without `ref` or `workflow`"],
        ),
        ([("sub", "matches", "rep*")], []),
        ([("ref", "eq", "repo:a")], ["Entra takes no expression of these tokens without `sub`"]),
        (
            [("aud", "eq", "x"), ("sub", "eq", "y")],
            ["Entra compares no claim `aud` of these tokens, but `sub`, `ref`"],
        ),
        ([("sub", "eq", "y"), ("ref", "matches", "x")], ["`ref` is compared by `eq` alone"]),
        ([("sub", "eq", "x*")], ["`eq` has no wildcards, `matches` has: `x*`"]),
        ([("sub", "eq", "x?")], ["`eq` has no wildcards, `matches` has: `x?`"]),
    ],
)
def test_what_entra_does_not_take(found: list[tuple[str, str, str]], expected: list[str]) -> None:
    """A claim that it does not compare, or not so, and one that it wants besides."""
    clauses = tuple(ClaimClause(*each) for each in found)

    assert list(expression.refused(clauses, LANGUAGE)) == expected


@pytest.mark.parametrize(
    ("issuer", "text", "expected"),
    [
        (GITHUB, f"{SUB} matches 'repo:a/b:*' and claims['repository_id'] eq '7'", "github"),
        (GITHUB, f"{SUB} matches 'repo:a/b:*'", None),
        (GITHUB, f"{SUB} is 'x'", None),
        (GITHUB, "claims['aud'] eq 'x'", None),
        (f"{GITHUB}/contoso", f"{SUB} matches 'x*'", None),
        ("https://nobody.example", f"{SUB} eq 'x'", None),
        (
            "https://gitlab.com",
            f"{SUB} matches 'project_path:a/b:*' and claims['project_id'] eq '7'",
            "gitlab",
        ),
    ],
)
def test_the_form_of_an_expression(issuer: str, text: str, expected: str | None) -> None:
    """The workload whose tokens these are, where Entra takes the expression of them."""
    found = matching(issuer, text)

    assert (found and found[0]) == expected
    assert found is None or found[1]["matches"] == text


@pytest.mark.parametrize(
    ("issuer", "key"),
    [(GITHUB, "github"), ("https://gitlab.com", "gitlab"), ("https://nobody.example", None)],
)
def test_the_language_of_an_issuer(issuer: str, key: str | None) -> None:
    """Of tokens that nobody knows there is none."""
    assert language_of(issuer) == (FORMS[key].language if key else None)


@pytest.mark.parametrize(
    ("issuer", "subject", "expected"),
    [
        (
            GITHUB,
            "repo:contoso/app:environment:prod",
            ("github", {"repository": "contoso/app", "environment": "prod"}),
        ),
        (GITHUB, "nonsense", None),
        ("https://nobody.example", "repo:contoso/app:environment:prod", None),
    ],
)
def test_the_form_of_a_subject(issuer: str, subject: str, expected: object) -> None:
    """Where both the issuer and the subject are of one form."""
    assert recognized(issuer, subject) == expected
