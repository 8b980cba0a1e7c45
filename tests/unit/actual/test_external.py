"""Which applications of others are asked for their names, and of which for those of their permissions."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.actual import external
from entra_config.actual.fetch import Responses
from entra_config.actual.question import OUR_APPLICATIONS, About
from entra_config.kinds.details import CONSENTS, CONSENTS_TO_IT, HOLDERS, HOLDINGS
from entra_config.kinds.directory import Subject
from entra_config.kinds.microsoft_graph import APP_ID
from tests.unit.plan.estates import manifest

NAME, PERMISSIONS = "?$select=id,appId,displayName,appOwnerOrganizationId", ",appRoles,oauth2PermissionScopes"
OTHER = "00000000-0000-4000-8000-000000000009"


def asked(body: dict[str, Any] | None = None, **rows: dict[str, Any]) -> list[str | list[str]]:
    """Return the paths that are read, and the ids that are looked up."""
    found = Responses()
    found.add(OUR_APPLICATIONS, [])
    for detail in (CONSENTS, CONSENTS_TO_IT, HOLDERS, HOLDINGS):
        row = rows.get(detail.name)
        found.add(About("api", detail), [row] if row else [])
    bare = {"id": "1", "appId": "own", "requiredResourceAccess": [], "api": {"preAuthorizedApplications": []}}
    subject = Subject("api", bare | (body or {}), {"id": "sp", "appId": "own"})
    requests = external.questions(manifest(), {"api": subject}, found).values()
    return [each.body["ids"] if each.body else str(each.path) for each in requests]


def wants(app_id: str) -> dict[str, Any]:
    """Return a registration that asks for something of an API."""
    return {"requiredResourceAccess": [{"resourceAppId": app_id, "resourceAccess": []}]}


def assignment(
    principal: str, resource: str, name: str = "API", type_: str = "ServicePrincipal"
) -> dict[str, Any]:
    """Return that somebody holds a role."""
    row = {"id": "a", "appRoleId": "r", "principalId": principal, "principalType": type_}
    return row | {"resourceId": resource, "resourceDisplayName": name}


def consent(client: str, resource: str, type_: str = "AllPrincipals") -> dict[str, Any]:
    """Return a consent."""
    return {"id": "c", "clientId": client, "resourceId": resource, "consentType": type_, "scope": "read"}


def test_details_are_told_apart() -> None:
    """Each has a name of its own."""
    assert len({each.name for each in (CONSENTS, CONSENTS_TO_IT, HOLDERS, HOLDINGS)}) == 4


@pytest.mark.parametrize(
    ("rows", "paths"),
    [
        ({}, []),
        ({HOLDERS.name: assignment("robot", "sp")}, [["robot"]]),
        ({HOLDERS.name: assignment("ann", "sp", type_="User")}, []),
        ({HOLDERS.name: assignment("sp", "sp")}, []),
        ({CONSENTS_TO_IT.name: consent("robot", "sp")}, [["robot"]]),
        ({CONSENTS.name: consent("sp", "hr")}, [f"/servicePrincipals/hr{NAME}"]),
        ({CONSENTS.name: consent("sp", "hr", "Principal")}, []),
        ({CONSENTS.name: consent("sp", "sp")}, []),
        ({HOLDINGS.name: assignment("sp", "hr")}, [f"/servicePrincipals/hr{NAME}{PERMISSIONS}"]),
        ({HOLDINGS.name: assignment("sp", "g", "Microsoft Graph")}, [f"/servicePrincipals/g{NAME}"]),
        ({HOLDINGS.name: assignment("sp", "sp")}, []),
    ],
)
def test_whoever_holds_something_is_asked_for_its_name(
    rows: dict[str, dict[str, Any]], paths: list[str | list[str]]
) -> None:
    """Clients at ours, and APIs at which ours hold something; ours are known."""
    assert asked(None, **rows) == paths


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        (wants(OTHER), [f"/servicePrincipals(appId='{OTHER}'){NAME}{PERMISSIONS}"]),
        (wants("own"), []),
        (
            {"api": {"preAuthorizedApplications": [{"appId": OTHER, "delegatedPermissionIds": []}]}},
            [f"/servicePrincipals(appId='{OTHER}'){NAME}"],
        ),
    ],
)
def test_an_api_that_is_asked_for_has_permissions_with_names(body: dict[str, Any], paths: list[str]) -> None:
    """A client that is authorized has its own alone."""
    assert asked(body) == paths


def test_permissions_of_microsoft_graph_are_known() -> None:
    """They are 280 KB."""
    assert all(PERMISSIONS not in each for each in asked(wants(APP_ID)))
