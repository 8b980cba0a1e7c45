"""The writes of one application's change, whole: what is sent when, and what each waits for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from entra_config.graph import odata
from entra_config.graph.request import Request
from entra_config.kinds.base import CREATED_TAG, LOOKED_TAG, created_ref, text
from entra_config.kinds.writes import Patch
from entra_config.plan.model import Create, Delete, Release
from entra_config.plan.steps import Bears, Order, Phase, Present, Probe, Step
from entra_config.resource import Address, Ref, Resource
from tests.unit.kinds.estate import API
from tests.unit.kinds.writing import (
    JOB,
    KEYS,
    OWN,
    REQUIRED,
    RESTRICTIONS,
    URIS,
    expanded,
    owner,
    patch,
    resource,
)

MARK = text(CREATED_TAG, created_ref("api"))


def create(body: dict[str, Any], carries: tuple[Address, ...] = (API,), **more: Any) -> Step:
    """Return the step that creates it."""
    return replace(
        Step(
            "application.api/create",
            carries,
            Phase.CREATE,
            Request("POST", "/applications", {**body, "tags": [OWN, MARK]}),
            API,
            "application.api",
            produces={Ref(API, name): name for name in ("id", "appId", "createdDateTime")},
            found_by=Probe(Request("GET", odata.path("/applications(uniqueName=", "u", ")")), Bears(MARK)),
            visible=Probe(Request("GET", text("/applications/", Ref(API), "?$select=id")), Present()),
        ),
        **more,
    )


def purge(id_: str) -> Step:
    """Return the step that deletes a deleted application for good."""
    return Step(
        f"application.api/purge/{id_}",
        (API,),
        Phase.CREATE,
        Request("DELETE", f"/directory/deletedItems/{id_}"),
        API,
        done_if=("Request_ResourceNotFound",),
    )


MANY = [f"o{number:02}" for number in range(25)]
UNIQUE = {"uniqueName": "u"}
CREATED: dict[str, tuple[Callable[[], list[Step | Patch]], list[Step | Patch]]] = {
    "what it has goes at once, and nothing of what it has not": (
        lambda: expanded(Create(resource(displayName="A", web__redirectUris=("https://a",), notes=None))),
        [create({"uniqueName": "u", "displayName": "A", "web": {"redirectUris": ["https://a"]}})],
    ),
    "what names another that is still to come goes later": (
        lambda: expanded(
            Create(resource(notes=Ref(API, "appId"), displayName=Ref(JOB), identifierUris=["api://x"]))
        ),
        [
            create({"uniqueName": "u", URIS: ["api://x"]}),
            patch({"notes": Ref(API, "appId"), "displayName": Ref(JOB)}, Phase.REFERENCE),
        ],
    ),
    "mapped claims go later, for not everybody may create with them": (
        lambda: expanded(Create(resource(api__acceptMappedClaims=True))),
        [create(UNIQUE), patch({"api.acceptMappedClaims": True}, Phase.REFERENCE)],
    ),
    "nothing goes later where that is null": (
        lambda: expanded(Create(resource(api__acceptMappedClaims=None))),
        [create(UNIQUE)],
    ),
    "a URI of another goes once that one has let go of it": (
        lambda: expanded(Create(resource(identifierUris=["API://x"])), passed={"api://x": JOB}),
        [create(UNIQUE), patch({URIS: ["API://x"]}, Phase.REFERENCE, order=Order(awaits=frozenset({JOB})))],
    ),
    "its owners, and whoever is bound to each": (
        lambda: expanded(
            Create(resource()), owner("b"), owner("e", enterprise=True), owner("a"), bind=("me", "a")
        ),
        [
            create(
                {
                    "uniqueName": "u",
                    "owners@odata.bind": [
                        f"https://graph/directoryObjects/{id_}" for id_ in ("a", "b", "me")
                    ],
                },
                (API, Address("owner", "api/b"), Address("owner", "api/a")),
            )
        ],
    ),
    "no more than twenty of them": (
        lambda: expanded(Create(resource()), *(owner(id_) for id_ in MANY)),
        [
            create(
                {
                    "uniqueName": "u",
                    "owners@odata.bind": [f"https://graph/directoryObjects/{id_}" for id_ in MANY[:20]],
                },
                (API, *(Address("owner", f"api/{id_}") for id_ in MANY[:20])),
            )
        ],
    ),
    "what is deleted goes for good before": (
        lambda: expanded(Create(resource(identifierUris=["api://x"])), purges={API: ("7", "8")}),
        [
            purge("7"),
            purge("8"),
            create(
                {"uniqueName": "u", URIS: ["api://x"]},
                needs=frozenset({"application.api/purge/7", "application.api/purge/8"}),
            ),
        ],
    ),
    "a URI waits for every other that goes for good": (
        lambda: expanded(Create(resource(identifierUris=["api://x"])), purges={JOB: ("9",)}),
        [create(UNIQUE), patch({URIS: ["api://x"]}, Phase.REFERENCE, order=Order(awaits=frozenset({JOB})))],
    ),
    "at beta where only beta takes it": (
        lambda: expanded(Create(resource(signInAudienceRestrictions=["t"]))),
        [
            replace(
                create(UNIQUE),
                request=Request(
                    "POST",
                    "/applications",
                    {
                        "uniqueName": "u",
                        RESTRICTIONS: {
                            "@odata.type": "#microsoft.graph.allowedTenantsAudience",
                            "isHomeTenantAllowed": True,
                            "allowedTenantIds": ["t"],
                        },
                        "tags": [OWN, MARK],
                    },
                    beta=True,
                ),
            )
        ],
    ),
    "with certificates and what it requests, as Graph takes them": (
        lambda: expanded(
            Create(
                resource(
                    keyCredentials=[{"customKeyIdentifier": "T1", "type": "x", "usage": "Verify"}],
                    requiredResourceAccess=[
                        {"resourceAppId": "g", "id": "1", "type": "Scope"},
                        {"resourceAppId": "h", "id": "2", "type": "Role"},
                        {"resourceAppId": "g", "id": "3", "type": "Role"},
                    ],
                )
            )
        ),
        [
            create(
                {
                    "uniqueName": "u",
                    KEYS: [
                        {
                            "type": "AsymmetricX509Cert",
                            "usage": "Verify",
                            "key": "DER",
                            "displayName": "shown",
                        }
                    ],
                    REQUIRED: [
                        {
                            "resourceAppId": "g",
                            "resourceAccess": [{"id": "1", "type": "Scope"}, {"id": "3", "type": "Role"}],
                        },
                        {"resourceAppId": "h", "resourceAccess": [{"id": "2", "type": "Role"}]},
                    ],
                }
            )
        ],
    ),
}


@pytest.mark.parametrize("case", CREATED)
def test_how_it_is_created(case: str) -> None:
    """In one request, but for what needs others or another permission."""
    found, expected = CREATED[case]
    assert found() == expected


def test_how_it_is_deleted() -> None:
    """With all below it; it lets go of its URIs before, where others take them."""
    below = Resource(Address("owner", "api/x"), {}, parent=API)
    other = Resource(Address("owner", "job/x"), {}, parent=JOB)
    changes = {each.address: Delete(each) for each in (below, other)}
    deleted = Step(
        "application.api/delete",
        (API, below.address),
        Phase.DELETE,
        Request("DELETE", "/applications/1"),
        API,
        "application.api",
        done_if=("Request_ResourceNotFound",),
    )
    going = Delete(resource())
    assert expanded(going, changes=changes, held=["api://a"]) == [deleted]
    assert expanded(going, changes=changes, held=["api://a", "api://b"], passed={"api://b": JOB}) == [
        patch({URIS: []}),
        deleted,
    ]


def test_how_it_is_let_go() -> None:
    """Its marks come off, all of this tool's."""
    marked = [OWN, "mine", f"{LOOKED_TAG}1", f"{CREATED_TAG}2", "entra-config:key=api"]
    assert expanded(Release(resource(tags=marked))) == [patch({"tags": ["mine"]})]
