"""A manifest and what was read of a tenant in; the two sides that are compared, and what waits for a
restore, out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config import states
from entra_config.kinds.base import CREATED_TAG, application_address, enterprise_address
from entra_config.kinds.details import HOLDERS, OWNERS, FederatedTrust, ObjectOwner, RoleHolding
from entra_config.kinds.directory import Api, Directory, Live, Principal, Subject
from entra_config.kinds.facts import ApplicationFacts, AssignmentFacts
from entra_config.kinds.federated_credential import FEDERATED
from entra_config.kinds.table import KINDS
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.resource import Address, Ref, Resource, State

GRAPH = "https://graph.microsoft.com/v1.0"
ROLE, HOLDER, OTHER = (f"0000000{number}-0000-4000-8000-000000000000" for number in (1, 2, 3))
TAGS = ["entra-config:owner=shop/dev", "entra-config:key=api"]
HELD = Address("appRoleAssignment", f"api/Reader/user:{HOLDER}")
BODY = {
    "id": "object", "appId": "app", "displayName": "API", "tags": [*TAGS, (f"{CREATED_TAG}"
"1f")], "identifierUris": [],
    "appRoles": [{
        "id": ROLE, "value": "Reader", "displayName": "Reader", "description": "Reads.",
        "allowedMemberTypes": ["User"],
        "isEnabled": True, "origin": "Application",
    }],
}  # fmt: skip
PRINCIPAL = {"id": "principal", "appId": "app", "tags": TAGS}
CLIENT = {**BODY, "id": "job-object", "appId": "job-app", "displayName": "Job", "appRoles": []}


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    """Return an API whose role a user holds, and a job that may call it."""
    reader = {"displayName": "Reader", "description": "Reads.", "allowedMemberTypes": ["User"], "id": ROLE}
    document = {
        "project": "shop",
        "environments": {"dev": {"tenantId": "11111111-1111-1111-1111-111111111111"}},
        "applications": {
            "api": {
                "type": "api",
                "displayName": "API",
                "identifierUris": ["api://${appId}"],
                "owners": [{"name": "ann@contoso.com", "id": HOLDER}],
                "appRoles": {"Reader": reader},
            },
            "job": {
                "type": "daemon",
                "displayName": "Job",
                "federatedCredentials": {
                    "build": {"issuer": "https://ci.example", "subject": "job", "audience": "a"}
                },
            },
        },
        "appRoleAssignments": {"api": {"Reader": {"users": ["ann@contoso.com", HOLDER]}}},
    }
    path = tmp_path / "entra-config.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return loader.load(path)


def directory(live: Mapping[str, Live] | None = None, **more: Any) -> Directory:
    """Return a tenant in which Ann is known."""
    ann = Principal(HOLDER, "ann@contoso.com", "user")
    principals = {("user", name): ann for name in ("ann@contoso.com", HOLDER)}
    return Directory(GRAPH, principals=principals, live=live or {}, **more)


def there(
    key: str,
    body: Mapping[str, Any],
    principal: Mapping[str, Any] | None,
    *,
    deleted: bool = False,
    **rows: Any,
) -> Live:
    """Return a live application."""
    details = {"holders": HOLDERS, "owners": OWNERS, "federated": FEDERATED}
    responses = {details[name]: found for name, found in rows.items()}
    return Live(Subject(key, body, principal, deleted=deleted), responses)


def held(principal: str = HOLDER) -> RoleHolding:
    """Return a holder of the role."""
    return RoleHolding("assignment", ROLE, principal, "User", "ann@contoso.com", "principal", "API")


def test_what_is_wanted_is_said_once(manifest: Manifest) -> None:
    """Whoever is named twice, by name and by id, holds one assignment; each object and part has its own
    address.
    """
    wanted = states.build(manifest, directory(), KINDS)

    assert HELD in wanted
    assert len([each for each in wanted if each.address.kind == "appRoleAssignment"]) == 1
    assert {str(each.address) for each in wanted} >= {
        "application.api", "application.job", "enterpriseApplication.api", "federatedCredential.job/build",
        f"owner.api/user:{HOLDER}",
    }  # fmt: skip


def test_what_the_tenant_has_is_read_in_the_same_shape(manifest: Manifest) -> None:
    """Each side has the fields of the other where the manifest says something, without marks that prove
    nothing.
    """
    trust = FederatedTrust("credential", "build", "https://ci.example", "job", ("a",), "")
    live = {
        "api": there("api", BODY, PRINCIPAL, holders=(held(),), owners=(ObjectOwner(HOLDER, "user", "Ann"),)),
        "job": there("job", CLIENT, None, federated=(trust,)),
    }
    found = states.live(manifest, directory(live), KINDS)
    wanted = states.build(manifest, directory(live), KINDS)

    api = found.get(application_address("api"))
    assert api is not None
    assert api.values["tags"] == TAGS
    assert "origin" not in api.values["appRoles"][0]
    assert ApplicationFacts.of(api) == ApplicationFacts(
        "object", app_id="app", service_principal_id="principal"
    )
    credential = Address("federatedCredential", "job/build")
    assert found.get(credential).values == wanted.get(credential).values
    assert {each.address for each in found} == {each.address for each in wanted} - {enterprise_address("job")}


def test_references_are_filled_in_that_the_tenant_can_answer(manifest: Manifest) -> None:
    """The appId of what is there is a value on the wanted side; of what is to be made it stays a
    reference.
    """
    before = states.both(manifest, directory(), KINDS).desired.get(application_address("api"))
    after = states.both(manifest, directory({"api": there("api", BODY, PRINCIPAL)}), KINDS).desired.get(
        application_address("api")
    )

    assert before is not None
    assert after is not None
    assert Ref(application_address("api"), "appId") in before.values["identifierUris"][0].parts
    assert after.values["identifierUris"] == ["api://app"]


def test_what_hangs_on_a_deleted_application_waits(manifest: Manifest) -> None:
    """Owners and holders of one that comes back cannot be compared before; the object itself can."""
    deleted = {**BODY, "deletedDateTime": "2026-11-01T00:00:00Z"}
    known = directory({"api": there("api", deleted, PRINCIPAL, deleted=True)})
    both = states.both(manifest, known, KINDS)

    assert HELD in both.waiting
    assert HELD not in both.desired
    assert Address("owner", f"api/user:{HOLDER}") in both.waiting
    assert application_address("api") in both.desired
    assert Address("federatedCredential", "job/build") in both.desired
    live = both.actual.get(application_address("api"))
    assert live is not None
    assert live.facts.deleted == "2026-11-01T00:00:00Z"


def test_nothing_waits_where_nothing_is_deleted(manifest: Manifest) -> None:
    """Of a tenant in which all is there, or nothing yet, all is compared at once."""
    for live in ({}, {"api": there("api", BODY, PRINCIPAL, holders=(held(),))}):
        both = states.both(manifest, directory(live), KINDS)
        assert list(both.waiting) == []
        assert (list(both.returning), list(both.kept)) == ([], [])


def test_a_holder_that_nobody_declared_is_there_on_one_side_alone(manifest: Manifest) -> None:
    """The manifest says in full who has the role: somebody else is in the tenant's state, by his own
    facts.
    """
    live = {"api": there("api", BODY, PRINCIPAL, holders=(held(), held(OTHER)))}
    both = states.both(manifest, directory(live), KINDS)
    (stranger,) = [
        each for each in both.actual if each.address not in both.desired and each.address.kind == HELD.kind
    ]

    facts = AssignmentFacts.of(stranger)
    assert (facts.principal, facts.resource, facts.app_role_id) == (OTHER, "api", ROLE)


def test_only_leaves_what_both_have() -> None:
    """`State.only` cuts a state to the addresses of another."""
    held_ = Resource(HELD, {})
    one, two = State({HELD: held_}), State({})

    assert list(one.only(two)) == []
    assert list(one.only(one)) == [held_]


def test_a_kind_is_asked_for_its_normal_values_on_both_sides(manifest: Manifest) -> None:
    """What a kind makes alike is made alike in one place, on the side of the manifest as on that of the
    tenant.
    """
    live = {"api": there("api", {**BODY, "appRoles": [{**BODY["appRoles"][0], "value": ""}]}, PRINCIPAL)}
    nameless = replace(manifest.applications["api"].app_roles["Reader"], value=None)
    api = replace(manifest.applications["api"], app_roles={"Reader": nameless})
    both = states.both(replace(manifest, applications={"api": api}, assignments={}), directory(live), KINDS)

    for side in (both.desired, both.actual):
        found = side.get(application_address("api"))
        assert found is not None
        assert [role["value"] for role in found.values["appRoles"]] == [None]


def test_an_api_of_others_is_known_by_name(manifest: Manifest) -> None:
    """`Directory.called` says the tenant's name of it besides, where that is another."""
    others = Api("graph", "1", "2", {}, {}, {}, shown="Microsoft Graph")

    assert directory(apis={"graph": others}).called("graph") == 'graph "Microsoft Graph"'
    assert directory().called("api") == "api"
