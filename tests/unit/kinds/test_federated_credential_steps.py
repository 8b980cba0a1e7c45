"""The requests by which federated credentials come, change and go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from entra_config.graph.request import Request
from entra_config.kinds.base import application_address, text
from entra_config.kinds.directory import Directory
from entra_config.kinds.federated_credential import FederatedCredentialKind
from entra_config.kinds.writes import WriteView
from entra_config.plan.model import Change, Create, Delete, Update, address_of
from entra_config.plan.steps import Absent, Holds, Listed, Order, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource, State
from tests.unit.kinds.estate import API, credential
from tests.unit.plan.estates import manifest as small

KIND = FederatedCredentialKind()
JOB = application_address("job")
LIST = ("/applications/", Ref(API), "/federatedIdentityCredentials")
EXPRESSION = {"value": "e", "languageVersion": 1}


def step(name: str, verb: str, request: Request, **more: Any) -> Step:
    """Return a write of a credential: what changes one that is there takes something away."""
    return Step(
        f"federatedCredential.api/{name}/{verb}",
        (Address("federatedCredential", f"api/{name}"),),
        Phase.REFERENCE,
        request,
        API,
        "application.api/federatedCredentials",
        Order(cleans=verb != "add", loose=True),
        **more,
    )


WAYS: dict[str, tuple[Change, Step]] = {
    "one comes": (
        Create(credential("it's")),
        step(
            "it's",
            "add",
            Request(
                "POST",
                text(*LIST),
                {"name": "it's", "issuer": "https://i", "subject": "s", "audiences": ["a"]},
            ),
            found_by=Probe(
                Request("GET", text(*LIST, "/it's")),
                Holds({"issuer": "https://i", "subject": "s", "audiences": ["a"]}),
            ),
            visible=Probe(
                Request("GET", text(*LIST)),
                Listed({"name": "it's", "issuer": "https://i", "subject": "s", "audiences": ["a"]}),
            ),
            fallback=(
                Request(
                    "PATCH",
                    text(*LIST, "(name='it%27%27s')"),
                    {
                        "subject": "s",
                        "claimsMatchingExpression": None,
                        "issuer": "https://i",
                        "audiences": ["a"],
                    },
                    beta=True,
                ),
            ),
        ),
    ),
    "one with an expression comes": (
        Create(credential(subject=None, claimsMatchingExpression="e")),
        step(
            "ci",
            "add",
            Request(
                "POST",
                text(*LIST),
                {
                    "name": "ci",
                    "issuer": "https://i",
                    "claimsMatchingExpression": EXPRESSION,
                    "audiences": ["a"],
                },
                beta=True,
            ),
            found_by=Probe(
                Request("GET", text(*LIST, "/ci"), beta=True),
                Holds({"issuer": "https://i", "claimsMatchingExpression": EXPRESSION, "audiences": ["a"]}),
            ),
            visible=Probe(
                Request("GET", text(*LIST), beta=True),
                Listed(
                    {
                        "name": "ci",
                        "issuer": "https://i",
                        "claimsMatchingExpression": EXPRESSION,
                        "audiences": ["a"],
                    }
                ),
            ),
            fallback=(
                Request(
                    "PATCH",
                    text(*LIST, "(name='ci')"),
                    {
                        "subject": None,
                        "issuer": "https://i",
                        "claimsMatchingExpression": EXPRESSION,
                        "audiences": ["a"],
                    },
                    beta=True,
                ),
            ),
        ),
    ),
    "another subject": (
        Update(credential(id_="1"), credential(subject="t")),
        step(
            "ci",
            "change",
            Request("PATCH", text(*LIST, "/1"), {"subject": "t"}),
            guard=Probe(Request("GET", text(*LIST, "/1")), Holds({"subject": "s"})),
            visible=Probe(Request("GET", text(*LIST)), Listed({"name": "ci", "subject": "t"})),
        ),
    ),
    "a subject in the place of an expression": (
        Update(credential(id_="1", subject=None, claimsMatchingExpression="e"), credential()),
        step(
            "ci",
            "change",
            Request(
                "PATCH", text(*LIST, "/1"), {"subject": "s", "claimsMatchingExpression": None}, beta=True
            ),
            guard=Probe(Request("GET", text(*LIST, "/1"), beta=True), Holds({"subject": None})),
            visible=Probe(
                Request("GET", text(*LIST), beta=True),
                Listed({"name": "ci", "subject": "s", "claimsMatchingExpression": None}),
            ),
        ),
    ),
    "another expression": (
        Update(
            credential(id_="1", subject=None, claimsMatchingExpression="d"),
            credential(subject=None, claimsMatchingExpression="e"),
        ),
        step(
            "ci",
            "change",
            Request("PATCH", text(*LIST, "/1"), {"claimsMatchingExpression": EXPRESSION}, beta=True),
            guard=Probe(
                Request("GET", text(*LIST, "/1"), beta=True),
                Holds({"claimsMatchingExpression": {"value": "d", "languageVersion": 1}}),
            ),
            visible=Probe(
                Request("GET", text(*LIST), beta=True),
                Listed({"name": "ci", "claimsMatchingExpression": EXPRESSION}),
            ),
        ),
    ),
    "one goes": (
        Delete(credential(id_="1")),
        step(
            "ci",
            "remove",
            Request("DELETE", text(*LIST, "/1")),
            visible=Probe(Request("GET", text(*LIST)), Absent({"name": "ci"})),
            done_if=("Request_ResourceNotFound",),
        ),
    ),
}


def steps(*changes: Change) -> Sequence[Any]:
    """Return the writes of changes."""
    by_address = {address_of(change): change for change in changes}
    return list(KIND.expand(WriteView(small(), Directory("https://graph"), State({}), State({}), by_address)))


@pytest.mark.parametrize("case", WAYS)
def test_how_a_change_is_written(case: str) -> None:
    """One request, what must be so before it, and how it is known that it was carried out."""
    change, step = WAYS[case]
    assert steps(change) == [step]


def test_what_makes_room_comes_first() -> None:
    """Of one application what goes, then what changes, then what comes, which need all that makes room; an
    application that goes takes its credentials along.
    """
    found = steps(
        Create(credential("c")),
        Create(credential("d")),
        Update(credential("b", id_="2"), credential("b", subject="t")),
        Delete(Resource(JOB, {})),
        Delete(credential("x", JOB, "9")),
        Delete(credential("a", id_="1")),
        Create(credential("z", application_address("third"))),
    )
    assert [(step.id.removeprefix("federatedCredential."), sorted(step.needs)) for step in found] == [
        ("api/a/remove", []),
        ("api/b/change", ["federatedCredential.api/a/remove"]),
        ("api/c/add", ["federatedCredential.api/b/change"]),
        ("api/d/add", ["federatedCredential.api/b/change"]),
        ("third/z/add", []),
    ]
