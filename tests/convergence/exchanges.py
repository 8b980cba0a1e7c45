"""Pairs of manifests whose changes wait for each other: what one lets go, another takes, in one plan."""

from __future__ import annotations

from typing import Any

from tests.convergence.before_and_after import role, scope

ONE, TWO, THREE = (f"7c3ab2b0-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
PEOPLE = {"groups": ["Audit"], "users": ["alice@contoso.com"]}
Pair = tuple[dict[str, Any], dict[str, Any]]


def valued(value: str, id_: str = "", *members: str, **more: Any) -> dict[str, Any]:
    """Make a role with a value of its own, perhaps under a fixed id."""
    return {**role(value, *members), "value": value, **({"id": id_} if id_ else {}), **more}


def roles(
    found: dict[str, Any],
    holders: dict[str, Any],
    *requested: str,
    scopes: dict[str, Any] | None = None,
    authorized: Any = None,
) -> dict[str, Any]:
    """Make an API with roles and scopes, who holds them, and a client that requests and is granted some of
    them.
    """
    api = {"type": "api", "displayName": "API", "appRoles": found}
    if scopes is not None:
        api |= {"scopes": scopes, "authorizedClients": {"spa": list(authorized or scopes)}}
    wanted = {"delegated": list(scopes), "adminConsent": True} if scopes else {}
    applications = {
        "api": api,
        "nightly": {
            "type": "daemon",
            "displayName": "Nightly",
            "apiPermissions": {"api": {"application": list(requested), "adminConsent": True}},
        },
        "spa": {"type": "spa", "displayName": "SPA", "apiPermissions": {"api": wanted} if wanted else {}},
    }
    return {"applications": applications, "appRoleAssignments": {"api": holders}}


def uris(removed: tuple[str, ...] = (), **found: list[str]) -> dict[str, Any]:
    """Make an API for each list of paths below contoso.com that it answers to."""
    applications = {
        key: {
            "type": "api",
            "displayName": key,
            "identifierUris": [f"https://contoso.com/{path}" for path in paths],
        }
        for key, paths in found.items()
    }
    gone = {"removed": {"applications": {key: {"destroy": True} for key in removed}}} if removed else {}
    return {"applications": applications, **gone}


EXCHANGES: dict[str, Pair] = {
    "a role opens for applications and is given to one": (
        roles({"Writer": role("Writer")}, {"Writer": PEOPLE}),
        roles({"Writer": role("Writer", "User", "Application")}, {"Writer": PEOPLE}, "Writer"),
    ),
    "a role of people becomes one of applications": (
        roles({"Writer": role("Writer"), "Reader": role("Reader")}, {"Writer": PEOPLE, "Reader": PEOPLE}),
        roles(
            {"Writer": role("Writer", "Application"), "Reader": role("Reader")}, {"Reader": PEOPLE}, "Writer"
        ),
    ),
    "a role of applications becomes one of people": (
        roles({"Writer": role("Writer", "Application")}, {}, "Writer"),
        roles({"Writer": role("Writer")}, {"Writer": PEOPLE}),
    ),
    "a disabled role is enabled and given": (
        roles({"Writer": role("Writer") | {"isEnabled": False}}, {}),
        roles({"Writer": role("Writer")}, {"Writer": PEOPLE}),
    ),
    "two applications exchange an identifier URI": (uris(one=["x"], two=["y"]), uris(one=["y"], two=["x"])),
    "three applications hand identifier URIs round": (
        uris(one=["x", "a"], two=["y"], three=["z"]),
        uris(one=["z", "a"], two=["x"], three=["y", "new"]),
    ),
    "an identifier URI moves to another application": (
        uris(one=["x", "y"], two=[]),
        uris(one=["y"], two=["x"]),
    ),
    "an identifier URI moves to a new application": (uris(one=["x"]), uris(one=["y"], two=["x"])),
    "an identifier URI of a deleted application moves": (
        uris(one=["x"], two=["y"]),
        uris(("one",), two=["y", "x"]),
    ),
    "an identifier URI of a deleted application goes to a new one": (
        uris(one=["x"]),
        uris(("one",), two=["X"]),
    ),
    "an id is written beside a role that is held": (
        roles({"Writer": role("Writer", "User", "Application")}, {"Writer": PEOPLE}, "Writer"),
        roles({"Writer": role("Writer", "User", "Application") | {"id": ONE}}, {"Writer": PEOPLE}, "Writer"),
    ),
    "an id is written beside a scope that is authorized and consented": (
        roles({}, {}, scopes={"read": scope("Read"), "write": scope("Write")}),
        roles({}, {}, scopes={"read": scope("Read") | {"id": ONE}, "write": scope("Write all")}),
    ),
    "two roles exchange their values and their holders": (
        roles(
            {"A": valued("a", ONE), "B": valued("b", TWO)},
            {"A": {"groups": ["Audit"]}, "B": {"groups": ["On call"]}},
        ),
        roles(
            {"A": valued("b", ONE, breaking=True), "B": valued("a", TWO, breaking=True)},
            {"A": {"groups": ["On call"]}, "B": {"groups": ["Audit"]}},
        ),
    ),
    "a removed role leaves its value to a live one": (
        roles(
            {"A": valued("a", ONE), "B": valued("b", TWO)},
            {"A": {"groups": ["Audit"]}, "B": {"groups": ["On call"]}},
        ),
        roles({"B": valued("a", TWO, breaking=True)}, {"B": {"groups": ["On call", "Audit"]}}),
    ),
    "values are handed on from role to role": (
        roles(
            {"A": valued("a", ONE), "B": valued("b", TWO), "C": valued("c", THREE)},
            {label: {"groups": ["Audit"]} for label in "ABC"},
        ),
        roles(
            {"B": valued("a", TWO, breaking=True), "C": valued("b", THREE, breaking=True), "D": valued("c")},
            {"B": {"groups": ["On call"]}, "C": {"groups": ["Audit"]}, "D": {"groups": ["All Staff"]}},
        ),
    ),
    "a role and a scope of one id change together": (
        roles(
            {"all": role("All") | {"value": "all", "id": ONE}, "b": role("B")},
            {"all": PEOPLE},
            scopes={"all": scope("All") | {"id": ONE}},
        ),
        roles(
            {"all": role("All", "User", "Application") | {"value": "all", "id": ONE}},
            {"all": {"groups": ["On call"]}},
            "all",
            scopes={"all": scope("All") | {"id": ONE}},
        ),
    ),
    "the role of a shared id goes and its scope stays": (
        roles(
            {"all": role("All") | {"value": "all", "id": ONE}},
            {"all": PEOPLE},
            scopes={"all": scope("All") | {"id": ONE}},
        ),
        roles({"b": role("B")}, {"b": PEOPLE}, scopes={"all": scope("All") | {"id": ONE}}),
    ),
}
