"""Which findings were made by the application that made the registration they are of."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from entra_config.drift.creators import marked
from entra_config.drift.model import Actor, ActorKind, Attribution, Finding
from entra_config.graph.request import Request
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.resource import Address

PLANTER, OTHER = "of-planter", "of-other"
APP_IDS = {PLANTER: "planter", OTHER: "other", "of-nobody": None}
DIRECTORY = Directory(
    "https://graph.microsoft.com",
    live={
        "planted": Live(Subject("planted", {"createdByAppId": "planter"})),
        "by-a-person": Live(Subject("by-a-person", {"createdByAppId": None})),
        "old": Live(Subject("old", {})),
        "external": Live(Subject("external", None, {"id": "x"})),
    },
)


class Tenant:
    """A tenant that answers which appId a service principal has, and keeps what it was asked."""

    def __init__(self) -> None:
        self.requested: list[Request] = []

    async def lists(self, requests: Sequence[Request]) -> list[list[dict[str, Any]]]:
        """Answer for all ids that it knows."""
        self.requested += requests
        ids = requests[0].body["ids"]
        return [[{"id": id_, "appId": APP_IDS[id_]} for id_ in ids if id_ in APP_IDS]]


def finding(application: str, writer: str, kind: ActorKind = "application") -> Finding:
    """Return a finding of an application, by somebody."""
    address = Address("application", application)
    by = Attribution("exact", Actor(kind, writer))
    return Finding(address, "added", "owner-added", "", attribution=by, application=application)


@pytest.mark.parametrize(
    ("application", "writer", "kind", "creator"),
    [
        ("planted", PLANTER, "application", True),
        ("planted", OTHER, "application", False),
        ("planted", PLANTER, "user", False),
        ("planted", "unknown-id", "application", False),
        ("planted", "", "application", False),
        ("by-a-person", PLANTER, "application", False),
        ("by-a-person", "of-nobody", "application", False),
        ("old", "of-nobody", "application", False),
        ("old", PLANTER, "application", False),
        ("external", PLANTER, "application", False),
        ("undeclared", PLANTER, "application", False),
        ("undeclared", "of-nobody", "application", False),
    ],
)
def test_whoever_made_the_application_is_marked(
    application: str, writer: str, kind: ActorKind, creator: bool
) -> None:
    """An application alone, known by its appId; nothing that is not known of either is the same."""
    one, other = finding(application, writer, kind), finding("planted", OTHER)
    found = asyncio.run(marked(Tenant(), [one, other], DIRECTORY))

    assert [each.attribution.creator for each in found] == [creator, False]
    assert [each.application for each in found] == [application, "planted"]


def test_writers_are_asked_for_at_once_and_a_tenant_without_any_is_not_asked() -> None:
    """Each once, a thousand at most, in one order whatever that of the findings is."""
    tenant = Tenant()
    none = [finding("planted", "ann", "user"), finding("planted", "")]
    assert asyncio.run(marked(tenant, none, DIRECTORY)) == none
    assert tenant.requested == []

    many = [finding("old", f"writer-{number:04}") for number in reversed(range(1200))] * 2
    asyncio.run(marked(tenant, many, DIRECTORY))
    (request,) = tenant.requested
    assert (request.method, request.path) == ("POST", "/directoryObjects/getByIds")
    assert request.body["ids"] == [f"writer-{number:04}" for number in range(1000)]
    assert request.body["types"] == ["servicePrincipal"]
