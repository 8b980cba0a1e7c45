"""`adminConsent` of an API in; which permissions are consented, and until when, out."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.errors import Position
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.records import BY_KIND
from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, is_null, strings
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import microsoft
from entra_config.manifest.sections.declared_applications import DeclaredApplications, PermissionKind
from entra_config.manifest.until import Until

KINDS: tuple[PermissionKind, ...] = ("delegated", "application")
CONSENT = "adminConsent"
Consents = Mapping[PermissionKind, frozenset[str] | None]


def lasting(
    node: Node | None, reader: Reader
) -> tuple[Node | None, Mapping[PermissionKind, Mapping[str, Until]]]:
    """Return `adminConsent` with plain names, and until when those hold that end."""
    if not isinstance(node, Map):
        plain, until = reader.lasting(node, CONSENT)
        return plain, dict.fromkeys(KINDS, until)
    found: dict[PermissionKind, Mapping[str, Until]] = {}
    for kind in KINDS:
        entry = node.entries.get(kind)
        plain, found[kind] = reader.lasting(entry.node if entry else None, CONSENT)
        if entry is not None and plain is not None:
            node = node.with_entry(Entry(kind, entry.position, plain))
    return node, found


def ending(
    consents: Consents, until: Mapping[PermissionKind, Mapping[str, Until]]
) -> Mapping[tuple[str, str], Until]:
    """Return until when each consent holds that ends."""
    found: dict[tuple[str, str], Until] = {}
    for kind in KINDS:
        names = until[kind].keys() & (consents[kind] or frozenset())
        found |= {(kind, name): until[kind][name] for name in sorted(names)}
    return found


def read(
    node: Node | None,
    requested: Mapping[PermissionKind, tuple[str, ...]],
    own: str | None,
    directory: DeclaredApplications,
) -> Consents:
    """Read `adminConsent`: true = exactly what is asked for, a list = exactly that, false = none, absent =
    not managed.
    """
    reader = directory.reader
    if isinstance(node, Map):
        by_kind = bind(node, CONSENT, BY_KIND, reader)
        return {kind: _consent(by_kind[kind], kind, requested[kind], own, directory) for kind in KINDS}
    if not isinstance(node, Items):
        return {kind: _consent(node, kind, requested[kind], own, directory) for kind in KINDS}
    sets: dict[PermissionKind, set[str]] = {kind: set() for kind in KINDS}
    for item in node.items:
        name = reader.text(item, "adminConsent")
        if name is None:
            continue
        kinds = [kind for kind in KINDS if name in requested[kind]]
        if not kinds and own is not None:
            kinds = [kind for kind in KINDS if name in directory.permissions_of(own, kind)]
        if not kinds and name in microsoft.OPENID_SCOPES:
            kinds = ["delegated"]
        if not kinds:
            message = (
                "is not asked for, so its kind is not clear: write `adminConsent: { delegated: […], "
                "application: […] }`"
            )
            reader.problems.add(
                item.position,
                f"`{name}` {message}.{near(name, [n for kind in KINDS for n in requested[kind]])}",
            )
        for kind in kinds:
            sets[kind].add(name)
    return {kind: frozenset(names) for kind, names in sets.items()}


def _consent(
    node: Node | None,
    kind: PermissionKind,
    requested: tuple[str, ...],
    own: str | None,
    directory: DeclaredApplications,
) -> frozenset[str] | None:
    reader = directory.reader
    if node is None or is_null(node):
        return None
    if isinstance(node, Items):
        names = reader.texts(node, "adminConsent")
        if own is not None:
            # A grant may hold scopes of OpenID at any API, though none offers them.
            openid = microsoft.OPENID_SCOPES if kind == "delegated" else ()
            for name, where in strings(node):
                if name not in openid:
                    directory.check_offered(name, kind, own, where)
        return frozenset(names)
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return frozenset(requested) if node.value else frozenset()
    reader.expected(node, "adminConsent", "true, false or a list of permissions")
    return None


def check_consentable(
    client: Application,
    where: Position,
    consents: Consents,
    own: str | None,
    directory: DeclaredApplications,
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
            directory.reader.problems.add(where, message)
