"""Return what is known before a restore about what comes back with it.

Graph answers nothing about what a deleted service principal holds: the requests, of it and by it, are all the
memory that there is. So such a request stays until the consent to it was read, and is gone.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.kinds.application import flat
from entra_config.kinds.application_steps import REQUIRED
from entra_config.kinds.consents import scope_value
from entra_config.kinds.details import CONSENTS, HOLDERS, HOLDINGS, DelegatedConsent, Detail, RoleHolding
from entra_config.kinds.directory import Directory, Json, Live
from entra_config.plan.diff import holds
from entra_config.resource import Resource, State


@dataclass(frozen=True, slots=True)
class _Request:
    """One requested permission: both ends by the ids of their service principals, one of which is deleted."""

    key: str
    client: str
    resource: str
    access: Json


def back(directory: Directory) -> frozenset[str]:
    """Return the keys of which the application or its service principal is deleted."""
    return frozenset(
        key for key, live in directory.live.items() if live.subject.deleted or live.subject.parked
    )


def remembering(directory: Directory, wanted: Resource, actual: State) -> Resource:
    """Return an application with the requests that it has, and shall not have, as far as an end of them is
    deleted yet.
    """
    before = actual.get(wanted.address)
    if before is None or REQUIRED not in wanted.values:
        return wanted
    deleted = back(directory)
    apis = {str((directory.live[key].subject.application or {}).get("appId")) for key in deleted}
    kept = [
        item
        for item in before.values.get(REQUIRED) or ()
        if (wanted.address.key in deleted or item["resourceAppId"] in apis)
        and not any(holds(item, other) for other in wanted.values[REQUIRED])
    ]
    return (
        dataclasses.replace(wanted, values={**wanted.values, REQUIRED: [*wanted.values[REQUIRED], *kept]})
        if kept
        else wanted
    )


def returned(directory: Directory, coming: frozenset[str]) -> Directory:
    """Return the directory as if every request whose client or API is among the `coming` keys had consent for
    everybody once they are restored.
    """
    more: dict[str, dict[Detail[Any], list[Any]]] = defaultdict(lambda: defaultdict(list))
    scopes: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in _requests(directory, coming):
        if each.access["type"] == "Scope":
            value = scope_value(directory, each.access["resourceAppId"], each.access["id"])
            scopes[each.key, each.client, each.resource].append(value)
            continue
        api = directory.own_principals.get(each.resource)
        place = more[api][HOLDERS] if api is not None else more[each.key][HOLDINGS]
        place.append(_assignment(each, directory.resource_name(each.resource)))
    for (key, client, resource), names in scopes.items():
        more[key][CONSENTS].append(DelegatedConsent("", client, resource, True, "", " ".join(names)))
    live = {key: _with(each, more[key]) if key in more else each for key, each in directory.live.items()}
    found = {key: live[key].subject for key in coming}
    ids = {
        key: str(subject.service_principal["id"])
        for key, subject in found.items()
        if subject.service_principal is not None
    }
    apis = {
        key: dataclasses.replace(directory.apis[key], id=id_)
        for key, id_ in ids.items()
        if key in directory.apis
    }
    return dataclasses.replace(
        directory,
        live=live,
        apis={**directory.apis, **apis},
        by_id={**directory.by_id, **{ids[key]: api for key, api in apis.items()}},
        app_ids={**directory.app_ids, **{ids[key]: str(api.app_id) for key, api in apis.items()}},
    )


def _requests(directory: Directory, coming: frozenset[str]) -> Iterator[_Request]:
    ids = {app_id: id_ for id_, app_id in directory.app_ids.items()}
    ids |= {
        live.subject.application["appId"]: live.subject.service_principal["id"]
        for live in directory.live.values()
        if live.subject.application is not None and live.subject.service_principal is not None
    }
    for key, live in directory.live.items():
        if live.subject.application is None or live.subject.service_principal is None:
            continue
        for access in flat(live.subject.application.get(REQUIRED) or ()):
            resource = ids.get(access["resourceAppId"], "")
            if resource and (key in coming or directory.own_principals.get(resource) in coming):
                yield _Request(key, live.subject.service_principal["id"], resource, access)


def _assignment(each: _Request, name: str) -> RoleHolding:
    return RoleHolding("", each.access["id"], each.client, "ServicePrincipal", each.key, each.resource, name)


def _with(live: Live, more: Mapping[Detail[Any], Iterable[Any]]) -> Live:
    details = dict(live.details)
    for detail, rows in more.items():
        details[detail] = (*details.get(detail, ()), *rows)
    return dataclasses.replace(live, details=details)
