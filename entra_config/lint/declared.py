"""A manifest and the tree that it was read from in; its applications as rules see them out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from entra_config.errors import Position
from entra_config.lint.model import ItemText
from entra_config.lint.subject import (
    Credential,
    Federated,
    LintSubject,
    OwnerType,
    Permission,
    Placed,
    Redirect,
    SubjectOwner,
    SubjectRole,
    SubjectScope,
)
from entra_config.manifest.fields.field import PLATFORMS, RESTRICTIONS
from entra_config.manifest.loader import Loaded
from entra_config.manifest.model import Application, Manifest, Named, Setting
from entra_config.manifest.parts import ApiPermission, Scope
from entra_config.manifest.reading.node import Items, Map, Node, Scalar, entries_at, node_at
from entra_config.manifest.reading.reader import GUID
from entra_config.manifest.sections import microsoft
from entra_config.moments import read_moment

APPLICATIONS = "applications"


def subjects(loaded: Loaded) -> tuple[LintSubject, ...]:
    """Return every application of one environment."""
    holders = _holders(loaded.manifest)
    return tuple(
        _DeclaredReading(
            application, loaded.manifest, node_at(loaded.tree, APPLICATIONS, key), holders
        ).subject()
        for key, application in loaded.manifest.applications.items()
    )


def item_texts(loaded: Loaded) -> Iterator[ItemText]:
    """Yield each text and key of one environment that an item of a list fills."""
    if loaded.item_texts:
        yield from _texts(loaded.tree, (), loaded.item_texts)


def _texts(node: Node, path: tuple[str, ...], marked: Mapping[Position, str]) -> Iterator[ItemText]:
    match node:
        case Map():
            for key, entry in node.entries.items():
                if entry.position in marked:
                    yield ItemText((*path, key), key, marked[entry.position], entry.position, is_key=True)
                yield from _texts(entry.node, (*path, key), marked)
        case Items(items):
            for item in items:
                yield from _texts(item, path, marked)
        case Scalar(value, position) if position in marked:
            yield ItemText(path, str(value), marked[position], position)


def enforced(manifest: Manifest, key: str) -> bool:
    """Tell whether an API's settings list the tenants whose tokens it takes."""
    return any(app.allowed_tenants for app in manifest.settings.apps if app.key == key)


@dataclass(frozen=True, slots=True)
class _DeclaredReading:
    application: Application
    manifest: Manifest
    fields: Node | None
    holders: Mapping[tuple[str, str], tuple[Placed, ...]]

    def subject(self) -> LintSubject:
        application = self.application
        enterprise = application.enterprise
        return LintSubject(
            application.key,
            str(application.settings["displayName"].value),
            application.type,
            application.position,
            settings={path: Placed(each.value, each.position) for path, each in application.settings.items()},
            enterprise={path: Placed(each.value, each.position) for path, each in enterprise.settings.items()}
            if enterprise
            else None,
            redirects=tuple(self._redirects()),
            identifier_uris=tuple(self._identifier_uris()),
            scopes=tuple(
                SubjectScope(
                    each.value,
                    each.who_can_consent == "adminsAndUsers",
                    each.is_enabled,
                    each.position,
                    _describe_scope(each),
                )
                for each in application.scopes.values()
            ),
            roles=tuple(self._roles()),
            permissions=tuple(self._permissions()),
            clients={
                client: tuple(application.scopes[label].value for label in labels)
                for client, labels in (
                    *application.authorized_clients.items(),
                    *application.external_authorized_clients.items(),
                )
            },
            client_positions=self._client_positions(),
            federated=tuple(self._federated()),
            credentials=tuple(self._certificates()),
            owners=None if application.owners is None else tuple(map(self._owner, application.owners)),
            app_id=application.app_id or "",
            mcp=Placed(application.mcp.url, _find_key(self.fields, "mcp", "url"))
            if application.mcp
            else None,
            limited=bool(
                application.settings.get(RESTRICTIONS, Setting(())).value
                or enforced(self.manifest, application.key)
            ),
        )

    def _redirects(self) -> Iterator[Redirect]:
        for platform, path in PLATFORMS.items():
            below: tuple[str, ...] = ("platforms", platform)
            if node_at(self.fields, *below) is None:
                below = ("redirectUris",)
            setting = self.application.settings.get(path)
            for value in setting.value if setting else ():
                uri = str(value)
                where = _find_item(self.fields, uri, *below)
                yield Redirect(platform, uri, where, (APPLICATIONS, self.application.key, *below))  # type: ignore[arg-type]  # keys of PLATFORMS

    def _identifier_uris(self) -> Iterator[Placed]:
        setting = self.application.settings.get("identifierUris")
        for value in setting.value if setting else ():
            where = _find_item(self.fields, str(value), "identifierUris")
            mcp = self.application.mcp
            yield Placed(str(value), mcp.position if where is None and mcp is not None else where)

    def _roles(self) -> Iterator[SubjectRole]:
        for label, role in self.application.app_roles.items():
            held = self.manifest.assigned(self.application.key).get(label)
            named: dict[str, tuple[Named, ...]] = {"users": held.users, "groups": held.groups} if held else {}
            who = {
                kind: tuple(Placed(each.name, each.position) for each in names)
                for kind, names in named.items()
            }
            others = held.applications if held else ()
            external = (Placed(each.name, each.position) for each in others)
            who["applications"] = (*self.holders.get((self.application.key, label), ()), *external)
            description = f"{role.display_name} {role.description}"
            yield SubjectRole(
                label, role.value, role.allowed_member_types, role.is_enabled, role.position, who, description
            )

    def _permissions(self) -> Iterator[Permission]:
        for name, requested in self.application.api_permissions.items():
            external = self.manifest.enterprise_applications.get(name)
            other = "" if requested.own else name  # what is no name is an id
            app_id = (external.app_id or "") if external else microsoft.APIS.get(name, other)
            for each in (*_requested(requested), *_only_consented(requested)):
                yield replace(each, app_id=app_id, position=self._requested_of(name, each))

    def _requested_of(self, name: str, each: Permission) -> Position | None:
        at = ("apiPermissions", self._written(name))
        if each.requested:
            return _find_item(self.fields, each.value, *at, each.kind)
        consent = (*at, "adminConsent")
        by_kind = _find_item(self.fields, each.value, *consent, each.kind)
        return by_kind or _find_item(self.fields, each.value, *consent)

    def _client_positions(self) -> Mapping[str, Position]:
        entries = entries_at(self.fields, "authorizedClients")
        by_name = {key: self._client(key) for key in entries}
        mcp = self.application.mcp
        known = dict.fromkeys(mcp.clients.values(), mcp.position) if mcp and mcp.position else {}
        return {**known, **{by_name[key]: each.position for key, each in entries.items()}}

    def _client(self, key: str) -> str:
        external = self.manifest.enterprise_applications.get(key)
        if external is not None and external.app_id:
            return external.app_id
        return microsoft.CLIENTS.get(key, key.lower() if GUID.fullmatch(key) else key)

    def _written(self, name: str) -> str:
        """Return the key that the file has for an API, which may be its id or another name."""
        position = self.application.api_permissions[name].position
        entries = entries_at(self.fields, "apiPermissions")
        return next((key for key, entry in entries.items() if entry.position == position), name)

    def _federated(self) -> Iterator[Federated]:
        for name, each in self.application.federated_credentials.items():
            expression = each.expression or ""
            yield Federated(
                name, each.issuer, each.subject, each.audience, each.position, each.positions, expression
            )

    def _certificates(self) -> Iterator[Credential]:
        for each in self.application.certificates or ():
            yield Credential(
                "certificate",
                each.label,
                start=read_moment(each.not_before, None),
                end=read_moment(each.not_after, None),
                der=each.der,
                usage=each.usage,
                position=each.position,
            )
        # Made before it ends, so that only that there is one is known.
        for made in self.application.generated.values():
            yield Credential("certificate", made.label, position=made.position)

    @staticmethod
    def _owner(named: Named) -> SubjectOwner:
        by_id = GUID.fullmatch(named.name)
        type_: OwnerType = "user" if "@" in named.name else "unknown" if by_id else "servicePrincipal"
        guest = "#EXT#" in named.name.upper() or None
        return SubjectOwner(named.name, type_, named.id or "", guest, position=named.position)


def _describe_scope(scope: Scope) -> str:
    texts = (
        scope.admin_consent_display_name,
        scope.admin_consent_description,
        scope.user_consent_display_name,
        scope.user_consent_description,
    )
    return " ".join(text for text in texts if text)


def _requested(requested: ApiPermission) -> Iterator[Permission]:
    for value in requested.delegated:
        given = None if requested.delegated_consent is None else value in requested.delegated_consent
        yield Permission(requested.resource, "delegated", value, own=requested.own, consented=given)
    for value in requested.application:
        given = None if requested.application_consent is None else value in requested.application_consent
        yield Permission(requested.resource, "application", value, own=requested.own, consented=given)


def _only_consented(requested: ApiPermission) -> Iterator[Permission]:
    for value in sorted((requested.delegated_consent or frozenset()) - set(requested.delegated)):
        yield Permission(
            requested.resource, "delegated", value, own=requested.own, requested=False, consented=True
        )
    for value in sorted((requested.application_consent or frozenset()) - set(requested.application)):
        yield Permission(
            requested.resource, "application", value, own=requested.own, requested=False, consented=True
        )


def _holders(manifest: Manifest) -> Mapping[tuple[str, str], tuple[Placed, ...]]:
    """Return which of our applications ask for each role of ours."""
    found: dict[tuple[str, str], tuple[Placed, ...]] = {}
    for key, application in manifest.applications.items():
        for name, requested in application.api_permissions.items():
            for label in requested.application if requested.own else ():
                found[name, label] = (*found.get((name, label), ()), Placed(key, requested.position))
    return found


def _find_key(tree: Node | None, *path: str) -> Position | None:
    """Return where the last key of a path stands; None where it does not."""
    owner = node_at(tree, *path[:-1])
    entry = owner.entries.get(path[-1]) if isinstance(owner, Map) else None
    return entry.position if entry else None


def _find_item(tree: Node | None, text: str, *path: str) -> Position | None:
    """Return where an item of the list at a path stands, or the list's key where it does not."""
    found = node_at(tree, *path)
    for each in found.items if isinstance(found, Items) else ():
        named = each.node("name") or each.node("id") if isinstance(each, Map) else each
        if isinstance(named, Scalar) and str(named.value) == text:
            return each.position
    return _find_key(tree, *path)
