"""Register an application in the running emulator as a tool of Microsoft does, or make a managed identity.

`POST /emulator/seed` takes `preset`, `displayName` and, if wanted, `tenant` and `user`. A registration goes
through Graph, so that creator, owner and audit log are those of that tool. Graph makes no managed identity.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from entra_emulator import seed
from entra_emulator.app import Emulator
from entra_emulator.callers import Caller
from entra_emulator.faults import ConnectionCutError
from entra_emulator.graph.call import HttpCall
from entra_emulator.login import graph_tokens, parties
from entra_emulator.login.errors import LoginError
from entra_emulator.login.service import SignIn
from entra_emulator.presets import IDENTITIES, PRESETS, Preset, set_template
from entra_emulator.tenant import Tenant

PATH = "/emulator/seed"
_SCOPES = frozenset({"Application.ReadWrite.All", "Directory.ReadWrite.All"})
# Names and texts of Graph have at most this many characters; a body has no more than a few of them.
_LARGEST = 64 * 1024
_RESOURCE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}")


class SeedRefusedError(Exception):
    """The registration cannot be made; the message says why and what to do."""


@dataclass(frozen=True)
class Wanted:
    """A registration that is wanted: the tool, in which tenant, by which user (an object id), which name."""

    preset: Preset
    tenant: Tenant
    user: str
    name: str


def routes(service: SignIn, emulator: Emulator) -> list[BaseRoute]:
    """Return the route of the endpoint."""
    return [Route(PATH, partial(_serve, service, emulator), methods=["POST"])]


async def _serve(service: SignIn, emulator: Emulator, request: Request) -> Response:
    if request.headers.get("origin") is not None:
        return JSONResponse({"error": "a page in a browser cannot register applications here"}, 400)
    try:
        body = await _body(request)
        tenant, name = _place(service, body)
        if resource := IDENTITIES.get(body.get("preset", "")):
            made = _make_identity(service, tenant, name, resource.format(name=name))
        else:
            made = await _register(service, emulator, _read(tenant, name, body))
    except SeedRefusedError as error:
        return JSONResponse({"error": str(error)}, 400)
    except ConnectionCutError:
        cut = "a fault that is on cut the connection: look whether the application was made"
        return JSONResponse({"error": cut}, 400)
    return JSONResponse(made, 201)


async def _body(request: Request) -> Mapping[str, Any]:
    text = b""
    async for chunk in request.stream():
        text += chunk
        if len(text) > _LARGEST:
            raise SeedRefusedError(f"the body has more than {_LARGEST} bytes")
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise SeedRefusedError("the body must be a JSON object with texts")
    if unknown := sorted(set(body) - {"preset", "displayName", "tenant", "user"}):
        raise SeedRefusedError(
            f"{unknown[0]} is not known here: give preset, displayName, tenant and user only"
        )
    return body


def _place(service: SignIn, body: Mapping[str, Any]) -> tuple[Tenant, str]:
    """Return the tenant and the name that are wanted."""
    if not body.get("displayName"):
        raise SeedRefusedError("displayName is missing: give a name")
    try:
        return parties.find_tenant(service.directory, body.get("tenant") or "common"), body["displayName"]
    except LoginError as error:
        raise SeedRefusedError(f"there is no tenant {body['tenant']}") from error


def _read(tenant: Tenant, name: str, body: Mapping[str, Any]) -> Wanted:
    preset = PRESETS.get(body.get("preset", ""))
    if preset is None:
        raise SeedRefusedError(f"preset must be one of {', '.join([*PRESETS, *IDENTITIES])}")
    if text := body.get("user", ""):
        user = tenant.user_by_name(text)
        if user is None:
            raise SeedRefusedError(f"{tenant.display_name} has no user {text}")
        return Wanted(preset, tenant, user["id"], name)
    for id_, roles in tenant.directory_roles.items():
        if "Global Administrator" in roles and id_ in tenant.users:
            return Wanted(preset, tenant, id_, name)
    raise SeedRefusedError(f"{tenant.display_name} has no Global Administrator: give a user")


def _make_identity(service: SignIn, tenant: Tenant, name: str, resource: str) -> dict[str, Any]:
    if not _RESOURCE_NAME.fullmatch(name):
        raise SeedRefusedError(
            "Azure names an identity by 3 to 128 letters, digits, hyphens and underscores, and begins with a "
            "letter or digit"
        )
    # Azure's names differ in more than case.
    known = {str(path).casefold() for each in tenant.service_principals for path in each["alternativeNames"]}
    if resource.casefold() in known:
        raise SeedRefusedError(f"{tenant.display_name} has an identity called {name} already")
    row = seed.add_managed_identity(service.directory, tenant, name, resource)
    return {"id": row["id"], "appId": row["appId"], "servicePrincipalId": row["id"]}


async def _register(service: SignIn, emulator: Emulator, wanted: Wanted) -> dict[str, Any]:
    preset, tenant = wanted.preset, wanted.tenant
    caller = Caller("user", tenant.tenant_id, wanted.user, preset.client, scopes=_SCOPES)

    async def post(collection: str, values: Mapping[str, Any]) -> dict[str, Any]:
        headers = {
            "authorization": f"Bearer {graph_tokens.sign_for(service, caller)}",
            "content-type": "application/json",
            "user-agent": "entra-emulator seed",
        }
        body = json.dumps(values).encode()
        reply = await emulator.call_graph(
            HttpCall("POST", ["v1.0", collection], "", headers, body, service.origin)
        )
        made: dict[str, Any] = json.loads(reply.body)
        if reply.status >= 400:
            raise SeedRefusedError(f"Graph refused with {reply.status}: {made['error']['message']}")
        set_template(tenant, collection, made["id"], preset.template)
        return made

    application = await post("applications", {"displayName": wanted.name, **preset.application})
    made = {"id": application["id"], "appId": application["appId"], "servicePrincipalId": ""}
    if preset.principal is not None:
        try:
            principal = await post("servicePrincipals", {"appId": application["appId"], **preset.principal})
        except SeedRefusedError as error:
            raise SeedRefusedError(
                f"the application {made['appId']} was made without a service principal: {error}"
            ) from error
        made["servicePrincipalId"] = principal["id"]
    return made
