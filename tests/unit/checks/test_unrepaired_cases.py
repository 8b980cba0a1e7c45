"""What `ignoreChanges` lets stay beside the manifest, property by property."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks.rules import undeclared
from entra_config.errors import Position
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Api, Directory, Live, Subject
from entra_config.manifest.model import Application, Setting
from entra_config.manifest.parts import AppRole, Scope
from entra_config.plan.model import Notice, Watched
from entra_config.resource import Ref, Text
from tests.unit.checks import ruled
from tests.unit.plan.estates import API, manifest

HERE = Position("api.yaml", 3, 1)
AUTHORIZED, SCOPES, ROLES = "api.preAuthorizedApplications", "api.oauth2PermissionScopes", "appRoles"
READ = Scope("Read", "read", "Read", "Reads.", None, None, "admins", id="s1")
USE = AppRole("Use", "use", "Use", "Uses.", ("User",), id="r1")


def said(body: dict[str, Any] | None, *rules: str, **more: Any) -> list[Notice]:
    """Return what is said of an API that has this, where these are ignored."""
    settings = {path: Setting(value) for path, value in more.pop("settings", {}).items()}
    api = Application("api", "api", settings, ignore_changes=rules, position=HERE, **more)
    applications = {"absent": Application("absent", "api", {}, ignore_changes=("notes",)), "api": api}
    known = {
        "spa": Api("spa", "sp-spa", "app-spa", {}, {}, {}),
        "job": Api("job", "sp-job", "app-job", {}, {}, {}),
    }
    own = None if body is None else {"id": "1", "appId": "a", **body}
    live = {"api": Live(Subject("api", own)), "bare": Live(Subject("bare", None, {"id": "x"}))}
    names = {"app-x": "Their app", "s9": "old.scope"}
    directory = Directory("https://graph", live=live, apis=known, names=names)
    return ruled.of_tenant(
        undeclared.ignored_property, replace(manifest(), applications=applications), directory
    )


def notice(noun: str, reported: str, *watched: Watched) -> Notice:
    """Return the warning."""
    message = f"api has the {noun} {reported}, which the manifest does not say; `ignoreChanges` lets it stay"
    return Notice(message, application_address("api"), HERE, watched)


def watched(noun: str, label: str, key: str, path: str) -> Watched:
    """Return what drift watches."""
    return Watched(noun, label, key, path, ("1",), ends={"object": "1"})


WEB = "web.redirectUris"
URIS = {"web": {"redirectUris": ["https://A", "https://b", "https://c", "https://b"]}}
PLAIN = {
    "web": {
        "redirectUris": ["https://a"],
        "redirectUriSettings": [{"uri": "https://a", "index": None}],
        "homePageUrl": "https://a",
        "logoutUrl": None,
        "implicitGrantSettings": {"enableIdTokenIssuance": False},
    }
}
A_B = '{"c": 1, "d": 2}'
OWN = Text(("api://", Ref(API, "appId")))
ENTRIES = [
    {"appId": "app-spa", "delegatedPermissionIds": ["s1", "s9"]},
    {"appId": "app-x", "delegatedPermissionIds": ["s1"]},
    {"appId": "app-y", "delegatedPermissionIds": ["s1"]},
    {"appId": "ext", "delegatedPermissionIds": ["s1"]},
]


def setting(path: str, value: str) -> Notice:
    """Return the warning of a property with one value."""
    return notice("setting", f"{path}: {value}", watched("setting", f"{path}: {value}", path, path))


@pytest.mark.parametrize(
    ("body", "rules", "more", "expected"),
    [
        (URIS, (), {}, []),
        (None, (WEB,), {}, []),
        (
            URIS,
            (WEB,),
            {"settings": {WEB: ["https://a"]}},
            [
                notice(
                    "redirect URIs",
                    "https://b, https://c",
                    watched("redirect URI", "https://b", "https://b", WEB),
                    watched("redirect URI", "https://c", "https://c", WEB),
                )
            ],
        ),
        (URIS, ("redirectUris",), {"settings": {WEB: ["https://a", "https://B", "https://c"]}}, []),
        ({"web": None}, (WEB,), {}, []),
        ({"identifierUris": ["api://a"]}, ("identifierUris",), {"settings": {"identifierUris": [OWN]}}, []),
        (
            {"api": {"knownClientApplications": ["app-job", "app-x"]}},
            ("api.knownClientApplications",),
            {"known_clients": ("job",)},
            [
                notice(
                    "known client",
                    "Their app",
                    watched("known client", "Their app", "app-x", "api.knownClientApplications"),
                )
            ],
        ),
        (
            {"identifierUris": ["app-job"]},
            ("identifierUris",),
            {"known_clients": ("job",)},
            [
                notice(
                    "identifier URI",
                    "app-job",
                    watched("identifier URI", "app-job", "app-job", "identifierUris"),
                )
            ],
        ),
        (
            {"api": {"preAuthorizedApplications": ENTRIES}},
            (AUTHORIZED,),
            {
                "scopes": {"Read": READ},
                "authorized_clients": {"spa": ("Read",), "gone": ("Read",)},
                "external_authorized_clients": {"ext": ("Read",)},
            },
            [
                notice(
                    "authorized clients",
                    "app-spa for old.scope, Their app (app-x) for s1, app-y for s1",
                    watched("authorized client", "app-spa for old.scope", "app-spa/s9", AUTHORIZED),
                    watched("authorized client", "Their app (app-x) for s1", "app-x/s1", AUTHORIZED),
                    watched("authorized client", "app-y for s1", "app-y/s1", AUTHORIZED),
                )
            ],
        ),
        ({"api": None}, (AUTHORIZED, SCOPES, ROLES), {}, []),
        (
            {
                "api": {
                    "oauth2PermissionScopes": [{"id": "s1", "value": "read"}, {"id": "s2", "value": "old"}]
                }
            },
            (SCOPES,),
            {"scopes": {"Read": READ}, "app_roles": {"Use": USE}},
            [notice("scope", "old", watched("scope", "old", "s2", SCOPES))],
        ),
        (
            {
                ROLES: [
                    {"id": "r1", "value": "use"},
                    {"id": "r2", "value": None, "displayName": "Old"},
                    {"id": "r3"},
                ]
            },
            (ROLES,),
            {"scopes": {"Read": READ}, "app_roles": {"Use": USE}},
            [
                notice(
                    "app roles",
                    "Old, r3",
                    watched("app role", "Old", "r2", ROLES),
                    watched("app role", "r3", "r3", ROLES),
                )
            ],
        ),
        (
            {"serviceManagementReference": "x", "info": {"marketingUrl": "https://a"}},
            ("serviceManagementReference", "info"),
            {},
            [],
        ),
        ({"flag": True}, ("flag",), {"settings": {"flag": False}}, [setting("flag", "true")]),
        ({"flag": True}, ("flag",), {"settings": {"flag": True}}, []),
        ({"flag": False, "list": [], "text": ""}, ("flag", "list", "text", "none"), {}, []),
        ({"displayName": "x", "notes": "y"}, ("displayName", "notes", "owners"), {}, []),
        (PLAIN, ("web",), {"settings": {WEB: ["https://a"]}}, []),
        (
            {
                "web": {
                    **PLAIN["web"],
                    "logoutUrl": "https://b",
                    "implicitGrantSettings": {"x": True, "y": False},
                }
            },
            ("web",),
            {"settings": {WEB: ["https://A"]}},
            [setting("web.logoutUrl", '"https://b"'), setting("web.implicitGrantSettings.x", "true")],
        ),
        ({"a": {"b": {"c": 1, "d": 2}}}, ("a",), {"settings": {"a.b": {"c": 1}}}, []),
        ({"a": {"b": {"c": 1, "d": 2}}}, ("a.b",), {"settings": {"a.b": {"c": 2}}}, [setting("a.b", A_B)]),
    ],
)
def test_what_stays(
    body: dict[str, Any] | None, rules: tuple[str, ...], more: dict[str, Any], expected: list[Notice]
) -> None:
    """What Graph has and the manifest does not say; nothing of what is empty or that people only read."""
    assert said(body, *rules, **more) == expected
