"""What clients ask for and who may ask without consent: references between applications, resolved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from entra_config.errors import Position
from entra_config.manifest.fields import limits
from entra_config.manifest.fields.records import PERMISSION
from entra_config.manifest.model import Application, EnterpriseApplication
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, is_null
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import GUID, Reader
from entra_config.manifest.sections import microsoft
from entra_config.manifest.until import Until

_KINDS: tuple[PermissionKind, ...] = ("delegated", "application")

PermissionKind = Literal["delegated", "application"]
CONSENT = "adminConsent"
Consents = Mapping[PermissionKind, frozenset[str] | None]


@dataclass(frozen=True, slots=True)
class DeclaredApplications:
    """The applications that one environment's manifest knows: ours by key, others' by key."""

    own: Mapping[str, Application]
    external: Mapping[str, EnterpriseApplication]
    reader: Reader

    def resource(self, name: str, position: Position) -> tuple[str, bool] | None:
        """Return what a name of an API stands for, and whether it is ours; None (and a problem) for
        nothing.
        """
        if name in self.own:
            return name, True
        if name in self.external or name in microsoft.APIS:
            return name, False
        if GUID.fullmatch(name):
            return name.lower(), False
        for key, other in self.external.items():
            if other.named is not None and other.named.name == name:
                return key, False
        known = (*self.own, *self.external, *microsoft.APIS)
        message = f"`{name}` is no application here, no enterprise application and no API of Microsoft"
        self.reader.problems.add(position, f"{message}.{near(name, known)}")
        return None

    def permissions_of(self, key: str, kind: PermissionKind) -> Collection[str]:
        """Return the labels that one of ours offers."""
        application = self.own[key]
        if kind == "delegated":
            return application.scopes
        return [
            role.label
            for role in application.app_roles.values()
            if "Application" in role.allowed_member_types
        ]


def api_permissions(
    node: Node | None, client: Application, directory: DeclaredApplications
) -> Mapping[str, ApiPermission]:
    """Read `apiPermissions` of a client."""
    reader = directory.reader
    found: dict[str, ApiPermission] = {}
    for entry in reader.map(node, "apiPermissions").entries.values():
        if is_null(entry.node):
            continue
        target = directory.resource(entry.key, entry.position)
        fields = reader.map(entry.node, entry.key)
        reader.only(fields, PERMISSION.keys, PERMISSION.noun)
        if target is None:
            continue
        resource, own = target
        if resource in found:
            reader.problems.add(entry.position, f"`{entry.key}` is `{resource}`, which stands here already")
        asked = {kind: _asked(fields, kind, resource if own else None, directory) for kind in _KINDS}
        _check_type(client, fields, asked, reader)
        fields, until = _lasting(fields, reader)
        consents = _consents(fields, asked, resource if own else None, directory)
        _check_consentable(client, fields, consents, resource if own else None, directory)
        found[resource] = ApiPermission(
            resource,
            own,
            asked["delegated"],
            asked["application"],
            consents["delegated"],
            consents["application"],
            entry.position,
            _ending(consents, until),
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
    for entry in reader.map(node, "authorizedClients").entries.values():
        if is_null(entry.node):
            continue
        scopes = reader.texts(entry.node, entry.key)
        for item in entry.node.items if isinstance(entry.node, Items) else ():
            if isinstance(item, Scalar) and isinstance(item.value, str) and item.value not in api.scopes:
                message = f"`{item.value}` is no scope of `{api.key}`.{near(item.value, api.scopes)}"
                reader.problems.add(item.position, message)
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
    for item in node.items if isinstance(node, Items) else ():
        if isinstance(item, Scalar) and isinstance(item.value, str):
            name = item.value
            if name == api.key:
                reader.problems.add(
                    item.position, f"`{name}` is the API itself; a known client is another application"
                )
            elif name not in directory.own and not GUID.fullmatch(name):
                reader.problems.add(item.position, f"`{name}` is no application.{near(name, directory.own)}")
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
    message = "is no application here; others' clients stand by their appId"
    directory.reader.problems.add(entry.position, f"`{key}` {message}.{near(key, known)}")
    return None


def _asked(
    fields: Map, kind: PermissionKind, own: str | None, directory: DeclaredApplications
) -> tuple[str, ...]:
    node = fields.node(kind)
    names = directory.reader.texts(node, kind)
    if own is not None:
        for item in node.items if isinstance(node, Items) else ():
            if isinstance(item, Scalar) and isinstance(item.value, str):
                _check_offered(item.value, kind, own, item.position, directory)
    return names


def _check_offered(
    name: str, kind: PermissionKind, own: str, position: Position, directory: DeclaredApplications
) -> bool:
    offered = directory.permissions_of(own, kind)
    if name in offered:
        return True
    what = "scope" if kind == "delegated" else "role"
    if kind == "application" and name in directory.own[own].app_roles:
        message = f"role `{name}` of `{own}` is for users: its `allowedMemberTypes` lack `Application`"
    else:
        message = f"`{name}` is no {what} of `{own}`.{near(name, offered)}"
    directory.reader.problems.add(position, message)
    return False


def _check_type(
    client: Application, fields: Map, asked: Mapping[PermissionKind, tuple[str, ...]], reader: Reader
) -> None:
    if client.type == "daemon" and asked["delegated"]:
        message = "a `daemon` has no person to act for; ask for `application` permissions"
        reader.problems.add(fields.where("delegated"), message)
    if client.type in {"spa", "publicClient"} and asked["application"]:
        message = f"a `{client.type}` keeps no secret to act as itself with; ask for `delegated` permissions"
        reader.problems.add(fields.where("application"), message)


def _lasting(fields: Map, reader: Reader) -> tuple[Map, Mapping[PermissionKind, Mapping[str, Until]]]:
    """Return the fields with plain names under `adminConsent`, and until when those hold that end."""
    node = fields.node(CONSENT)
    if not isinstance(node, Items | Map):
        return fields, {kind: {} for kind in _KINDS}
    where = fields.where(CONSENT)
    if isinstance(node, Items):
        plain, until = reader.lasting(node, CONSENT)
        assert plain is not None
        return fields.with_entry(Entry(CONSENT, where, plain)), dict.fromkeys(_KINDS, until)
    found: dict[PermissionKind, Mapping[str, Until]] = {}
    for kind in _KINDS:
        entry = node.entries.get(kind)
        plain, found[kind] = reader.lasting(entry.node if entry else None, CONSENT)
        if entry is not None and plain is not None:
            node = node.with_entry(Entry(kind, entry.position, plain))
    return fields.with_entry(Entry(CONSENT, where, node)), found


def _ending(
    consents: Consents, until: Mapping[PermissionKind, Mapping[str, Until]]
) -> Mapping[tuple[str, str], Until]:
    """Return until when each consent holds that ends."""
    found: dict[tuple[str, str], Until] = {}
    for kind in _KINDS:
        names = until[kind].keys() & (consents[kind] or frozenset())
        found |= {(kind, name): until[kind][name] for name in sorted(names)}
    return found


def _consents(
    fields: Map,
    asked: Mapping[PermissionKind, tuple[str, ...]],
    own: str | None,
    directory: DeclaredApplications,
) -> Consents:
    """Read `adminConsent`: true = exactly what is asked for, a list = exactly that, false = none, absent =
    not managed.
    """
    node = fields.node(CONSENT)
    reader = directory.reader
    if isinstance(node, Map):
        reader.only(node, _KINDS, "`adminConsent`")
        return {kind: _consent(node.node(kind), kind, asked[kind], own, directory) for kind in _KINDS}
    if not isinstance(node, Items):
        return {kind: _consent(node, kind, asked[kind], own, directory) for kind in _KINDS}
    sets: dict[PermissionKind, set[str]] = {kind: set() for kind in _KINDS}
    for item in node.items:
        name = reader.text(item, "adminConsent")
        if name is None:
            continue
        kinds = [kind for kind in _KINDS if name in asked[kind]]
        if not kinds and own is not None:
            kinds = [kind for kind in _KINDS if name in directory.permissions_of(own, kind)]
        if not kinds and name in microsoft.OPENID_SCOPES:
            kinds = ["delegated"]
        if not kinds:
            message = (
                "is not asked for, so its kind is not clear: write `adminConsent: { delegated: […], "
                "application: […] }`"
            )
            reader.problems.add(
                item.position, f"`{name}` {message}.{near(name, [n for kind in _KINDS for n in asked[kind]])}"
            )
        for kind in kinds:
            sets[kind].add(name)
    return {kind: frozenset(names) for kind, names in sets.items()}


def _consent(
    node: Node | None,
    kind: PermissionKind,
    asked: tuple[str, ...],
    own: str | None,
    directory: DeclaredApplications,
) -> frozenset[str] | None:
    reader = directory.reader
    if node is None or is_null(node):
        return None
    if isinstance(node, Items):
        names = reader.texts(node, "adminConsent")
        if own is not None:
            for item in node.items:
                # A grant may hold scopes of OpenID at any API, though none offers them.
                openid = microsoft.OPENID_SCOPES if kind == "delegated" else ()
                if isinstance(item, Scalar) and isinstance(item.value, str) and item.value not in openid:
                    _check_offered(item.value, kind, own, item.position, directory)
        return frozenset(names)
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return frozenset(asked) if node.value else frozenset()
    reader.expected(node, "adminConsent", "true, false or a list of permissions")
    return None


def _check_consentable(
    client: Application, fields: Map, consents: Consents, own: str | None, directory: DeclaredApplications
) -> None:
    """Note consents between applications of which one has no service principal to grant to, or from."""
    if not any(consents.values()):
        return
    ends = (client, directory.own[own]) if own is not None else (client,)
    for end in ends:
        if end.enterprise is None:
            message = (
                f"`{end.key}` has no enterprise application (`enterpriseApplication: null`), so nothing "
                "can be consented"
            )
            directory.reader.problems.add(fields.where("adminConsent"), message)


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
