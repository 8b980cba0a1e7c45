"""Federated credentials that match by an expression in place of a subject."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.manifest.fields import expression
from entra_config.manifest.fields.pipeline_workloads import GITHUB
from tests.unit.manifest.workload_forms import read

MATCHES = "claims['sub'] matches 'repo:o/r:ref:refs/heads/*' and claims['repository_id'] eq '56'"


@pytest.mark.parametrize(
    ("node", "issuer"),
    [
        ({"github": {"matches": MATCHES}}, GITHUB),
        ({"gitlab": {"matches": "claims['sub'] matches 'project_path:g/p:*' and claims['project_id'] eq '5'"}}, "https://gitlab.com"),
        ({"gitlab": {"matches": "claims['sub'] matches 'x:*'", "host": "git.example.ca"}}, "https://git.example.ca"),
        ({"terraformCloud": {"matches": "claims['sub'] matches 'organization:o:*'"}}, "https://app.terraform.io"),
        ({"terraformCloud": {"matches": "claims['sub'] eq 'x'", "host": "app.eu.terraform.io"}}, "https://app.eu.terraform.io"),
        ({"issuer": "https://i.example", "matches": "claims['x'] matches 'y*'"}, "https://i.example"),
    ],
)  # fmt: skip
def test_an_expression_stands_for_the_subject(node: dict[str, Any], issuer: str) -> None:
    """Of the issuers that Entra matches expressions of; written out, of any."""
    found, problems = read(node)
    assert problems == []
    ((_, words),) = node.items() if len(node) == 1 else ((None, node),)
    assert (found.issuer, found.subject, found.expression) == (issuer, "", words["matches"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MATCHES, [("sub", "matches", "repo:o/r:ref:refs/heads/*"), ("repository_id", "eq", "56")]),
        ("claims['sub'] eq 'it''s and claims[''x'']'", [("sub", "eq", "it's and claims['x']")]),
        ("claims['sub']  eq 'x'", None),
        ("claims['sub'] eq 'x' and ", None),
        ("claims['sub'] eq 'x' or claims['sub'] eq 'y'", None),
        ("claims['sub'] EQ 'x'", None),
        ("claims[sub] eq 'x'", None),
        ("claims['sub'] eq 'x' ", None),
        ("", None),
    ],
)
def test_an_expression_is_read(text: str, said: list[tuple[str, str, str]] | None) -> None:
    """As strictly as Microsoft describes the language."""
    found = expression.clauses(text)
    assert (found if found is None else [(each.claim, each.operator, each.value) for each in found]) == said
