"""An environment of a fleet and a shard in; the environment as it is in that tenant out.

What protects (`protected`, `policy`, `deployers`, `acknowledged`, `preventDestroy`, `ignoreChanges`,
`unmanaged`, `additive`) stands in the project's own files: it has no placeholder, and nothing that goes on
top of them sets it. What makes something trusted is filled by no variable of a restricted file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from entra_config.manifest.environments.shard import Shard
from entra_config.manifest.environments.source import LISTS, Source, overlay
from entra_config.manifest.fields.environment import ENVIRONMENT
from entra_config.manifest.fields.root import SHARED
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, entries_at, node_at, to_data
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader

PROTECTING = ("protected", "policy", "deployers", "acknowledged", "ownDomains")
_OF_APPLICATION = ("preventDestroy", "ignoreChanges")
TRUSTED = ("appId", "id", "owners", "credentials", "certificates", "federatedCredentials", "previously")
_VARIABLE = re.compile(r"\$\$\{|\$\{([^{}]*)\}")

Path = tuple[str, ...]


def is_of_fleet(node: Node | None) -> bool:
    """Tell whether an environment is of a fleet."""
    flag = node.node("fleet") if isinstance(node, Map) else None
    return isinstance(flag, Scalar) and flag.value is True


def own_domains(items: Sequence[Node], reader: Reader) -> tuple[str, ...]:
    """Return the domains that are ours in every tenant of a fleet."""
    domain = ENVIRONMENT.field("ownDomains")
    for item in items:
        if not (isinstance(item, Scalar) and isinstance(item.value, str) and domain.match(item.value)):
            reader.expected(item, "ownDomains", "a domain such as example.com")
    return tuple(sorted({str(item.value).casefold() for item in items if isinstance(item, Scalar)}))


def placed(source: Source, entry: Entry, node: Map, reader: Reader) -> Map:
    """Return the environment with what the shard says of it: its tenant, variables and overrides.

    Any other environment is returned as it is; what does not hold is noted.
    """
    problems, shard = reader.problems, source.placed(entry.key)
    reader.flag(node.node("fleet"), "fleet")
    if not is_of_fleet(node):
        if shard is not None:
            message = f"environment `{entry.key}` is of no fleet: it lacks `fleet: true`"
            problems.add(shard.position, f"{message} at {entry.position}")
        return node
    if "tenantId" in node.entries:
        problems.add(node.where("tenantId"), f"`tenantId` of `{entry.key}` is the fleet's to say, per tenant")
    for key in PROTECTING:
        _unfilled(node.node(key), f"`{key}`", problems)
    if shard is None:
        message = f"environment `{entry.key}` is of a fleet: say --fleet FILE --tenant NAME"
        problems.add(entry.position, message)
        return node
    for layer in shard.layers:
        if LISTS in layer.overrides.entries:
            message = "`lists` is in the project's own files: a fleet's overrides cannot change which entries"
            problems.add(layer.overrides.where(LISTS), f"{message} there are")
    whole = _with_layers(node, shard, reader)
    _check_protected(source.tree, whole.node("overrides"), problems)
    _check_trusted(source.tree, whole, shard, problems)
    tenant = Scalar(shard.tenant_id, shard.position)
    return whole.with_entry(Entry("tenantId", shard.position, tenant))


def _with_layers(node: Map, shard: Shard, reader: Reader) -> Map:
    for key, tops in (
        ("variables", [layer.variables for layer in shard.layers]),
        ("overrides", [layer.overrides for layer in shard.layers]),
    ):
        own: Node = reader.map(node.node(key), key)
        node = node.with_entry(Entry(key, node.where(key), reduce(overlay, tops, own)))
    return node


def protecting(tree: Map) -> dict[Path, Node]:
    """Return what protects in the sections of a manifest, by path."""
    return {
        path: node for section in SHARED for path, node in _protecting(section, entries_at(tree, section))
    }


def _protecting(section: str, declared: Mapping[str, Entry]) -> Iterator[tuple[Path, Node]]:
    for key, entry in declared.items():
        if section == "applications":
            fields = entries_at(entry.node)
            yield from (
                ((section, key, name), fields[name].node) for name in _OF_APPLICATION if name in fields
            )
        elif section == "appRoleAssignments":
            if isinstance(entry.node, Scalar):
                yield (section, key), entry.node
            for role, holders in entries_at(entry.node).items():
                additive = node_at(holders.node, "additive")
                if additive is not None:
                    yield (section, key, role, "additive"), additive


def _check_protected(tree: Map, overrides: Node | None, problems: Problems) -> None:
    before = protecting(tree)
    for path, node in before.items():
        _unfilled(node, f"`{'.'.join(path)}`", problems)
    after = protecting(tree)
    if isinstance(overrides, Map):
        merged = overlay(tree, overrides)
        assert isinstance(merged, Map)
        after = protecting(merged)
    for path in sorted(before.keys() | after.keys()):
        was, now = before.get(path), after.get(path)
        if was is not None and now is not None and to_data(was) == to_data(now):
            continue
        found = now or _at(overrides, path) or overrides
        message = f"`{'.'.join(path)}` protects: in a fleet it stands in the project's own files, and nothing"
        problems.add(found.position if found is not None else None, f"{message} on top of them changes it")


def _at(node: Node | None, path: Path) -> Node | None:
    """Return what stands at a path, or the nearest thing above it."""
    for key in path:
        below = node.node(key) if isinstance(node, Map) else None
        if below is None:
            return node
        node = below
    return node


def _unfilled(node: Node | None, what: str, problems: Problems) -> None:
    """Note each placeholder of something that protects."""
    for each in _texts(node):
        if any(found[1] is not None for found in _VARIABLE.finditer(str(each.value))):
            problems.add(each.position, f"{what} protects: in a fleet it has no `${{…}}`")


def _texts(node: Node | None) -> Iterator[Scalar]:
    match node:
        case Scalar(str()):
            yield node
        case Items(items):
            for item in items:
                yield from _texts(item)
        case Map(entries):
            for entry in entries.values():
                yield from _texts(entry.node)


def _check_trusted(tree: Map, node: Map, shard: Shard, problems: Problems) -> None:
    """Note each variable of a restricted file that fills what makes something trusted."""
    variables = entries_at(node, "variables")
    said = {name: entry for name, entry in variables.items() if entry.position.file in shard.restricted}
    overrides = node.node("overrides")
    whole = overlay(tree, overrides) if isinstance(overrides, Map) else tree
    for path, trusted in _trusted(whole):
        for text in _texts(trusted):
            for found in _VARIABLE.finditer(str(text.value)):
                if found[1] in said:
                    message = f"`${{{found[1]}}}` at {text.position} decides `{'.'.join(path)}`, which makes"
                    where = said[found[1]].position
                    problems.add(where, f"{message} something trusted: no file with `mayDeclare` says it")


def _trusted(tree: Node) -> Iterator[tuple[Path, Node]]:
    for section in ("applications", "enterpriseApplications"):
        for key, entry in entries_at(tree, section).items():
            yield from trusted_of(entry.node, (section, key))


def trusted_of(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    """Yield what of one application, at a path, makes something trusted."""
    for name, field in entries_at(node).items():
        if name in TRUSTED:
            yield (*path, name), field.node
        elif name == "enterpriseApplication":
            yield from trusted_of(field.node, (*path, name))
