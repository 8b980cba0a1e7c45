"""The `requests` of an API in; a Postman collection with tests and its environment out. Secrets stay
empty.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from entra_config import quoting
from entra_config.manifest.model import Manifest
from entra_config.manifest.targets import ApiRequest, App
from entra_config.settings import source
from entra_config.settings.registered import RegisteredTenant
from entra_config.settings.source import Client

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
CALLBACK = "https://oauth.pstmn.io/v1/callback"
DESCRIPTION = """Written by `entra-config settings`. Each request goes without a token (401), as a person \
and as an application:
what the token holds decides between success and 403. For a person, get a token on the folder's \
Authorization tab, or put one into
`userToken`; for an application, put its secret into `clientSecret` and send the request in "Tokens" first."""

_UNAUTHORIZED = """pm.test("401 without a token, and how to authenticate", () => {
  pm.response.to.have.status(401);
  pm.expect(pm.response.headers.get("WWW-Authenticate")).to.match(/^Bearer/);
});"""

_GRANTED = """pm.test("A token of the application", () => {
  pm.response.to.have.status(200);
  pm.environment.set("appToken", pm.response.json().access_token);
});"""

# Who may is computed from the token itself, so that the same collection holds for everybody.
_DECIDED = """const needs = NEEDS;
const token = (pm.request.headers.get("Authorization") || "").replace(/^Bearer /, "");
const payload = token.split(".")[1] || "e30";
const claims = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/")));
const roles = claims.roles || [];
const scopes = claims.scp === undefined ? null : claims.scp.split(" ");
const asks = scopes === null
  ? needs.applicationRoles === null || needs.applicationRoles.some((role) => roles.includes(role))
  : needs.scopes[needs.anyScope ? "some" : "every"]((scope) => scopes.includes(scope));
const may = asks && (needs.roles.length === 0 || needs.roles.some((role) => roles.includes(role)));
pm.test("There is a token", () => pm.expect(token).to.match(/^[^.]+[.][^.]+[.][^.]+$/));
pm.test(may ? `${needs.status}: this token is enough` : "403: this token is not enough", () => {
  pm.response.to.have.status(may ? needs.status : 403);
});"""


def collection(manifest: Manifest, app: App, tenant: RegisteredTenant) -> str:
    """Return the collection."""
    del tenant
    person, daemon = _clients(manifest, app)
    tried = [_tried(request, _DECIDED) for request in app.requests]
    as_person: dict[str, Any] = {"name": "As a person", "auth": _person_auth(person), "item": tried}
    as_application = {"name": "As an application", "auth": _bearer("{{appToken}}"), "item": tried}
    without = {
        "name": "Without a token",
        "auth": {"type": "noauth"},
        "item": [_tried(each, _UNAUTHORIZED) for each in app.requests],
    }
    folders: list[dict[str, Any]] = [without, as_person]
    if daemon is not None:
        folders += [
            {"name": "Tokens", "auth": {"type": "noauth"}, "item": [_token_request()]},
            as_application,
        ]
    name = f"{manifest.project} {app.key}"
    info = {"_postman_id": _id(name), "name": name, "description": DESCRIPTION, "schema": SCHEMA}
    return quoting.json({"info": info, "item": folders})


def environment(manifest: Manifest, app: App, tenant: RegisteredTenant) -> str:
    """Return the collection's variables in one environment."""
    person, daemon = _clients(manifest, app)
    values = [
        ("baseUrl", app.url, "default"),
        ("authority", tenant.authority, "default"),
        ("appIdUri", tenant.registered(app.key).app_id_uri, "default"),
        ("userClientId", tenant.registered(person.key).app_id if person else "", "default"),
        ("appClientId", tenant.registered(daemon.key).app_id if daemon else "", "default"),
        ("clientSecret", "", "secret"),
        ("userToken", "", "secret"),
        ("appToken", "", "secret"),
    ]
    name = f"{manifest.project} {app.key} {manifest.environment}"
    document = {
        "id": _id(name),
        "name": name,
        "values": [
            {"key": key, "value": quoting.postman(value), "type": kind, "enabled": True}
            for key, value, kind in values
        ],
        "_postman_variable_scope": "environment",
    }
    return quoting.json(document)


def _clients(manifest: Manifest, app: App) -> tuple[Client | None, Client | None]:
    found = source.clients(manifest, app.key)
    person = next((client for client in found if client.type == "publicClient" and client.scopes), None)
    return person, next((client for client in found if client.roles), None)


def _tried(request: ApiRequest, script: str) -> dict[str, Any]:
    needs = {
        "scopes": request.scopes,
        **({"anyScope": True} if request.any_scope else {}),
        "roles": request.roles,
        "applicationRoles": request.application_roles,
        "status": request.status,
    }
    sent: dict[str, Any] = {
        "method": request.method,
        "header": [],
        "url": "{{baseUrl}}" + quoting.postman(request.path),
    }
    if request.body is not None:
        sent["header"] = [{"key": "Content-Type", "value": "application/json"}]
        sent["body"] = {"mode": "raw", "raw": quoting.postman_json(request.body)}
    return {
        "name": request.name,
        "request": sent,
        "event": [_test(script.replace("NEEDS", json.dumps(needs), 1))],
    }


def _token_request() -> dict[str, Any]:
    form = {
        "grant_type": "client_credentials",
        "client_id": "{{appClientId}}",
        "client_secret": "{{clientSecret}}",
        "scope": "{{appIdUri}}/.default",
    }
    body = {"mode": "urlencoded", "urlencoded": _pairs(form)}
    sent = {"method": "POST", "header": [], "url": "{{authority}}/oauth2/v2.0/token", "body": body}
    return {"name": "Client credentials", "request": sent, "event": [_test(_GRANTED)]}


def _person_auth(person: Client | None) -> dict[str, Any]:
    if person is None:
        return _bearer("{{userToken}}")
    scopes = " ".join(f"{{{{appIdUri}}}}/{quoting.postman(scope)}" for scope in person.scopes)
    callback = (
        CALLBACK if CALLBACK in person.redirect_uris else next(iter(person.redirect_uris), "http://localhost")
    )
    values = {
        "accessToken": "{{userToken}}",
        "tokenName": "person",
        "grant_type": "authorization_code_with_pkce",
        "challengeAlgorithm": "S256",
        "authUrl": "{{authority}}/oauth2/v2.0/authorize",
        "accessTokenUrl": "{{authority}}/oauth2/v2.0/token",
        "clientId": "{{userClientId}}",
        "scope": scopes,
        "redirect_uri": quoting.postman(callback),
        "client_authentication": "body",
        "addTokenTo": "header",
    }
    return {"type": "oauth2", "oauth2": [{**pair, "type": "string"} for pair in _pairs(values)]}


def _bearer(token: str) -> dict[str, Any]:
    return {"type": "bearer", "bearer": [{"key": "token", "value": token, "type": "string"}]}


def _test(script: str) -> dict[str, Any]:
    lines: Sequence[str] = script.splitlines()
    return {"listen": "test", "script": {"type": "text/javascript", "exec": lines}}


def _pairs(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]


def _id(name: str) -> str:
    # The same in every run, so that Postman updates what it imported before.
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"entra-config:postman:{name}"))
