"""An export in; the files of a manifest out: one for each registration, one for who holds what, the root,
the pins.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from entra_config.files import write_source
from entra_config.importing import application, external_holders, links, undeclarable
from entra_config.importing.application import Entry
from entra_config.importing.grouping import Group
from entra_config.importing.names import shorten, spell_out
from entra_config.importing.tenant import Export, Registration
from entra_config.importing.undeclarable import ASSIGNMENTS, Part
from entra_config.importing.variables import extract
from entra_config.importing.yaml_writer import Word, dump
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.environments.source import ROOT_NAME
from entra_config.manifest.fields.table import added
from entra_config.manifest.model import ApplicationType
from entra_config.manifest.sections import sovereign

_NAME = re.compile(r"[0-9A-Za-z_.]+")
PART = 500  # applications whose holders stand in one file
HEADER = (
    "# Written by `entra-config import`: what the tenant had that day. From here on the manifest decides.\n"
)


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """The manifest that is written: its project, environment, tenant, and the tenant's cloud."""

    project: str
    environment: str
    tenant_id: str
    cloud: str = "global"


@dataclass(frozen=True, slots=True)
class Written:
    """Files by path relative to the manifest's folder, and the keys that they give to the registrations by
    appId.
    """

    files: Mapping[str, str | bytes]
    keys: Mapping[str, str]
    types: Mapping[str, ApplicationType] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(
        default_factory=dict
    )  # by display name: what no manifest can say of it
    left_alone: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # by key: what nobody manages, and why
    not_carried: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # by key: properties of Graph's that the manifest does not have, each with the reason
    undeclared: Mapping[str, tuple[Part, ...]] = field(
        default_factory=dict
    )  # by key: parts of an entry that the manifest leaves to whoever made them
    entries: Mapping[str, Entry] = field(default_factory=dict)  # by key
    comments: Mapping[str, str] = field(default_factory=dict)  # by key: the comment of the entry's file
    groups: Mapping[str, int] = field(
        default_factory=dict
    )  # by file with `each`: how many applications it makes
    not_grouped: tuple[str, ...] = ()  # which groups are separate files all the same, and why


def write(
    export: Export,
    target: ImportTarget,
    *,
    plain: Collection[str] = (),
    undeclared: Mapping[str, Mapping[Part, str]] = MappingProxyType({}),
) -> Written:
    """Write the manifest.

    `plain` are the appIds of registrations that get the type that refuses nothing. `undeclared` has, by
    appId, the parts that no manifest can declare, and why.
    """
    apps = [each.application for each in export.registrations]
    # The words of a Terraform address are what somebody chose already.
    keys = (
        spell_out(export.names[app["appId"]] for app in apps)
        if export.names
        else shorten((str(app["displayName"]) for app in apps), target.environment)
    )
    own = dict(zip((app["appId"] for app in apps), keys, strict=True))
    labels = {app["appId"]: application.labels(app) for app in apps}
    known, external = links.names(
        export,
        own,
        {app_id: undeclarable.declared(each, undeclared.get(app_id, ())) for app_id, each in labels.items()},
    )
    files: dict[str, str | bytes] = {}
    entries: dict[str, Entry] = {}
    comments: dict[str, str] = {}
    types: dict[str, ApplicationType] = {}
    held: dict[str, Any] = {}
    alone: dict[str, tuple[str, ...]] = {}
    not_carried: dict[str, Mapping[str, str]] = {}
    undeclared_parts: dict[str, tuple[Part, ...]] = {}
    for registration in export.registrations:
        app_id = registration.application["appId"]
        key = own[app_id]
        types[key] = "application" if app_id in plain else application.type_of(registration)
        entry = application.entry(
            registration,
            types[key],
            labels[app_id],
            target.tenant_id,
            unknown=sovereign.unknown_forms(target.cloud),
        )
        if app_id in export.protected:
            entry["preventDestroy"] = True
        lost = {**application.not_carried(registration), **links.not_carried(registration.application, own)}
        lost |= _write_answers(registration, key, entry, files)
        left = links.connect(entry, registration, known)
        skipped = undeclared.get(app_id, {})
        undeclarable.remove(entry, [part for part in skipped if part != ASSIGNMENTS])
        left += [f"`{'.'.join(part)}`, which cannot be declared: {why}" for part, why in skipped.items()]
        hidden = [_shown(part) for part in skipped if part != ASSIGNMENTS]
        comments[key] = _comment({**lost, **dict.fromkeys(hidden, "a manifest cannot declare its value")})
        entries[key] = entry
        if lost:
            not_carried[key] = lost
        if assigned := links.UNMANAGED if ASSIGNMENTS in skipped else links.assignments(registration, known):
            held[key] = assigned
        parts = [*skipped, *((key,) for key in entry.get("ignoreChanges", ()))]
        if assigned == links.UNMANAGED:
            parts.append(ASSIGNMENTS)
            gone = "what cannot be declared" if skipped else "holders or roles that are gone"
            left.append(f"`appRoleAssignments: {{ {key}: {assigned} }}`, for {gone}")
        if left:
            alone[key] = tuple(left)
        undeclared_parts[key] = tuple(dict.fromkeys(parts))
    variables = extract(entries.values(), target.tenant_id)
    files |= {_path(key): comments[key] + dump({"applications": {key: entries[key]}}) for key in entries}
    files |= _access(external, held)
    declared = {app_id for app_id, key in own.items() if isinstance(held.get(key), dict)}
    acknowledged = {
        own[app_id]: found for app_id, found in external_holders.acknowledged(export, declared).items()
    }
    files[ROOT_NAME] = _root(target, files, variables, acknowledged)
    files[f"entra-config.{target.environment}.lock.yaml"] = lock.write(
        _pins(export, target, own), target.environment
    )
    return Written(
        files,
        own,
        types,
        left_alone=alone,
        not_carried=not_carried,
        undeclared=undeclared_parts,
        entries=entries,
        comments=comments,
    )


def group(written: Written, groups: Iterable[Group]) -> Written:
    """Return the files with one for each group in place of those of its applications."""
    files, numbers = dict(written.files), {}
    for made in groups:
        for key in made.keys:
            del files[_path(key)]
        path = _path(made.file)
        files[path] = written.comments[made.keys[0]] + dump({"applications": {made.key: made.entry}})
        numbers[path] = len(made.keys)
    return replace(written, files=files, groups=numbers)


def _path(name: str) -> str:
    return f"applications/{name}.yaml"


def _write_answers(
    registration: Registration, key: str, entry: Entry, files: dict[str, str | bytes]
) -> dict[str, str]:
    """Add what kinds asked about an application; return what of it is not carried, with the reason."""
    lost = {}
    for name, response in registration.answers.items():
        made = added()[name].write(key, response) if response.ok else None
        if made is None:
            lost[name] = "Graph does not return it" if not response.ok else "a manifest does not take it"
        else:
            entry[name], more = made
            files |= more
    return lost


def _shown(part: Part) -> str:
    """Return the path of a part as a comment may show it: the label of a scope is the tenant's text."""
    return ".".join(part) if part[0] == "properties" else part[0]


def _comment(lost: Mapping[str, str]) -> str:
    """Return the lines that name what a file does not carry; no value, for values are the tenant's texts."""
    return "".join(
        f"# Not carried: {name if _NAME.fullmatch(name) else 'a property'}: {lost[name]}.\n"
        for name in sorted(lost)
    )


def put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files below a folder, pictures as they are. The root file is last: it makes them a manifest."""
    for path, content in sorted(files.items(), key=lambda file: file[0] == ROOT_NAME):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        write_source(folder / path, content)


def _access(external: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, str]:
    """Return who holds what, and the applications of others, in as many files as the limit of one asks
    for.
    """
    entries = list(held.items())
    parts = [dict(entries[start : start + PART]) for start in range(0, len(entries), PART)]
    documents: list[dict[str, Any]] = [{"appRoleAssignments": part} for part in parts] or [{}]
    if external:
        documents[0] = {"enterpriseApplications": external, **documents[0]}
    names = ["access.yaml", *(f"access-{number}.yaml" for number in range(2, len(documents) + 1))]
    return {name: dump(document) for name, document in zip(names, documents, strict=True) if document}


def _root(
    target: ImportTarget,
    files: Mapping[str, str | bytes],
    variables: Mapping[str, str],
    acknowledged: Mapping[str, Any],
) -> str:
    listed = (
        [{"path": "applications/*.yaml"}] if any(path.startswith("applications/") for path in files) else []
    )
    listed += [{"path": path} for path in files if path.startswith("access")]
    optional = {"variables": variables, "acknowledged": acknowledged}
    environment = {"tenantId": target.tenant_id} | {key: value for key, value in optional.items() if value}
    document = {
        "project": Word(target.project),
        "files": listed,
        "environments": {target.environment: environment},
    }
    schema = "# yaml-language-server: $schema=./entra-config.schema.json\n"
    return schema + HEADER + dump(document)


def _pins(export: Export, target: ImportTarget, own: Mapping[str, str]) -> Lock:
    people = export.people.values()
    users = {str(who["userPrincipalName"]): Pin(who["id"]) for who in people if who.get("userPrincipalName")}
    doubled = links.doubled_names(export)
    groups = {
        str(who["displayName"]): Pin(who["id"])
        for who in people
        if not who.get("userPrincipalName")
        and links.readable(str(who["displayName"]))
        and str(who["displayName"]) not in doubled
    }
    applications = {}
    for registration in export.registrations:
        app = registration.application
        bodies = [body for body in (app, registration.principal) if body is not None]
        # Whatever key is there today was somebody's decision: accepted, and reviewed with the lock file.
        keys = chain.from_iterable(
            [*(body.get("passwordCredentials") or ()), *(body.get("keyCredentials") or ())] for body in bodies
        )
        key_ids = [key["keyId"] for key in keys]
        owners = [owner["id"] for owner in (*registration.owners, *registration.principal_owners)]
        applications[own[app["appId"]]] = PinnedApplication(
            app["appId"], tuple(sorted(owners)), tuple(sorted(key_ids))
        )
    others = {links.named(client, export, own): Pin(str(client["id"])) for client in export.clients.values()}
    holding = {name: pin for name, pin in others.items() if name != pin.id and pin.id in _holders(export)}
    return Lock(target.tenant_id, users, groups, holding, applications)


def _holders(export: Export) -> set[str]:
    """Return the ids of the applications of others that a list of who holds a role names."""
    rows = [(each, row) for each in export.registrations for row in each.assigned]
    return {row["principalId"] for each, row in rows if links.listed(each, row, export)}
