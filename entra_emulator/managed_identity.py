"""Tokens for managed identities, as App Service and a virtual machine give them: plain HTTP on loopback.

Sources: Microsoft's pages overview-managed-identity (App Service, api-version 2019-08-01) and
how-to-use-vm-token (virtual machine, api-version 2018-02-01), and what azure-identity and MSAL send.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from entra_emulator.app import Receive, Scope, Send
from entra_emulator.clock import seconds_stamp
from entra_emulator.hosts import names_us
from entra_emulator.login import parties
from entra_emulator.login.claims import BACKDATED
from entra_emulator.login.errors import LoginError
from entra_emulator.login.grants import client_credentials
from entra_emulator.login.parties import Row
from entra_emulator.login.service import SignIn, TokenRequest
from entra_emulator.tenant import Tenant
from entra_emulator.traffic import Exchange

HOST = "127.0.0.1"
MACHINE_PATH = "/metadata/identity/oauth2/token"
APP_SERVICE_PATH = "/msi/token"
LOOK_UP_PATH = "/emulator/managed-identity"
# How clients name an identity: azure-identity and MSAL send the last one to a machine, the one before it to
# App Service.
_NAMES = {"client_id": "appId", "object_id": "id", "principal_id": "id", "mi_res_id": "", "msi_res_id": ""}


class RefusedError(Exception):
    """The request gets no token; the message says why."""

    def __init__(self, message: str, *, status: int = 400, error: str = "invalid_request") -> None:
        super().__init__(message)
        self.status, self.error = status, error


@dataclass(frozen=True)
class Query:
    """A request to one of the two endpoints: lower-case header names, parameters by name."""

    path: str
    headers: Mapping[str, str]
    parameters: Mapping[str, str]


class ManagedIdentities:
    """The endpoints over one directory. They answer once `open` said where they are reached."""

    def __init__(self, service: SignIn) -> None:
        self._service = service
        self._origin = ""
        self._secret = b""

    def open(self, port: int, secret: str) -> None:
        """Say that the endpoints are reached on `port`; headers of apps are derived from `secret`."""
        self._origin, self._secret = f"http://{HOST}:{port}", secret.encode()

    def routes(self) -> list[BaseRoute]:
        """Return the route by which the command line asks for an identity's variables."""
        return [Route(LOOK_UP_PATH, partial(_look_up, self), methods=["POST"])]

    def variables(self, name: str, *, machine: bool) -> dict[str, str]:
        """Return the environment of an app, or of a machine, that has the identity; LookupError if it has
        none.
        """
        if not self._origin:
            raise LookupError("start the emulator with --managed-identity")
        principal = self._by_name(name)
        chosen = {"AZURE_CLIENT_ID": str(principal["appId"])} if _is_user_assigned(principal) else {}
        if machine:
            return {"AZURE_POD_IDENTITY_AUTHORITY_HOST": self._origin, **chosen}
        return {
            "IDENTITY_ENDPOINT": self._origin + APP_SERVICE_PATH,
            "IDENTITY_HEADER": self._header(principal),
            **chosen,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of the plain listener."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        started = perf_counter()
        if names_us(scope["headers"], HOST):
            response = self._answer(request)
        else:
            message = "This endpoint answers on 127.0.0.1 and localhost only."
            response = JSONResponse({"error": "invalid_request", "error_description": message}, 400)
        self._service.traffic.add(
            Exchange(
                seconds_stamp(self._service.now()),
                "Sign-in",
                request.method,
                request.url.path,
                request.url.query,
                response.status_code,
                round((perf_counter() - started) * 1000, 2),
                dict(request.headers),
                b"",
                bytes(response.body),
                "application/json",
                "",
            )
        )
        await response(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        # MSAL for JavaScript asks a machine with a slash at the end.
        path = request.url.path.removesuffix("/")
        if request.method != "GET" or path not in (MACHINE_PATH, APP_SERVICE_PATH):
            return JSONResponse({"error": "not_found", "error_description": f"Nothing is at {path}."}, 404)
        query = Query(path, dict(request.headers), dict(parse_qsl(request.url.query)))
        try:
            return JSONResponse(self._on_machine(query) if path == MACHINE_PATH else self._in_app(query))
        except RefusedError as error:
            if path == MACHINE_PATH:
                body: dict[str, Any] = {"error": error.error, "error_description": str(error)}
            else:
                body = {"statusCode": error.status, "message": str(error)}
            return JSONResponse(body, error.status)

    def _on_machine(self, query: Query) -> dict[str, Any]:
        if query.headers.get("metadata", "").casefold() != "true" or "x-forwarded-for" in query.headers:
            # A request that a proxy passes on has no place here; azure-identity probes without the header.
            raise RefusedError("Required metadata header not specified")
        principal = self._named(query) or self._only_one()
        response = self._token(principal, query)
        now = int(self._service.now().timestamp())
        return {
            "access_token": response["access_token"],
            "client_id": principal["appId"],
            "expires_in": str(response["expires_in"]),
            "expires_on": str(now + response["expires_in"]),
            "ext_expires_in": str(response["ext_expires_in"]),
            "not_before": str(now - BACKDATED),
            "resource": query.parameters["resource"],
            "token_type": "Bearer",
        }

    def _in_app(self, query: Query) -> dict[str, Any]:
        given = query.headers.get("x-identity-header", "").encode()
        owner = next(
            (each for each in self._all() if hmac.compare_digest(self._header(each).encode(), given)), None
        )
        if owner is None:
            raise RefusedError("The X-IDENTITY-HEADER is not that of an app here.", status=401)
        principal = self._named(query) or owner
        if principal is owner and _is_user_assigned(owner) and not self._names_one(query):
            raise RefusedError("No system-assigned identity: name a user-assigned one by client_id.")
        response = self._token(principal, query)
        return {
            "access_token": response["access_token"],
            "expires_on": str(int(self._service.now().timestamp()) + response["expires_in"]),
            "resource": query.parameters["resource"],
            "token_type": "Bearer",
            "client_id": principal["appId"],
        }

    def _token(self, principal: Row, query: Query) -> dict[str, Any]:
        resource = query.parameters.get("resource", "")
        for name in ("api-version", "resource"):
            if not query.parameters.get(name):
                raise RefusedError(f"Required query variable '{name}' is missing")
        service, tenant = self._service, self._tenant
        try:
            client = parties.find_client(service.directory, tenant, str(principal["appId"]))
            form = {"scope": f"{resource}/.default"}
            request = TokenRequest(service, tenant, tenant.tenant_id, form, client, "", None, HOST)
            # A managed identity proves itself by a certificate that Azure keeps.
            return client_credentials.response(request, "2")
        except LoginError as error:
            body = error.body(service.trace(None), service.origin)
            raise RefusedError(str(body["error_description"]), error="invalid_resource") from error

    def _named(self, query: Query) -> Row | None:
        """Return the identity that a request names; None if it names none."""
        for name, key in _NAMES.items():
            if wanted := query.parameters.get(name, "").casefold():
                for each in self._all():
                    if wanted == str(each[key] if key else _party(each).azure_resource).casefold():
                        return each
                raise RefusedError("Identity not found")
        return None

    def _names_one(self, query: Query) -> bool:
        return any(query.parameters.get(name) for name in _NAMES)

    def _only_one(self) -> Row:
        """Return the identity of a machine whose client names none: the system-assigned one, else the only
        one.
        """
        identities = self._all()
        found = [each for each in identities if not _is_user_assigned(each)] or identities
        if not found:
            raise RefusedError("Identity not found")
        if len(found) > 1:
            sort = "user" if _is_user_assigned(found[0]) else "system"
            raise RefusedError(
                f"Multiple {sort} assigned identities exist, please specify the clientId / resourceId of the "
                "identity in the token request"
            )
        return found[0]

    def _all(self) -> list[Row]:
        return [
            row
            for row in self._tenant.service_principals
            if row["servicePrincipalType"] == "ManagedIdentity" and row["accountEnabled"]
        ]

    def _by_name(self, name: str) -> Row:
        found = [each for each in self._all() if name in (each["displayName"], each["appId"], each["id"])]
        if len(found) == 1:
            return found[0]
        known = ", ".join(sorted(str(each["displayName"]) for each in self._all())) or "none"
        reason = "no managed identity is" if not found else "several managed identities are"
        raise LookupError(f"{reason} called {name}; known: {known}")

    def _header(self, principal: Row) -> str:
        return hmac.digest(self._secret, f"identity {principal['id']}".encode(), hashlib.sha256).hex()

    @property
    def _tenant(self) -> Tenant:
        return self._service.directory.default


async def _look_up(identities: ManagedIdentities, request: Request) -> Response:
    if request.headers.get("origin") is not None:
        return JSONResponse({"error": "a page in a browser gets no variables"}, 400)
    try:
        body = json.loads(await request.body())
    except ValueError:
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        return JSONResponse({"error": "the body must be a JSON object with a name"}, 400)
    try:
        return JSONResponse(identities.variables(body["name"], machine=body.get("machine") is True))
    except LookupError as error:
        return JSONResponse({"error": str(error.args[0])}, 400)


def _is_user_assigned(principal: Row) -> bool:
    return "isExplicit=True" in principal["alternativeNames"]


def _party(principal: Row) -> parties.Party:
    return parties.Party(str(principal["appId"]), {}, principal)
