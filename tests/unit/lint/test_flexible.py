"""Which subjects a federated credential takes, and whether an expression keeps to one repository."""

from __future__ import annotations

import pytest

from entra_config.lint import flexible
from entra_config.lint.subject import Federated

GITHUB, OTHER = "https://token.actions.githubusercontent.com", "urn:unknown"
WHOLE, REF = "repo:o/r:*", "repo:o/r:ref:refs/heads/*"
ID = "claims['repository_id'] eq '7'"


def trust(expression: str = "", issuer: str = GITHUB, subject: str = "") -> Federated:
    """Return a federated credential."""
    return Federated("ci", issuer, subject, "api://AzureADTokenExchange", expression=expression)


def matches(pattern: str, operator: str = "matches") -> str:
    """Return an expression about the subject."""
    return f"claims['sub'] {operator} '{pattern}'"


MAIN, TAG, PULL = "repo:o/r:ref:refs/heads/main", "repo:o/r:ref:refs/tags/v1", "repo:o/r:pull_request"


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (trust(subject="repo:o/r:ref:x"), ["repo:o/r:ref:x"]),
        (trust(matches(WHOLE)), [WHOLE, PULL, MAIN, TAG]),
        (trust(matches(REF)), [REF, MAIN]),
        (trust(matches(TAG, "eq")), [TAG, TAG]),
        (trust(matches("repo:o/*")), ["repo:o/*"]),
        (trust(matches(WHOLE, "eq") + " and " + "claims['job_workflow_ref'] eq 'x'"), [WHOLE]),
        (trust(matches(WHOLE), OTHER), [WHOLE]),
        (trust("no expression"), []),
    ],
)
def test_subjects(each: Federated, expected: list[str]) -> None:
    """Its own, or the pattern and one of each type that it matches."""
    assert list(flexible.subjects(each)) == expected


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (trust(subject="repo:o/r:x"), True),
        (trust(matches("*"), OTHER), True),
        (trust(matches(WHOLE)), True),
        (trust(matches("repo:o/*")), False),
        (trust(matches("repo:o/*", "eq")), True),
        (trust(f"{matches('repo:o/*')} and {matches(WHOLE)}"), True),
        (trust(f"{matches(WHOLE)} and {matches('repo:o/*')}"), True),
        (trust("claims['job_workflow_ref'] eq 'o/r/x@main'"), False),
        (trust("claims['repository_id'] eq '12'"), True),
        (trust("claims['repository_id'] matches '12*'"), False),
        (trust("no expression"), False),
    ],
)
def test_an_expression_is_bound_to_one_repository(each: Federated, *, expected: bool) -> None:
    """By what stands before its first wildcard; where nobody knows the issuer it counts as bound."""
    assert flexible.bound(each) is expected
