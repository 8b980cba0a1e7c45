"""What the first levels of reading ask Graph: requests as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from entra_config.actual.fetch import Questions
from entra_config.actual.question import (
    ORGANIZATION,
    OUR_APPLICATIONS,
    OUR_PRINCIPALS,
    ApiOfOthers,
    ByIds,
    ExternalPrincipal,
    NameBearers,
    Question,
)
from entra_config.graph.odata import by_key, literal, tagged
from entra_config.graph.request import Request
from entra_config.kinds.allowed_tenants import of_beta
from entra_config.kinds.base import OWNER_TAG
from entra_config.kinds.microsoft_graph import APP_ID as MICROSOFT_GRAPH
from entra_config.manifest.model import Manifest, Named
from entra_config.manifest.sections import microsoft
from entra_config.properties import PROPERTIES

APPLICATION_FIELDS = tuple(row.path for row in PROPERTIES if "application" in row.read)
PRINCIPAL_FIELDS = tuple(row.path for row in PROPERTIES if "servicePrincipal" in row.read)
APP_ID = "appId"  # of a service principal, in place of its name
MARKS = "marks"  # of an application of another project, `project/environment/key`
API_FIELDS = tuple(row.path for row in PROPERTIES if "api" in row.read.split())


def first_level(manifest: Manifest, signed_in: str) -> Questions:
    """Return what can be asked at once: ours by owner tag, the tenant, and whatever the manifest names."""
    marks = tagged(OWNER_TAG + manifest.owner)
    questions: Questions = {
        ORGANIZATION: _get("/organization?$select=id,displayName,verifiedDomains"),
        OUR_APPLICATIONS: _get(
            f"/applications?$filter={marks}&$select={application_select(manifest)}&$top=999"
        ),
        OUR_PRINCIPALS: _get(
            f"/servicePrincipals?$filter={marks}&$select={principal_select(manifest)}&$top=999"
        ),
    }
    questions |= dict(_apis(manifest)) | dict(_clients(manifest))
    unpinned, pinned = names(manifest)
    for type_, name in sorted(unpinned):
        questions[NameBearers(type_, name)] = by_name(type_, name)
    ids = sorted(pinned | ({signed_in} if signed_in else set()))
    for number, chunk in enumerate(_chunks(ids, 1000)):  # 1,000 ids at most in one request
        body = {"ids": chunk, "types": ["user", "group", "servicePrincipal"]}
        questions[ByIds(str(number))] = Request("POST", "/directoryObjects/getByIds", body)
    return questions


def _get(path: str) -> Request:
    return Request("GET", path)


def application_select(manifest: Manifest, *, keys: bool = True) -> str:
    """Return the application's properties that this manifest is about; without keys for what is asked many
    times.

    Graph answers 150 requests a minute and tenant that select keyCredentials (application-list).
    """
    paths = (path for application in manifest.applications.values() for path in application.settings)
    written = {path.split(".")[0] for path in paths if not of_beta([path])}
    fields = dict.fromkeys((*APPLICATION_FIELDS, *sorted(written)))
    return _join(fields, keys=keys)


def principal_select(manifest: Manifest, *, keys: bool = True) -> str:
    """Return the service principal's properties that this manifest is about (never all: one may be 280 KB);
    without keys for what is asked many times.
    """
    declared = [
        application.enterprise for application in manifest.applications.values() if application.enterprise
    ]
    written = {path.split(".")[0] for enterprise in declared for path in enterprise.settings}
    return _join(dict.fromkeys((*PRINCIPAL_FIELDS, *sorted(written))), keys=keys)


def _join(fields: Iterable[str], *, keys: bool) -> str:
    return ",".join(name for name in fields if keys or name != "keyCredentials")


def _apis(manifest: Manifest) -> Iterator[tuple[Question[Any], Request]]:
    """Yield one question for each API of others: what the manifest calls it, and its service principal."""
    fields = ",".join(API_FIELDS)
    for key, enterprise in manifest.enterprise_applications.items():
        named = enterprise.named
        if enterprise.app_id:
            yield (
                ApiOfOthers(key),
                _get(
                    f"/servicePrincipals?$filter=appId%20eq%20{literal(enterprise.app_id)}&$select={fields}"
                ),
            )
        elif named is not None and named.id:
            yield ApiOfOthers(key), _get(f"/servicePrincipals/{named.id}?$select={fields}")
        else:
            name = named.name if named is not None else key
            yield (
                ApiOfOthers(key),
                _get(f"/servicePrincipals?$filter=displayName%20eq%20{literal(name)}&$select={fields}"),
            )
    for resource in sorted(others(manifest)):
        app_id = microsoft.APIS.get(resource, resource)
        # The permissions of Microsoft Graph are known here; its service principal is 280 KB.
        wanted = "id,appId,displayName" if app_id == MICROSOFT_GRAPH else fields
        yield (
            ApiOfOthers(resource),
            _get(f"/servicePrincipals?$filter=appId%20eq%20{literal(app_id)}&$select={wanted}"),
        )


def _clients(manifest: Manifest) -> Iterator[tuple[Question[Any], Request]]:
    """Yield one question for each client of others that the manifest authorizes by its appId: its name."""
    declared = {
        app_id for app in manifest.applications.values() for app_id in app.external_authorized_clients
    }
    for app_id in sorted(declared - set(microsoft.CLIENTS.values())):
        fields = "id,appId,displayName,appOwnerOrganizationId"
        path = f"{by_key('servicePrincipals', 'appId', app_id)}?$select={fields}"
        yield ExternalPrincipal(app_id), _get(path)


def others(manifest: Manifest) -> set[str]:
    """Return the APIs that are neither ours nor among the manifest's enterprise applications: by name or
    appId.
    """
    apis = {
        permission.resource
        for app in manifest.applications.values()
        for permission in app.api_permissions.values()
    }
    apis |= {given.resource for given in manifest.grants}
    return apis - set(manifest.applications) - set(manifest.enterprise_applications)


def names(manifest: Manifest) -> tuple[set[tuple[str, str]], set[str]]:
    """Return the unpinned names by type, and the pinned ids, of everybody that the manifest names."""
    unpinned: set[tuple[str, str]] = set()
    pinned: set[str] = set()
    for types, named in named_objects(manifest):
        if named.id:
            pinned.add(named.id)
        else:
            unpinned.update((type_, named.name) for type_ in (*types, *((MARKS,) if named.by_marks else ())))
    return unpinned, pinned


def named_objects(manifest: Manifest) -> Iterator[tuple[tuple[str, ...], Named]]:
    """Yield everybody whom the manifest names, also where that is over: what they hold still is told."""
    yield from everybody(manifest)
    if manifest.written is not None:
        there = {(types, named.id or named.name) for types, named in everybody(manifest)}
        yield from (
            each for each in everybody(manifest.written) if (each[0], each[1].id or each[1].name) not in there
        )


def everybody(manifest: Manifest) -> Iterator[tuple[tuple[str, ...], Named]]:
    """Yield each user, group or service principal that the manifest names, with what it may be."""
    for assignees in manifest.assignments.values():
        yield from (((type_,), named) for type_, listed in assignees.by_type for named in listed)
    yield from ((("servicePrincipal",), given.named) for given in manifest.grants)
    for named in manifest.deployers or ():
        yield _deployer_types(named), named
    for application in manifest.applications.values():
        enterprise = (application.enterprise.owners or ()) if application.enterprise else ()
        for named in (*(application.owners or ()), *enterprise):
            yield (("user",) if "@" in named.name else ("servicePrincipal",)), named


def _deployer_types(named: Named) -> tuple[str, ...]:
    if named.by_app_id:
        return (APP_ID,)
    return ("user",) if "@" in named.name else ("group", "servicePrincipal")


def by_name(type_: str, name: str) -> Request:
    """Return the question who bears a name: a UPN, an appId, or a display name, which several may bear, as
    several bear marks.
    """
    if type_ == "user":
        return _get(
            f"/users?$filter=userPrincipalName%20eq%20{literal(name)}&$select=id,displayName,userPrincipalName"
        )
    if type_ == "group":
        return _get(f"/groups?$filter=displayName%20eq%20{literal(name)}&$select=id,displayName")
    fields = "id,appId,displayName,appOwnerOrganizationId,tags"
    if type_ == MARKS:
        # The owner's mark alone, as of ours; which key, the answer says: both are compared letter for letter.
        marks = tagged(OWNER_TAG + name.rpartition("/")[0])
        return _get(f"/servicePrincipals?$filter={marks}&$select={fields}&$top=999")
    property_ = APP_ID if type_ == APP_ID else "displayName"
    return _get(f"/servicePrincipals?$filter={property_}%20eq%20{literal(name)}&$select={fields}")


def _chunks(items: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
