"""A client of ours, the API of ours and the API of others that it uses, declared and read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from entra_config.errors import Position
from entra_config.kinds.directory import Api, Directory, Live, Subject
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import ApiPermission, AppRole, Scope
from tests.unit.plan.estates import manifest as small

JOB = "job"
HERE, THERE = Position("job.yaml", 4, 1), Position("job.yaml", 1, 1)
HR = ApiPermission("hr", own=False, delegated=("Use",), application=("Read",), position=HERE)
OWN = ApiPermission("api", own=True, delegated=("Run",), application=("Run",), position=HERE)
RUN = Scope("Run", "run.all", "Run", "Runs.", None, None, "admins", id="s3")
ROLES = (
    AppRole("Run", "run.role", "Run", "Runs.", ("Application",), id="r3"),
    AppRole("Read", "read.role", "Read", "Reads.", ("User",), id="r5"),
)
API_BODY: dict[str, Any] = {
    "id": "id-api",
    "appId": "app-api",
    "appRoles": [
        {"id": "r4", "value": "old.role", "allowedMemberTypes": ["User", "Application"]},
        {"id": "r6", "value": "people", "allowedMemberTypes": ["User"]},
    ],
    "api": {"oauth2PermissionScopes": [{"id": "s3", "value": "run.old"}]},
}
APIS = {
    "hr": Api(
        "hr",
        "sp-hr",
        "app-hr",
        {"Read": "r1", "Write": "r2"},
        {"Use": "s1"},
        {"Use": "use"},
        shown="HR Suite",
    ),
    "api": Api("api", "sp-api", "app-api", {"Run": "r3"}, {"Run": "s3"}, {"Run": "run.all"}),
}
DIRECTORY = Directory(
    "https://graph",
    live={"api": Live(Subject("api", API_BODY, {"id": "sp-api"}))},
    apis=APIS,
    by_id={"sp-hr": APIS["hr"], "sp-api": APIS["api"]},
    app_ids={"sp-api": "app-api"},
    own_principals={"sp-api": "api", "sp-job": "job"},
    own_app_ids={"app-api": "api", "app-job": "job"},
    names={"s2": "hr.old", "r7": "Seven"},
)


def required(app_id: str, *access: tuple[str, str]) -> dict[str, Any]:
    """Return what is requested of an API."""
    return {
        "resourceAppId": app_id,
        "resourceAccess": [{"id": id_, "type": type_} for id_, type_ in access],
    }


def client(key: str, *requested: dict[str, Any]) -> Live:
    """Return a client that requests this."""
    body = {"id": f"id-{key}", "appId": f"app-{key}", "requiredResourceAccess": list(requested) or None}
    return Live(Subject(key, body, {"id": f"sp-{key}"}))


def manifest(**declared: Any) -> Manifest:
    """Return the manifest of the client, which is declared so, and of the API."""
    api = Application(
        "api",
        "api",
        {},
        scopes={RUN.label: RUN},
        app_roles={each.label: each for each in ROLES},
    )
    job = Application(JOB, "daemon", {}, position=THERE, **declared)
    return replace(small(), applications={"api": api, JOB: job})
