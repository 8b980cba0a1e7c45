"""A manifest that was read and the path restrictions of its files in; every effect that reaches outside of
one is noted.

What a restricted file may declare is bounded by keys (`path_restriction.py`), and so are its effects:

said in a restricted file                                   holds where
`appId` of an application                               the lock file pins it to that very key
`previously` of an application                          the path restriction lists the former key
part of a consent at an API of ours                     the path restriction lists `consents/API/PERMISSION`
said in any file
an enterprise application            it is none of this project's, in no environment, and stands under one key
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from entra_config.errors import Position
from entra_config.manifest.environments import environment
from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.environments.source import Source
from entra_config.manifest.model import Application, EnterpriseApplication
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.reading.node import Map, Node, Scalar, entries_at, node_at
from entra_config.manifest.reading.problems import Problems, listing

_KINDS = ("delegated", "application")


@dataclass(frozen=True, slots=True)
class RestrictedEnvironment:
    """One environment of a manifest, as far as path restrictions are about it; `others` are the lock files of
    the other environments.
    """

    source: Source
    tree: Map
    pins: Lock
    others: Mapping[str, Lock]
    own: Mapping[str, Application]
    external: Mapping[str, EnterpriseApplication]


@dataclass(frozen=True, slots=True)
class _Ours:
    """What names this project's own applications, in every environment: display names in lower case,
    pinned appIds.
    """

    names: Mapping[str, str]
    app_ids: Mapping[str, str]


def check(restricted: RestrictedEnvironment, problems: Problems) -> None:
    """Note each effect of a file that its path restriction does not hold, and each enterprise application
    that is one of ours.
    """
    read = restricted.source
    _check_external(restricted, problems)
    for key, application in restricted.own.items() if any(read.path_restrictions.values()) else ():
        node = node_at(restricted.tree, "applications", key)
        if isinstance(node, Map):
            _check_taken(restricted, node, application, problems)
            for resource, permission in application.api_permissions.items():
                if permission.own:
                    _check_consents(read, node_at(node, "apiPermissions", resource), permission, problems)


def _path_restrictions(read: Source, position: Position | None) -> tuple[PathRestriction, ...]:
    files = position.files if position is not None else ()
    return tuple(each for file in files for each in read.path_restrictions.get(file, ()))


def _check_taken(
    restricted: RestrictedEnvironment, node: Map, application: Application, problems: Problems
) -> None:
    """Note an appId or a former key by which a restricted file would take an application that is not in
    its path restriction.
    """
    key, read = application.key, restricted.source
    where = node.where("appId")
    pinned = restricted.pins.applications.get(key)
    taken = application.app_id if "appId" in node.entries else None
    if taken and _path_restrictions(read, where) and (pinned is None or pinned.app_id != taken):
        message = (
            f"`appId` of `{key}` stands in a file with `mayDeclare`, and the lock file does not pin it "
            f"to `{key}`"
        )
        problems.add(where, f"{message}: whoever reviews lock files says which application it may take")
    former = application.previously
    where = node.where("previously")
    for path_restriction in _path_restrictions(read, where) if former else ():
        if not path_restriction.allows(("applications", str(former))):
            problems.add(
                where,
                (
                    f"`previously: {former}` is outside of what this file may declare: "
                    f"{listing(path_restriction.patterns)}"
                ),
            )


def _check_consents(read: Source, node: Node | None, permission: ApiPermission, problems: Problems) -> None:
    """Note each consent at an API of ours of which a restricted file says a part, and which its path
    restriction does not list.
    """
    if not isinstance(node, Map):
        return
    for kind, consented in zip(
        _KINDS, (permission.delegated_consent, permission.application_consent), strict=True
    ):
        stated = [entry for name in (kind, "adminConsent") if (entry := node.entries.get(name)) is not None]
        for name in sorted(consented or ()):
            path = ("consents", permission.resource, name)
            for entry in stated:
                if not all(
                    path_restriction.allows(path)
                    for path_restriction in _path_restrictions(read, entry.node.position)
                ):
                    message = (
                        f"the consent to `{permission.resource}/{name}` counts only where the path "
                        "restriction of this file lists"
                    )
                    problems.add(entry.position, f"{message} `{'/'.join(path)}`")


def _check_external(restricted: RestrictedEnvironment, problems: Problems) -> None:
    """Note each enterprise application that is one of this project's, or that stands under two keys."""
    read, external = restricted.source, restricted.external
    if not external:
        return
    ours = _ours(restricted)
    first: dict[str, str] = {}
    for key, other in external.items():
        for word in _identities(other):
            mine = ours.names.get(word) or ours.app_ids.get(word)
            if mine:
                message = (
                    f"enterprise application `{key}` is `{mine}` of this project: refer to it by that key"
                )
                problems.add(other.position or Position(str(read.path), 1), message)
                break
            twin = first.setdefault(word, key)
            if twin != key:
                message = f"enterprise application `{key}` is `{twin}` too: one object, one key"
                problems.add(other.position or Position(str(read.path), 1), message)
                break


def _identities(other: EnterpriseApplication) -> Iterator[str]:
    named = other.named
    if other.app_id:
        yield other.app_id
    if named is not None:
        yield from dict.fromkeys(word.casefold() for word in (named.id, named.name) if word)


def _ours(restricted: RestrictedEnvironment) -> _Ours:
    read = restricted.source
    names: dict[str, str] = {}
    app_ids: dict[str, str] = {}
    for name in read.environments.entries:
        # What is wrong with another environment is said where that one is loaded.
        ignored = Problems()
        tree = environment.select(read, name, ignored).tree
        for key, entry in entries_at(tree, "applications").items():
            shown = node_at(entry.node, "displayName")
            if isinstance(shown, Scalar) and isinstance(shown.value, str):
                names.setdefault(shown.value.casefold(), key)
            written = node_at(entry.node, "appId")
            if isinstance(written, Scalar) and isinstance(written.value, str):
                app_ids.setdefault(written.value.lower(), key)
    for pins in (restricted.pins, *restricted.others.values()):
        for key, pinned in pins.applications.items():
            if pinned.app_id:
                app_ids.setdefault(pinned.app_id, key)
    return _Ours(names, app_ids)
