"""An API of ours and what was read of it in; what applications of others hold there, and what the manifest
says of it, out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from entra_config.kinds.details import CONSENTS_TO_IT, HOLDERS
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.role_names import live_roles, role_ids
from entra_config.manifest.model import Manifest


@dataclass(frozen=True, slots=True)
class ExternalHolding:
    """One role or scope of an API of ours that an application of others holds; `role` is the role's id,
    empty of a consent.
    """

    api: str
    type: Literal["delegated", "application"]
    permission: str
    client: str
    name: str
    resource: str
    role: str = ""
    since: str = ""


def fully_declared(manifest: Manifest, directory: Directory, key: str) -> frozenset[str]:
    """Return the ids of the roles of which the manifest says in full which applications of others hold
    them.
    """
    known = role_ids(manifest, directory, key)
    here = manifest.assigned(key).values()
    return frozenset(
        known[each.role] for each in here if each.service_principals is not None and each.role in known
    )


def vetted(manifest: Manifest, directory: Directory, key: str) -> frozenset[tuple[str, str]]:
    """Return role and holder of each application of others that somebody looked at: its id is said, and
    its name is no other.
    """
    known = role_ids(manifest, directory, key)
    lists = [(known.get(each.role), each.applications) for each in manifest.assigned(key).values()]
    every = [(role, named.id) for role, listed in lists for named in listed]
    return frozenset((role, id_) for role, id_ in every if role and id_ and id_ not in directory.unsaid)


def held(directory: Directory, key: str, live: Live) -> Iterator[ExternalHolding]:
    """Yield what applications of others hold at an API of ours: roles, and consents for everybody."""
    ours = directory.own_principals
    roles = live_roles(directory, key)
    for row in live.rows(HOLDERS):
        if not row.by_service_principal or row.principal in ours:
            continue
        role = row.role
        entry = roles.get(role, {})
        value = (
            "default"
            if role == DEFAULT_ACCESS
            else str(entry.get("value") or entry.get("displayName") or role)
        )
        yield ExternalHolding(
            key, "application", value, row.principal, row.principal_name, row.resource, role, row.created
        )
    for grant in live.rows(CONSENTS_TO_IT):
        client = grant.client
        if grant.everybody and client not in ours:
            for scope in sorted(grant.scopes):
                yield ExternalHolding(
                    key, "delegated", scope, client, directory.names.get(client, client), grant.resource
                )
