"""One entry of `applications` in, an Application out; references to others are filled in afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from entra_config.errors import Position
from entra_config.manifest.environments.names import Names
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.fields import limits
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.field import PLATFORMS
from entra_config.manifest.fields.table import (
    APPLICATION_RECORD,
    BY_KEY,
    added,
    added_record,
    application_fields,
    graph_paths,
)
from entra_config.manifest.model import Application, ApplicationType, Named
from entra_config.manifest.reading.files import Files
from entra_config.manifest.reading.node import (
    Entry,
    Items,
    Map,
    Scalar,
    entries_at,
    is_null,
    node_at,
    strings,
)
from entra_config.manifest.reading.problems import near, nearest
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import (
    allowed_tenants,
    credentials,
    enterprise,
    mcp,
    permissions,
    roles,
    secrets,
)
from entra_config.manifest.sections.declared_applications import DeclaredApplications
from entra_config.manifest.sections.settings import Settings


class Applications:
    """Reads the applications of one environment."""

    def __init__(self, root: Path, tenant_id: str, lock: Lock, names: Names, reader: Reader) -> None:
        self._root = root
        self._tenant_id = tenant_id
        self._lock = lock
        self._names = names
        self._reader = reader

    def read(self, node: Map) -> dict[str, Application]:
        """Return the applications with all that is their own."""
        found = {key: self._one(entry) for key, entry in node.entries.items()}
        self._check_previous(found)
        self._check_shared_uris(found)
        return found

    def connect(self, node: Map, directory: DeclaredApplications) -> dict[str, Application]:
        """Return the applications with what refers to others: permissions, authorized and known clients."""
        connected = {}
        for key, application in directory.own.items():
            fields = self._reader.map(node.node(key), key)
            own, external = permissions.authorized_clients(
                fields.node("authorizedClients"), application, directory
            )
            connected[key] = replace(
                application,
                authorized_clients=own,
                external_authorized_clients=mcp.authorized(application, external),
                api_permissions=permissions.api_permissions(
                    fields.node("apiPermissions"), application, directory
                ),
                known_clients=permissions.known_clients(
                    fields.node("knownClientApplications"), application, directory
                ),
            )
            self._check_entries(connected[key])
        return connected

    def _check_entries(self, application: Application) -> None:
        lists = (
            setting.value for setting in application.settings.values() if isinstance(setting.value, list)
        )
        clients = (
            *application.authorized_clients.values(),
            *application.external_authorized_clients.values(),
        )
        permissions = application.api_permissions.values()
        total = sum(map(len, (*lists, *clients, application.scopes, application.app_roles)))
        total += sum(len(permission.delegated) + len(permission.application) for permission in permissions)
        if total > limits.MOST_ENTRIES:
            message = (
                f"application `{application.key}` has {total} entries in its lists; Graph takes "
                f"{limits.MOST_ENTRIES} in all"
            )
            self._reader.problems.add(application.position, message)

    def _one(self, entry: Entry) -> Application:
        reader, key = self._reader, reader_key(entry, self._reader)
        known = entries_at(entry.node).keys() <= BY_KEY.keys()
        record = APPLICATION_RECORD if known else added_record()
        fields = bind(entry.node, f"application `{key}`", record, reader, but=() if known else added())
        if not fields.map.entries:
            reader.problems.add(
                entry.position, f"application `{key}` is empty: it needs `type` and `displayName`"
            )
        kind = self._type(fields, entry)
        previously = self._previously(fields)
        app_id = self._app_id(fields, self._lock.application(key, previously), key)
        settings = Settings(
            key, kind, fields, frozenset({self._tenant_id, app_id or self._tenant_id}), reader
        )
        values = settings.read()
        values = {**values, **allowed_tenants.restrictions(fields.map, values, self._tenant_id, reader)}
        scopes = roles.scopes(fields["scopes"], reader)
        app_roles = roles.app_roles(fields["appRoles"], reader)
        roles.check(scopes, app_roles, personal=settings.personal, where=entry.position, reader=reader)
        certificates = secrets.certificates(fields.map, reader)
        made = Application(
            key,
            kind,
            values,
            scopes,
            app_roles,
            federated_credentials=credentials.federated_credentials(
                fields["federatedCredentials"], self._tenant_id, reader
            ),
            certificates=credentials.certificates(certificates, self._root, reader),
            secrets=(own := secrets.secrets(fields.map, reader)),
            generated=secrets.generated(certificates, fields.map, own, reader),
            owners=self._owners(fields),
            enterprise=enterprise.own(
                key, fields.map.entries.get("enterpriseApplication"), self._names, reader
            ),
            app_id=app_id,
            locked=app_id is not None and "appId" not in fields,
            previously=previously,
            prevent_destroy=fields["preventDestroy"] or False,
            ignore_changes=self._ignored(fields, kind),
            positions=_positions(fields.map, kind),
            added={} if known else _read_added(fields.map, kind, self._root, reader),
            position=entry.position,
            mcp=mcp.read(fields.map, kind, scopes, key, reader, personal=settings.personal),
        )
        return mcp.applied(made)

    def _owners(self, fields: Bound) -> tuple[Named, ...] | None:
        if "owners" not in fields:
            return None
        owners = self._names.listed(fields["owners"], "owner", "owners")
        if owners and len(owners) > limits.MOST_OWNERS:
            message = f"{len(owners)} owners; Graph takes {limits.MOST_OWNERS}"
            self._reader.problems.add(fields.where("owners"), message)
        return owners

    def _type(self, fields: Bound, entry: Entry) -> ApplicationType:
        node, choices, known = fields.node("type"), BY_KEY["type"].choices, fields["type"]
        if node is None:
            message = f"`type` of application `{entry.key}` is missing: {', '.join(choices)}"
            self._reader.problems.add(entry.position, message)
        if known is None and isinstance(node, Scalar) and isinstance(node.value, str):
            # What else is wrong is told of the type that was meant, not of one that nobody wrote.
            known = next(iter(nearest(node.value, choices)), None)
        return cast("ApplicationType", known or "application")

    def _app_id(self, fields: Bound, pinned: PinnedApplication, key: str) -> str | None:
        written: str | None = fields["appId"]
        if written and pinned.app_id and written != pinned.app_id:
            message = f"`{key}` has the appId {written} here and {pinned.app_id} in the lock file"
            self._reader.problems.add(fields.where("appId"), message)
        return written or pinned.app_id

    def _previously(self, fields: Bound) -> str | None:
        node = fields.node("previously")
        return self._reader.key(node, "previously") or None if node is not None else None

    def _check_previous(self, found: Mapping[str, Application]) -> None:
        seen: dict[str, str] = {}
        for application in found.values():
            old = application.previously
            if old is None:
                continue
            if old in found:
                message = f"`previously: {old}`: that key is still here; a rename leaves the old one out"
                self._reader.problems.add(application.position, message)
            if old in seen:
                self._reader.problems.add(
                    application.position, f"`previously: {old}` stands at `{seen[old]}` too"
                )
            seen[old] = application.key

    def _check_shared_uris(self, found: Mapping[str, Application]) -> None:
        holders: dict[str, str] = {}
        for application in found.values():
            setting = application.settings.get("identifierUris")
            for uri in setting.value if setting else ():
                if not isinstance(uri, str):
                    continue
                other = holders.setdefault(uri.casefold(), application.key)
                if other != application.key:
                    where = application.positions.get(f"identifierUris.{uri}", application.position)
                    self._reader.problems.add(
                        where, f"identifier URI `{uri}` stands at `{other}` too: one application has it"
                    )

    def _ignored(self, fields: Bound, kind: str) -> tuple[str, ...]:
        known = [
            key
            for key, field in application_fields().items()
            if field.cls != "own" and key not in {"displayName", "properties"}
        ]
        found: list[str] = []
        for key, where in strings(fields.node("ignoreChanges")):
            if key.startswith("properties."):
                found.append(key.removeprefix("properties."))
            elif key in known:
                found += graph_paths(key, kind)
            elif key in fields["ignoreChanges"]:
                message = f"`{key}` is not a key whose changes can be ignored.{near(key, known)}"
                self._reader.problems.add(where, message)
        return tuple(dict.fromkeys(found))


def reader_key(entry: Entry, reader: Reader) -> str:
    """Return the key of an application, checked."""
    return reader.name(entry, "an application")


def _positions(fields: Map, kind: str) -> Mapping[str, Position]:
    found = {}
    for key, entry in fields.entries.items():
        if key in BY_KEY or key in application_fields():
            found.update(dict.fromkeys(graph_paths(key, kind), entry.position))
    if "appId" in fields.entries:
        found["appId"] = fields.where("appId")
    for path in graph_paths("authorizedClients", kind):
        clients = entries_at(fields, "authorizedClients")
        found |= {f"{path}.{key}": entry.position for key, entry in clients.items()}
    lists = [("identifierUris", fields.node("identifierUris"))]
    lists += [(path, fields.node("redirectUris")) for path in graph_paths("redirectUris", kind)]
    lists += [(path, node_at(fields, "platforms", platform)) for platform, path in PLATFORMS.items()]
    for path, node in lists:
        items = node.items if isinstance(node, Items) else ()
        found |= {f"{path}.{item.value}": item.position for item in items if isinstance(item, Scalar)}
    return found


def _read_added(fields: Map, kind: str, root: Path, reader: Reader) -> Mapping[str, Any]:
    """Return what an application of some type says in them, by key; what is absent, null or wrong is left
    out.
    """
    found: dict[str, Any] = {}
    for key, brought in added().items():
        entry = fields.entries.get(key)
        if entry is None or is_null(entry.node):
            continue
        if refusal := brought.field.refused.get(kind):
            reader.problems.add(entry.position, f"`{key}` does not fit type `{kind}`: {refusal.why}")
        value = brought.read(entry.node, Files(root), reader)
        if value is not None:
            found[key] = value
    return found
