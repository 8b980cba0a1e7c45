"""A manifest and a tenant in; a warning for what applications of others hold at ours out: shown, not
touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from entra_config import quoting
from entra_config.checks.undeclared import ASSIGNED_TO, GRANTS
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory
from entra_config.kinds.external_holders import ExternalHolding, fully_declared, held
from entra_config.kinds.going import going, going_scopes
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice, Watched


def notices(
    manifest: Manifest, directory: Directory, now: datetime, *, going_too: bool = False
) -> Iterator[Notice]:
    """Yield a warning for each application of others at each of ours, until the manifest acknowledges what it
    holds there.

    `going_too`: also of roles and scopes that the manifest does not declare, which a plan takes away and
    tells as its change.
    """
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        if live is None:
            continue
        known = manifest.acknowledged_at(key, now)
        # What goes with its role or scope is told as a change, or refused.
        gone = set() if going_too else {*going(manifest, live.subject), *going_scopes(manifest, live.subject)}
        # Who else holds a role of which the manifest says who does is told as a change.
        gone |= fully_declared(manifest, directory, key)
        by_client: dict[str, list[ExternalHolding]] = defaultdict(list)
        for each in held(directory, key, live):
            if (each.role or each.permission) not in gone and (
                directory.app_ids.get(each.client, ""),
                each.type,
                each.permission,
            ) not in known:
                by_client[each.client].append(each)
        for client, entries in sorted(by_client.items(), key=lambda item: (item[1][0].name, item[0])):
            yield Notice(
                _message(key, directory.app_ids.get(client, ""), entries),
                application_address(key),
                application.position,
                tuple(_watched(each, directory.app_ids.get(client, "")) for each in entries),
            )


def _message(key: str, app_id: str, entries: list[ExternalHolding]) -> str:
    names = {
        type_: sorted(each.permission for each in entries if each.type == type_)
        for type_ in ("application", "delegated")
    }
    roles, scopes = (", ".join(names[type_]) for type_ in ("application", "delegated"))
    what = " and ".join(
        part
        for part in (
            f"holds {roles} of {key}" if roles else "",
            f"acts for everybody at {key} ({scopes})" if scopes else "",
        )
        if part
    )
    list_ = "list it under `servicePrincipals` of the role, " if roles else ""
    # Nobody checks what a consent lists: a scope may be written so as to acknowledge more than it is.
    listed = ", ".join(
        f"{type_}: [{', '.join(map(quoting.yaml, held))}]" for type_, held in names.items() if held
    )
    return (
        f"'{entries[0].name}' (appId {app_id or 'unknown'}), which is undeclared, {what}: never touched; "
        "take it away, "
        f"{list_}or acknowledge it in the root file: `acknowledged: {{ {key}: [{{ id: {app_id or 'APPID'}, "
        f"{listed} }}] }}`"
    )


def _watched(each: ExternalHolding, app_id: str) -> Watched:
    label = f"{each.permission} of {each.name} ({app_id or each.client})"
    subjects = each.resource, each.client
    if each.type == "application":
        ends = {"resource": each.resource, "role": each.role, "principal": each.client}
        return Watched(
            "foreign holder", label, f"{each.role}/{each.client}", ASSIGNED_TO, subjects, ends=ends
        )
    ends = {"resource": each.resource, "client": each.client, "scope": each.permission}
    return Watched("foreign consent", label, f"{each.permission}/{each.client}", GRANTS, subjects, ends=ends)
