"""Which type a registration is imported as, what others hold at it, and whose tokens sign in as it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.importing import application, external_holders, federated, tenant
from entra_config.importing.tenant import Export, Registration
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS

WEB = {"web": {"redirectUris": ["https://a"]}}
SPA = {"spa": {"redirectUris": ["https://a"]}}
PUBLIC = {"publicClient": {"redirectUris": ["https://a"]}}
IMPLICIT = {"web": {"implicitGrantSettings": {"enableIdTokenIssuance": True}}}
OFFERS = {"identifierUris": ["api://a"]}
ALONE, ASKS = (
    {"requiredResourceAccess": [{"resourceAppId": "g", "resourceAccess": [{"id": "1", "type": type_}]}]}
    for type_ in ("Role", "Scope")
)
KEY = {"passwordCredentials": [{"keyId": "k"}]}


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (SPA, "spa"),
        (SPA | ASKS, "spa"),
        (SPA | ALONE, "application"),
        (SPA | OFFERS, "application"),
        (SPA | IMPLICIT, "application"),
        (PUBLIC, "publicClient"),
        (PUBLIC | ALONE, "application"),
        (PUBLIC | OFFERS, "application"),
        (WEB, "web"),
        (WEB | ALONE, "web"),
        (IMPLICIT, "web"),
        (WEB | SPA, "application"),
        (OFFERS, "api"),
        (OFFERS | IMPLICIT, "web"),
        (ALONE, "daemon"),
        (KEY, "daemon"),
        ({"keyCredentials": [{"keyId": "k"}]}, "daemon"),
        (KEY | ASKS, "application"),
        (ASKS, "application"),
        ({}, "application"),
    ],
)
def test_a_registration_is_of_the_type_that_takes_all_of_it(body: dict[str, Any], type_: str) -> None:
    """By its platforms, by what it offers, and by what it asks for."""
    assert application.type_of(Registration(body)) == type_


def test_whoever_signs_in_by_others_tokens_acts_alone() -> None:
    """Federated credentials are credentials."""
    assert application.type_of(Registration({}, credentials=[{"name": "ci"}])) == "daemon"


ISSUER = {"name": "ci", "issuer": "https://issuer.example", "subject": "main"}
EXPRESSION = {"claimsMatchingExpression": {"value": "claims['sub'] matches 'a'", "languageVersion": 1}}
PLAIN = {"issuer": "https://issuer.example", "subject": "main"}
GITHUB = {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:o/r:environment:prod"}


@pytest.mark.parametrize(
    ("item", "entry"),
    [
        ({}, PLAIN),
        ({"audiences": [federated.AUDIENCE]}, PLAIN),
        ({"audiences": ["api://other"]}, PLAIN | {"audience": "api://other"}),
        ({"audiences": ["api://other", "api://more"]}, PLAIN | {"audience": "api://other"}),
        ({"audiences": []}, PLAIN),
        ({"audiences": None, "description": None}, PLAIN),
        ({"description": "of the build"}, PLAIN | {"description": "of the build"}),
        (
            {"subject": None} | EXPRESSION,
            {"issuer": "https://issuer.example", "matches": "claims['sub'] matches 'a'"},
        ),
        (
            {"issuer": GITHUB["issuer"], "subject": None, "claimsMatchingExpression": {"value": "odd"}},
            {"issuer": GITHUB["issuer"], "matches": "odd"},
        ),
        ({"claimsMatchingExpression": None}, PLAIN),
    ],
)
def test_a_federated_credential_says_what_is_not_usual(item: dict[str, Any], entry: dict[str, Any]) -> None:
    """The audience of every other one is left out."""
    assert federated.entries([ISSUER | item], "t", ()) == {"ci": entry}


def test_a_form_of_a_workload_has_its_name_where_the_cloud_knows_it() -> None:
    """Else it is written out."""
    (entry,) = federated.entries([ISSUER | GITHUB], "t", ()).values()
    ((form, words),) = entry.items()
    assert {"repository", "environment"} <= set(words)
    assert federated.entries([ISSUER | GITHUB], "t", {form}) == {"ci": GITHUB}


CLIENTS = {
    "c": {"id": "c", "appId": "app-c", "displayName": "Nightly\u202e"},
    "d": {"id": "d", "appId": "app-d", "displayName": "Audit"},
}
ROLES = {
    "appId": "api",
    "appRoles": [
        {"id": "r", "value": "Reader", "displayName": "Reads", "allowedMemberTypes": ["Application"]},
        {"id": "n", "value": None, "displayName": "Named", "allowedMemberTypes": ["User"]},
        {"id": "i", "value": None, "displayName": None, "allowedMemberTypes": ["User"]},
    ],
}


def assigned(role: str, principal: str = "c", type_: str = "ServicePrincipal") -> dict[str, Any]:
    """Return that somebody holds a role."""
    return {"appRoleId": role, "principalId": principal, "principalType": type_}


HELD = {"id": "app-c", "because": "Nightly\\u{202e} held it when this was imported"}


@pytest.mark.parametrize(
    ("more", "declared", "entry"),
    [
        ({"assigned": [assigned("r")]}, (), {"application": ["Reader"]}),
        ({"assigned": [assigned("n")]}, (), {"application": ["Named"]}),
        ({"assigned": [assigned("i")]}, (), {"application": ["i"]}),
        ({"assigned": [assigned("gone")]}, (), {"application": ["gone"]}),
        ({"assigned": [assigned(DEFAULT_ACCESS)]}, (), {"application": ["default"]}),
        ({"assigned": [assigned("r", type_="User")]}, (), None),
        ({"assigned": [assigned("r", "unknown")]}, (), None),
        ({"assigned": [assigned("r")]}, ("api",), None),  # its list says it
        ({"assigned": [assigned("n")]}, ("api",), {"application": ["Named"]}),
        (
            {"granted": [{"clientId": "c", "scope": " write read"}]},
            ("api",),
            {"delegated": ["read", "write"]},
        ),
        ({"granted": [{"clientId": "c", "scope": None}]}, (), None),
        (
            {"assigned": [assigned("r"), assigned("n")], "granted": [{"clientId": "c", "scope": "read"}]},
            ("other",),
            {"application": ["Named", "Reader"], "delegated": ["read"]},
        ),
    ],
)
def test_what_applications_of_others_hold_is_acknowledged(
    more: dict[str, Any], declared: tuple[str, ...], entry: dict[str, Any] | None
) -> None:
    """By the value that tokens carry, in order; what nobody sees of a name is written out."""
    export = Export((Registration(ROLES, **more),), clients=CLIENTS)
    assert external_holders.acknowledged(export, declared) == (
        {} if entry is None else {"api": [HELD | entry]}
    )


def test_clients_stand_by_name() -> None:
    """Whatever order they are read in."""
    rows = [assigned("r"), assigned("r", "d")]
    export = Export((Registration(ROLES, assigned=rows),), clients=CLIENTS)
    found = external_holders.acknowledged(export, ())["api"]
    assert [each["id"] for each in found] == ["app-d", "app-c"]


def registered(app_id: str, *requests: str, **more: Any) -> Registration:
    """Return a registration that asks something of others."""
    access = [{"resourceAppId": each, "resourceAccess": []} for each in requests]
    body = {"appId": app_id, "displayName": app_id, "requiredResourceAccess": access}
    return Registration(body, {"id": f"sp-{app_id}"}, **more)


@pytest.mark.parametrize(
    ("kept", "needed"),
    [
        (registered("one", "two"), True),
        (registered("one", holds=[{"resourceId": "sp-two"}]), True),
        (registered("one", grants=[{"resourceId": "sp-two"}]), True),
        (registered("one", "two", holds=[{"resourceId": "sp-two"}]), True),
        (registered("one", "three", holds=[{"resourceId": "sp-three"}]), False),
        (registered("one"), False),
    ],
)
def test_what_is_left_out_is_somebody_elses_to_the_others(kept: Registration, needed: bool) -> None:
    """An API where one of them asks for something of it, or holds something there; what has no service
    principal is nobody's client.
    """
    two = registered("two")
    roles, scopes = [{"id": "r"}], [{"id": "s"}]
    offered = {"appRoles": roles, "api": {"oauth2PermissionScopes": scopes}} if kept.holds else {}
    two = replace(two, application={**two.application, **offered})
    bare = Registration({"appId": "bare", "requiredResourceAccess": []}, None)
    export = Export((kept, two, bare), {"g": {"id": "g"}}, clients=CLIENTS)
    found = tenant.without(export, {"two", "bare"})
    assert [each.application["appId"] for each in found.registrations] == ["one"]
    api = {
        "id": "sp-two",
        "appId": "two",
        "displayName": "two",
        "appRoles": roles if kept.holds else [],
        "oauth2PermissionScopes": scopes if kept.holds else [],
    }
    assert found.apis == {"g": {"id": "g"}} | ({"two": api} if needed else {})
    assert found.clients == CLIENTS | {"sp-two": {"id": "sp-two"}}
