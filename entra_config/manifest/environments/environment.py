"""One environment of a source in, its tree out: overrides on top, `only` applied, placeholders filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from entra_config.errors import Position, UsageError
from entra_config.manifest.environments import expansion, fleet_environment
from entra_config.manifest.environments.expansion import Expanded
from entra_config.manifest.environments.only import is_in
from entra_config.manifest.environments.placeholders import BUILT_IN, Placeholders, Variable
from entra_config.manifest.environments.source import LISTS, Source, overlay
from entra_config.manifest.fields.environment import ENVIRONMENT
from entra_config.manifest.fields.root import OVERRIDABLE
from entra_config.manifest.parts import EmptyEntry
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, same_when_normalized
from entra_config.manifest.reading.problems import Problems, listing, near
from entra_config.manifest.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class Selected:
    """The tree of one environment, with everything in it that is true there."""

    name: str
    tenant_id: str
    node: Map
    tree: Map
    excluded: tuple[str, ...]
    position: Position
    empty_lists: tuple[EmptyEntry, ...] = ()
    item_texts: Mapping[Position, str] = field(default_factory=dict)


def choose(source: Source, name: str | None) -> str:
    """Return the name of the environment to use: the one given, or the only one."""
    names = list(source.environments.entries)
    if name is not None and name not in names:
        raise UsageError(
            f"`{name}` is not an environment of {source.path}."
            f"{near(name, names) or f' Known: {listing(names)}.'}"
        )
    if name is None and len(names) != 1:
        raise UsageError(f"which environment? {source.path} has {listing(names)}: say -e NAME")
    return name or names[0]


def select(source: Source, name: str, problems: Problems) -> Selected:
    """Return what the source says for one environment."""
    reader = Reader(problems)
    entry = source.environments.entries[name]
    node = reader.map(entry.node, f"environments.{name}")
    reader.only(node, ENVIRONMENT.keys, ENVIRONMENT.noun)
    node = fleet_environment.placed(source, entry, node, reader)
    tenant_id = reader.guid(node.node("tenantId"), "tenantId") or ""
    if "tenantId" not in node.entries and not fleet_environment.is_of_fleet(node):
        problems.add(entry.position, f"`tenantId` of environment `{name}` is missing: the id of its tenant")
    overrides = reader.map(node.node("overrides"), "overrides")
    expanded = expansion.expand(source, node, name, reader)
    tree = _overridden(expanded.tree, overrides.without(LISTS), reader)
    tree, excluded = _leave_out(tree, name, source.names, expanded, reader)
    words = variables(node, {"environment": name, "tenantId": tenant_id}, reader)
    filler = Placeholders(
        words, applications=_keys(tree, "applications"), excluded=excluded, problems=problems
    )
    tree = _filled(tree, filler)
    filled = filler.fill(node.without("variables", "overrides", "tenantId"))
    return Selected(
        name,
        tenant_id,
        reader.map(filled, name),
        tree,
        excluded,
        entry.position,
        expanded.empty,
        expanded.item_texts,
    )


def _overridden(tree: Map, overrides: Map, reader: Reader) -> Map:
    reader.only(overrides, OVERRIDABLE, "`overrides`")
    for section in ("applications", "enterpriseApplications"):
        known = _keys(tree, section)
        over = reader.map(overrides.node(section), f"overrides.{section}")
        for key, entry in over.entries.items():
            if key not in known:
                message = (
                    f"`{key}` stands in no file; `overrides` change what there is, `only:` keeps it in "
                    "some environments"
                )
                reader.problems.add(entry.position, f"{message}.{near(key, known)}")
    merged = overlay(
        tree, Map({k: e for k, e in overrides.entries.items() if k in OVERRIDABLE}, overrides.position)
    )
    assert isinstance(merged, Map)
    _check_normal_forms(merged, reader)
    return merged


def _check_normal_forms(tree: Map, reader: Reader) -> None:
    """Note keys of files and of `overrides` that differ only in their Unicode normal form."""
    for entry, message in same_when_normalized(tree.entries.values()):
        reader.problems.add(entry.position, message)
    for entry in tree.entries.values():
        if isinstance(entry.node, Map):
            _check_normal_forms(entry.node, reader)


def _keys(tree: Map, section: str) -> tuple[str, ...]:
    node = tree.node(section)
    return tuple(node.entries) if isinstance(node, Map) else ()


def variables(node: Map, words: dict[str, Variable], reader: Reader) -> dict[str, Variable]:
    """Return the words of an environment with its variables, whose own placeholders are filled."""
    own = Placeholders(dict(words), applications=(), excluded=(), problems=reader.problems)
    filled: dict[str, Variable] = dict(words)
    for name, entry in reader.map(node.node("variables"), "variables").entries.items():
        reader.name(entry, "a variable")
        if name in BUILT_IN:
            reader.problems.add(entry.position, f"`{name}` is a placeholder of its own and no variable")
            continue
        value = own.fill(entry.node)
        if isinstance(value, Scalar) and isinstance(value.value, str | int | float | bool | None):
            filled[name] = value.value
        else:
            reader.expected(entry.node, name, "a string, number, true, false or null")
            filled[name] = ""
    return filled


def _leave_out(
    tree: Map, name: str, names: frozenset[str], expanded: Expanded, reader: Reader
) -> tuple[Map, tuple[str, ...]]:
    """Take out what `only`, of an entry or of its item, keeps for other environments, and what refers to
    it.
    """
    for section, key in expanded.absent:
        entries = tree.node(section)
        if section not in ("applications", "enterpriseApplications") and isinstance(entries, Map):
            tree = tree.with_entry(Entry(section, tree.where(section), entries.without(key)))
    gone: set[str] = set()
    staying: set[str] = {""}
    for section in ("applications", "enterpriseApplications"):
        declared = reader.map(tree.node(section), section)
        kept = {}
        for key, entry in declared.entries.items():
            if isinstance(entry.node, Map) and (
                (section, key) in expanded.absent or not is_in(entry.node, name, names, reader)
            ):
                gone |= {key, _display_name(entry.node)} if section == "enterpriseApplications" else {key}
            else:
                kept[key] = entry
                staying |= {key, _display_name(entry.node)} if section == "enterpriseApplications" else {key}
        if section in tree.entries:
            where = tree.where(section)
            tree = tree.with_entry(Entry(section, where, Map(kept, declared.position)))
    # A name that leaves with one entry may still be another's.
    excluded = gone - staying
    return (_without_references(tree, frozenset(excluded)) if excluded else tree), tuple(sorted(excluded))


def _display_name(node: Node) -> str:
    """Return the other name that an enterprise application is referred to by, or ""."""
    named = node.node("displayName") if isinstance(node, Map) else node
    return str(named.value) if isinstance(named, Scalar) and named.value is not None else ""


def _without_references(tree: Map, excluded: frozenset[str]) -> Map:
    tree = _pruned(tree, "appRoleAssignments", excluded)
    applications = tree.node("applications")
    if not isinstance(applications, Map):
        return tree
    entries = {}
    for key, entry in applications.entries.items():
        application = entry.node
        if isinstance(application, Map):
            for section in ("authorizedClients", "apiPermissions", "knownClientApplications"):
                application = _pruned(application, section, excluded)
        entries[key] = Entry(key, entry.position, application)
    return tree.with_entry(
        Entry("applications", tree.where("applications"), Map(entries, applications.position))
    )


def _pruned(owner: Map, section: str, excluded: frozenset[str]) -> Map:
    node = owner.node(section)
    pruned: Node
    if isinstance(node, Map):
        pruned = node.without(*excluded)
    elif isinstance(node, Items):
        kept = (item for item in node.items if not (isinstance(item, Scalar) and item.value in excluded))
        pruned = Items(tuple(kept), node.position)
    else:
        return owner
    return owner.with_entry(Entry(section, owner.where(section), pruned))


def _filled(tree: Map, filler: Placeholders) -> Map:
    entries = {}
    for section in OVERRIDABLE:
        entry = tree.entries.get(section)
        if entry is None:
            continue
        node = entry.node
        if section == "applications" and isinstance(node, Map):
            inside = {key: _entry(application, filler, key) for key, application in node.entries.items()}
            entries[section] = Entry(section, entry.position, Map(inside, node.position))
        else:
            entries[section] = _entry(entry, filler, None)
    return Map({**entries, **{k: tree.entries[k] for k in ("removed",) if k in tree.entries}}, tree.position)


def _entry(entry: Entry, filler: Placeholders, own: str | None) -> Entry:
    filled = filler.fill(entry.node, own)
    return Entry(
        entry.key, entry.position, filled if filled is not None else Scalar(None, entry.node.position)
    )
