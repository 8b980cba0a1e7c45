"""A manifest and a tenant in; what `ignoreChanges` leaves as others made it out: it is not repaired, and it
is told.

ignored                                        told, where the manifest does not say it
redirect URIs, identifier URIs, known clients  each
authorized clients                             each scope of each client
requested permissions                          what of them is consented (`undeclared.consents`)
audience, flows and any other setting          its value
scopes and roles                               each; who holds one is told by the plan of holders
owners, credentials, federated credentials     each, and the application is doubted (`trust`)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from entra_config.kinds.application import AUTHORIZED, KNOWN_CLIENTS
from entra_config.kinds.base import application_address, ignored
from entra_config.kinds.directory import Directory, Json, Live
from entra_config.kinds.entitlements import ROLES, SCOPES, ids
from entra_config.kinds.graph_values import at
from entra_config.manifest.model import Application, Manifest
from entra_config.plan import values
from entra_config.plan.diff import holds
from entra_config.plan.model import Notice, Watched
from entra_config.properties import PROPERTIES, find
from entra_config.resource import Ref, resolve

# The lists of which each entry that the manifest does not declare is reported by itself.
LISTS = tuple(row.path for row in PROPERTIES if row.noun and "application" in row.of)


def notices(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each application and ignored property that holds what the manifest does not say."""
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        if live is None or live.subject.application is None or not application.ignore_changes:
            continue
        for path in _paths(application, live.subject.application):
            found = tuple(dict.fromkeys(_beside(manifest, application, live, path, directory)))
            if found:
                reported = ", ".join(each.label for each in found)
                noun = found[0].noun + ("s" if len(found) > 1 else "")
                message = (
                    f"{key} has the {noun} {reported}, which the manifest does not say; `ignoreChanges` "
                    "lets it stay"
                )
                yield Notice(message, application_address(key), application.position, found)


def _paths(application: Application, body: Json) -> Iterator[str]:
    leaves = (leaf for path in application.ignore_changes for leaf in _leaves(application, body, path))
    every = dict.fromkeys((*application.settings, *LISTS, *leaves))
    for path in every:
        row = find(path)
        if not row.elsewhere and row.risk != "text" and ignored(application, path):
            yield path


def _leaves(application: Application, body: Json, path: str) -> Iterator[str]:
    """Yield what an ignored property holds by its own paths; what is declared as a whole stays whole."""
    value = at(body, path)
    if isinstance(value, Mapping) and path not in application.settings:
        for name in value:
            yield from _leaves(application, body, f"{path}.{name}")
    else:
        yield path


def _beside(
    manifest: Manifest, application: Application, live: Live, path: str, directory: Directory
) -> Iterator[Watched]:
    body = live.subject.application or {}
    subjects = (str(body.get("id", "")),)
    actual = at(body, path)
    declared = (
        resolve(application.settings[path].value, _known(directory)) if path in application.settings else None
    )
    found: Iterable[tuple[str, str]]
    if path == AUTHORIZED:
        found = _authorized(manifest, application, body, directory)
    elif path in {SCOPES, ROLES}:
        found = _entitlements(manifest, application, body, path)
    elif path in LISTS:
        keys = application.known_clients or () if path == KNOWN_CLIENTS else ()
        entry = find(path).entry
        wanted = {entry(item).casefold() for item in declared or ()} | {
            str(directory.apis[key].app_id) for key in keys
        }
        found = (
            (item, directory.names.get(item, item))
            for item in map(entry, actual or ())
            if item.casefold() not in wanted
        )
    else:
        same = actual in (None, False, [], {}, "") or (declared is not None and holds(actual, declared))
        found = () if same else ((path, f"{path}: {values.format_value(actual, path)}"),)
    yield from (
        Watched(find(path).noun or "setting", label, item, path, subjects, ends={"object": subjects[0]})
        for item, label in found
    )


def _known(directory: Directory) -> Mapping[Ref, str]:
    return {
        Ref(application_address(key), "appId"): live.subject.application["appId"]
        for key, live in directory.live.items()
        if live.subject.application is not None
    }


def _authorized(
    manifest: Manifest, application: Application, body: Json, directory: Directory
) -> Iterator[tuple[str, str]]:
    known = ids(manifest, application, body).scopes
    ours = {
        str(directory.apis[key].app_id): labels
        for key, labels in application.authorized_clients.items()
        if key in directory.apis
    }
    authorized = (*ours.items(), *application.external_authorized_clients.items())
    wanted = {(app_id, known[label]) for app_id, labels in authorized for label in labels}
    for entry in at(body, AUTHORIZED) or ():
        app_id = entry["appId"]
        name = directory.names.get(app_id, "")
        for id_ in entry["delegatedPermissionIds"]:
            if (app_id, id_) not in wanted:
                client = f"{name} ({app_id})" if name else app_id
                yield f"{app_id}/{id_}", f"{client} for {directory.names.get(id_, id_)}"


def _entitlements(
    manifest: Manifest, application: Application, body: Json, path: str
) -> Iterator[tuple[str, str]]:
    known = ids(manifest, application, body)
    wanted = {*known.scopes.values()} if path == SCOPES else {*known.roles.values()}
    for entry in at(body, path) or ():
        if entry["id"] not in wanted:
            yield entry["id"], str(entry.get("value") or entry.get("displayName") or entry["id"])
