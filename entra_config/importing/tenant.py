"""Which registrations are wanted in; those registrations with all that hangs on them out, read level by
level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from entra_config.actual.questions import API_FIELDS
from entra_config.errors import UsageError
from entra_config.graph.errors import refusal
from entra_config.graph.odata import by_key, literal
from entra_config.graph.request import Request, Response
from entra_config.kinds.allowed_tenants import AUDIENCE, SEVERAL
from entra_config.kinds.base import bears_owner
from entra_config.kinds.details import RoleHolding
from entra_config.kinds.permission_grant import grants_of
from entra_config.kinds.table import SIGN_IN_LISTS
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.manifest.fields.properties import table
from entra_config.manifest.fields.table import added

if TYPE_CHECKING:
    from entra_config.graph.client import Graph

Json = Mapping[str, Any]

API = ",".join(API_FIELDS)


@dataclass(frozen=True, slots=True)
class WantedRegistrations:
    """Which registrations: by client ids, by display names, or all."""

    app_ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """One application with its service principal and what hangs on both."""

    application: Json
    principal: Json | None = None
    assigned: Sequence[Json] = ()
    holds: Sequence[Json] = ()
    grants: Sequence[Json] = ()
    granted: Sequence[Json] = ()  # to others' clients and ours: consents for everybody at this API
    credentials: Sequence[Json] = ()
    owners: Sequence[Json] = ()  # of the application
    principal_owners: Sequence[Json] = ()
    answers: Mapping[str, Response] = field(
        default_factory=dict
    )  # by key of the manifest: what its kind asked


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that the manifest is written from."""

    registrations: tuple[Registration, ...]
    apis: Mapping[str, Json] = field(
        default_factory=dict
    )  # by appId: others' APIs that a client asks something of
    people: Mapping[str, Json] = field(default_factory=dict)  # by id: users and groups that hold a role
    clients: Mapping[str, Json] = field(
        default_factory=dict
    )  # by id: others' applications that hold something at ours
    managed: tuple[str, ...] = ()  # names of those that a manifest has already
    names: Mapping[str, str] = field(default_factory=dict)  # by appId: what a key is made of, if not the name
    protected: frozenset[str] = frozenset()  # appIds of those that get `preventDestroy`


def without(export: Export, app_ids: Collection[str]) -> Export:
    """Return the export without some registrations; to the others they become APIs of somebody else."""
    taken = [each for each in export.registrations if each.application["appId"] in app_ids]
    apis = {
        str(each.application["appId"]): {
            "id": each.principal["id"],
            "appId": each.application["appId"],
            "displayName": each.application["displayName"],
            "appRoles": each.application.get("appRoles") or [],
            "oauth2PermissionScopes": (each.application.get("api") or {}).get("oauth2PermissionScopes") or [],
        }
        for each in taken
        if each.principal is not None
    }
    requested = {
        str(api["resourceAppId"]) for each in export.registrations for api in _requested(each.application)
    }
    kept = tuple(each for each in export.registrations if each not in taken)
    clients = {str(each.principal["id"]): each.principal for each in taken if each.principal is not None}
    held = {str(entry["resourceId"]) for each in kept for entry in (*each.holds, *each.grants)}
    needed = {app_id: api for app_id, api in apis.items() if app_id in requested or api["id"] in held}
    return replace(
        export, registrations=kept, apis={**export.apis, **needed}, clients={**export.clients, **clients}
    )


async def read(graph: Graph, wanted: WantedRegistrations, *, signed_in: str = "") -> Export:
    """Return the wanted registrations; those with somebody's marks are left to that somebody.

    `signed_in` is the client id of who imports: with `everything` it stays out, for nobody manages his own
    identity.
    """
    found = [
        app for app in await find(graph, wanted) if not (wanted.everything and app["appId"] == signed_in)
    ]
    managed = tuple(sorted(str(app["displayName"]) for app in found if bears_owner(app)))
    apps = [app for app in found if not bears_owner(app)]
    return await describe(graph, apps, managed)


async def describe(graph: Graph, apps: Sequence[Json], managed: tuple[str, ...] = ()) -> Export:
    """Return applications with all that hangs on them."""
    principals = await _principals(graph, [str(app["appId"]) for app in apps])
    registrations = await _details(graph, apps, principals)
    own = {str(app["appId"]) for app in apps}
    ours = {str(principal["id"]) for principal in principals.values()}
    requested = {str(api["resourceAppId"]) for app in apps for api in _requested(app)} - own
    held = {
        str(entry["resourceId"]) for each in registrations for entry in (*each.holds, *each.grants)
    } - ours
    return Export(
        registrations,
        await _apis(graph, requested, held),
        await _people(graph, registrations),
        await _clients(graph, registrations, ours),
        managed,
    )


async def read_registrations(graph: Graph, app_ids: Sequence[str]) -> tuple[Registration, ...]:
    """Return registrations by their client ids, in that order, managed or not."""
    apps = await find(graph, WantedRegistrations(tuple(app_ids)))
    return await _details(graph, apps, await _principals(graph, app_ids))


def _requested(app: Json) -> Sequence[Json]:
    return app.get("requiredResourceAccess") or ()


async def find(graph: Graph, wanted: WantedRegistrations) -> list[Json]:
    """Return the applications that are wanted."""
    requested = (*wanted.app_ids, *wanted.names)
    filters = [f"$filter=appId%20eq%20{literal(each)}" for each in wanted.app_ids]
    filters += [f"$filter=displayName%20eq%20{literal(each)}" for each in wanted.names]
    lists = await _lists(graph, ["$top=999"] if wanted.everything else filters)
    if wanted.everything:
        return sorted(lists[0], key=lambda app: (str(app["displayName"]).casefold(), app["appId"]))
    found: dict[str, Json] = {}
    for name, items in zip(requested, lists, strict=True):
        if not items:
            raise UsageError(f"the tenant has no registration '{name}'")
        if len(items) > 1:
            ids = ", ".join(sorted(item["appId"] for item in items))
            raise UsageError(
                f"the tenant has several registrations named '{name}': import one by --app-id ({ids})"
            )
        found[items[0]["appId"]] = items[0]
    return list(found.values())


async def _lists(graph: Graph, queries: Sequence[str]) -> list[list[Json]]:
    """Return applications with all that Graph's schema lets a client write.

    Graph returns some properties only where they are selected: those that an answer lacks are asked for. A
    cloud that refuses the name of one does not have it.
    """
    lists = await graph.lists([Request("GET", f"/applications?{query}") for query in queries])
    writable = (
        path.partition(".")[0] for path, shape in table("application").items() if "readOnly" not in shape
    )
    returned = {name for items in lists for app in items for name in app}
    missing = sorted({*writable} - returned) if returned else []
    probes = await graph.send([Request("GET", f"/applications?$select={name}&$top=1") for name in missing])
    names = ",".join(name for name, probe in zip(missing, probes, strict=True) if probe.ok)
    if not names:
        return [list(items) for items in lists]
    more = await graph.lists(
        [Request("GET", f"/applications?{query}&$select=id,{names}") for query in queries]
    )
    found = {app["id"]: app for items in more for app in items}
    return [[{**app, **found.get(app["id"], {})} for app in items] for items in lists]


async def _principals(graph: Graph, app_ids: Sequence[str], select: str = "") -> dict[str, Json]:
    query = f"?$select={select}" if select else ""
    return await _existing(
        graph,
        {each: Request("GET", f"{by_key('servicePrincipals', 'appId', each)}{query}") for each in app_ids},
    )


async def _existing(graph: Graph, requests: Mapping[str, Request]) -> dict[str, Json]:
    """Return the objects that exist, by the key of their request."""
    responses = await graph.send([*requests.values()])
    found: dict[str, Json] = {}
    for (key, request), response in zip(requests.items(), responses, strict=True):
        if response.ok:
            found[key] = response.body
        elif response.status != 404:
            raise refusal(request, response)
    return found


async def _details(
    graph: Graph, apps: Sequence[Json], principals: Mapping[str, Json]
) -> tuple[Registration, ...]:
    questions: list[Request] = []
    for app in apps:
        questions += [each.request(app["id"]) for each in SIGN_IN_LISTS]
        questions.append(Request("GET", f"/applications/{app['id']}/owners?$select=id"))
        if principal := principals.get(app["appId"]):
            at = f"/servicePrincipals/{principal['id']}"
            questions += [
                Request("GET", f"{at}/owners?$select=id"),
                Request("GET", f"{at}/appRoleAssignedTo?{RoleHolding.SELECT}&$top=999"),
                Request("GET", f"{at}/appRoleAssignments?{RoleHolding.SELECT}&$top=999"),
                grants_of("clientId", principal["id"]),
                grants_of("resourceId", principal["id"]),
            ]
    responses = iter(await graph.lists(questions))
    made = []
    for app in apps:
        credentials = [item for _ in SIGN_IN_LISTS for item in next(responses)]
        owners = next(responses)
        principal = principals.get(app["appId"])
        also, assigned, holds, grants, granted = (
            [next(responses) for _ in range(5)] if principal else ([], [], [], [], [])
        )
        made.append(Registration(app, principal, assigned, holds, grants, granted, credentials, owners, also))
    return await _with_answers(graph, await _with_tenants(graph, await _with_expressions(graph, made)))


async def _with_expressions(graph: Graph, found: Sequence[Registration]) -> tuple[Registration, ...]:
    """Return the registrations with what federated credentials match by where they have no subject: beta
    alone tells it.
    """
    requests = {
        (each.application["id"], listed.path): listed.request(each.application["id"], beta=True)
        for each in found
        if any(item.get("subject") is None for item in each.credentials)
        for listed in SIGN_IN_LISTS
    }
    reported: dict[str, list[Json]] = defaultdict(list)
    for (id_, _), items in zip(requests, await graph.lists([*requests.values()]), strict=True):
        reported[id_] += items
    return tuple(
        replace(each, credentials=reported.get(each.application["id"], each.credentials)) for each in found
    )


async def _with_tenants(graph: Graph, found: Sequence[Registration]) -> tuple[Registration, ...]:
    """Return the registrations with which tenants may use those of several: beta alone tells it."""
    ids = [each.application["id"] for each in found if each.application.get(AUDIENCE) == SEVERAL]
    path = "/applications/{}?$select=id,{}"
    answers = await _existing(
        graph, {id_: Request("GET", path.format(id_, RESTRICTIONS), beta=True) for id_ in ids}
    )
    return tuple(
        replace(each, application={**each.application, RESTRICTIONS: answer.get(RESTRICTIONS)})
        if (answer := answers.get(each.application["id"])) is not None
        else each
        for each in found
    )


async def _with_answers(graph: Graph, found: Sequence[Registration]) -> tuple[Registration, ...]:
    """Return the registrations with what kinds ask about them."""
    requests = {
        (each.application["id"], key): request
        for each in found
        for key, brought in added().items()
        if (request := brought.ask(each.application)) is not None
    }
    responses = await graph.send([*requests.values()])
    answers: dict[str, dict[str, Response]] = {}
    for (id_, key), response in zip(requests, responses, strict=True):
        answers.setdefault(id_, {})[key] = response
    return tuple(replace(each, answers=answers.get(each.application["id"], {})) for each in found)


async def _apis(graph: Graph, app_ids: Iterable[str], ids: Iterable[str]) -> dict[str, Json]:
    known = await _principals(graph, sorted(app_ids), API)
    rest = sorted(set(ids) - {str(api["id"]) for api in known.values()})
    found = await _existing(
        graph, {each: Request("GET", f"/servicePrincipals/{each}?$select={API}") for each in rest}
    )
    return known | {api["appId"]: api for api in found.values()}


async def _clients(
    graph: Graph, registrations: Iterable[Registration], ours: Collection[str]
) -> dict[str, Json]:
    assigned = chain.from_iterable(each.assigned for each in registrations)
    holders = {
        str(entry["principalId"]) for entry in assigned if entry["principalType"] == "ServicePrincipal"
    }
    ids = sorted(
        (holders | {str(grant["clientId"]) for each in registrations for grant in each.granted}) - {*ours}
    )
    path = "/servicePrincipals/{}?$select=id,appId,displayName"
    return await _existing(graph, {each: Request("GET", path.format(each)) for each in ids})


async def _people(graph: Graph, registrations: Iterable[Registration]) -> dict[str, Json]:
    assigned = chain.from_iterable(each.assigned for each in registrations)
    ids = sorted(
        {str(entry["principalId"]) for entry in assigned if entry["principalType"] != "ServicePrincipal"}
    )
    chunks = [ids[start : start + 1000] for start in range(0, len(ids), 1000)]
    bodies = [{"ids": chunk, "types": ["user", "group"]} for chunk in chunks]
    found = await graph.lists([Request("POST", "/directoryObjects/getByIds", body) for body in bodies])
    return {item["id"]: item for items in found for item in items}
