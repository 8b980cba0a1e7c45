"""What clients ask for and who may ask without consent: references between applications, resolved."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.records import PERMISSION
from entra_config.manifest.model import Application
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.reading.node import Entry, Node, strings
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import GUID, Reader
from entra_config.manifest.sections import consents, microsoft
from entra_config.manifest.sections.declared_applications import DeclaredApplications


def api_permissions(
    node: Node | None, client: Application, directory: DeclaredApplications
) -> Mapping[str, ApiPermission]:
    """Read `apiPermissions` of a client."""
    reader = directory.reader
    found: dict[str, ApiPermission] = {}
    for entry in reader.map(node, "apiPermissions").present:
        target = directory.resource(entry.key, entry.position)
        fields = bind(entry.node, entry.key, PERMISSION, reader)
        if target is None:
            continue
        resource, own = target
        if resource in found:
            reader.problems.add(
                entry.position, f"`{entry.key}` is `{resource}`, which is already in this list"
            )
        ours = resource if own else None
        requested = {kind: fields[kind] for kind in consents.KINDS}
        _check_requested(client, fields, ours, directory)
        node, until = consents.lasting(fields["adminConsent"], reader)
        consented = consents.read(node, requested, ours, directory)
        consents.check_consentable(client, fields.where("adminConsent"), consented, ours, directory)
        found[resource] = ApiPermission(
            resource,
            own,
            requested["delegated"],
            requested["application"],
            consented["delegated"],
            consented["application"],
            entry.position,
            consents.ending(consented, until),
        )
    _check_limits(found, client, reader)
    return found


def authorized_clients(
    node: Node | None, api: Application, directory: DeclaredApplications
) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
    """Read `authorizedClients` of an API: those of ours by key, others by appId."""
    reader = directory.reader
    own: dict[str, tuple[str, ...]] = {}
    external: dict[str, tuple[str, ...]] = {}
    for entry in reader.map(node, "authorizedClients").present:
        scopes = reader.texts(entry.node, entry.key)
        for label, where in strings(entry.node):
            if label not in api.scopes:
                message = f"`{label}` is not a scope of `{api.key}`.{near(label, api.scopes)}"
                reader.problems.add(where, message)
        if not scopes:
            reader.problems.add(
                entry.position,
                f"`{entry.key}` is authorized for no scope: name some, or leave the client out",
            )
        app_id = _external_client(entry, directory)
        if entry.key in directory.own:
            own[entry.key] = scopes
        elif app_id:
            external[app_id] = scopes
    return own, external


def known_clients(
    node: Node | None, api: Application, directory: DeclaredApplications
) -> tuple[str, ...] | None:
    """Read `knownClientApplications` of an API: keys of ours."""
    if node is None:
        return None
    reader = directory.reader
    found = reader.texts(node, "knownClientApplications")
    for name, where in strings(node):
        if name == api.key:
            reader.problems.add(where, f"`{name}` is the API itself; a known client is another application")
        elif name not in directory.own and not GUID.fullmatch(name):
            reader.problems.add(where, f"`{name}` is not an application.{near(name, directory.own)}")
    return found


def _external_client(entry: Entry, directory: DeclaredApplications) -> str | None:
    key = entry.key
    if key in directory.own:
        return None
    if GUID.fullmatch(key):
        return key.lower()
    if key in microsoft.CLIENTS:
        return microsoft.CLIENTS[key]
    other = directory.external.get(key)
    if other is not None and other.app_id:
        return other.app_id
    known = (*directory.own, *microsoft.CLIENTS)
    message = "is not an application here; others' clients stand by their appId"
    directory.reader.problems.add(entry.position, f"`{key}` {message}.{near(key, known)}")
    return None


def _check_requested(
    client: Application, fields: Bound, own: str | None, directory: DeclaredApplications
) -> None:
    """Note permissions that one of ours does not offer, and those that do not fit the client's type."""
    for kind in consents.KINDS:
        for name, where in strings(fields.node(kind)):
            if own is not None:
                directory.check_offered(name, kind, own, where)
    problems = directory.reader.problems
    if client.type == "daemon" and fields["delegated"]:
        message = "a `daemon` has no person to act for; ask for `application` permissions"
        problems.add(fields.where("delegated"), message)
    if client.type in {"spa", "publicClient"} and fields["application"]:
        message = f"a `{client.type}` keeps no secret to act as itself with; ask for `delegated` permissions"
        problems.add(fields.where("application"), message)


def _check_limits(found: Mapping[str, ApiPermission], client: Application, reader: Reader) -> None:
    audience = client.settings.get("signInAudience")
    personal = audience is not None and "Personal" in str(audience.value)
    total = sum(len(item.delegated) + len(item.application) for item in found.values())
    most = limits.MOST_PERSONAL_PERMISSIONS if personal else limits.MOST_PERMISSIONS
    where = client.positions.get("requiredResourceAccess", client.position)
    if len(found) > limits.MOST_RESOURCES:
        reader.problems.add(where, f"permissions of {len(found)} APIs; Graph takes {limits.MOST_RESOURCES}")
    if total > most:
        reader.problems.add(where, f"{total} permissions; Graph takes {most}")
    for item in found.values():
        if personal and len(item.delegated) + len(item.application) > limits.MOST_PERSONAL_PER_RESOURCE:
            message = (
                f"with personal accounts Graph takes {limits.MOST_PERSONAL_PER_RESOURCE} permissions of "
                "one API"
            )
            reader.problems.add(item.position, message)
