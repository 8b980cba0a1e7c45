"""`policy` and `removed` in: what an environment lets happen, and what becomes of applications that left."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from entra_config.manifest.environments.environment import is_in
from entra_config.manifest.fields.environment import POLICY, WORDS
from entra_config.manifest.fields.root import LEFT
from entra_config.manifest.fields.root_records import ACKNOWLEDGED, CONSENTS, LIMITS, REMOVED
from entra_config.manifest.model import Application
from entra_config.manifest.policy import Acknowledged, Limits, Policy, Removed
from entra_config.manifest.reading.node import Map, Node, is_null
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import lint_options
from entra_config.manifest.sections.declared_applications import DeclaredApplications


def policy(
    node: Node | None, root: Map, directory: DeclaredApplications, excluded: Collection[str]
) -> Policy:
    """Read the `policy` of an environment; `root` is the whole of the root file's, for what holds in all
    of them.
    """
    reader = directory.reader
    fields = reader.map(node, "policy")
    reader.only(fields, POLICY.keys, POLICY.noun)
    words = [
        word
        for item in reader.items(fields.node("allow"), "allow")
        if (word := reader.choice(item, "allow", WORDS))
    ]
    return Policy(
        _consent(fields.node("consent"), directory, excluded),
        frozenset(words),
        _limits(fields.node("limits"), reader),
        lint_options.read(lint_options.root_lint(root, reader), fields.node("lint"), reader),
    )


def acknowledged(
    node: Node | None, declared: Mapping[str, Application], reader: Reader
) -> Mapping[str, tuple[Acknowledged, ...]]:
    """Read `acknowledged`: what applications of others may hold at ours without being told each time."""
    found: dict[str, tuple[Acknowledged, ...]] = {}
    for key, entry in reader.map(node, "acknowledged").entries.items():
        if key not in declared:
            reader.problems.add(entry.position, f"`{key}` is no application here.{near(key, declared)}")
            continue
        found[key] = tuple(
            each for item in reader.items(entry.node, key) if (each := _acknowledged(item, reader))
        )
    return found


def _acknowledged(node: Node, reader: Reader) -> Acknowledged | None:
    fields = reader.map(node, "acknowledged")
    reader.only(fields, ACKNOWLEDGED.keys, ACKNOWLEDGED.noun)
    reader.text(fields.node("because"), "because")
    app_id = reader.guid(fields.node("id"), "id")
    if app_id is None:
        if "id" not in fields.entries:
            reader.problems.add(
                fields.position, "`id` is missing: the appId of the application that is acknowledged"
            )
        return None
    application, delegated = (
        frozenset(reader.texts(fields.node(name), name)) for name in ("application", "delegated")
    )
    if not application | delegated:
        reader.problems.add(
            fields.position, "name what is acknowledged: `application: [ROLE]`, `delegated: [SCOPE]`, or both"
        )
    until = reader.day(fields.node("until"), "until")
    return Acknowledged(app_id, application, delegated, until, fields.position)


def removed(
    node: Node | None,
    environment: str,
    environments: frozenset[str],
    declared: Mapping[str, Application],
    reader: Reader,
) -> Mapping[str, Removed]:
    """Read `removed` for one environment."""
    fields = reader.map(node, "removed")
    reader.only(fields, LEFT.keys, LEFT.noun)
    found: dict[str, Removed] = {}
    for key, entry in reader.map(fields.node("applications"), "applications").entries.items():
        reader.name(entry, "a removed application")
        item = reader.map(entry.node, key)
        reader.only(item, REMOVED.keys, REMOVED.noun)
        given = item.node("destroy")
        destroy = reader.flag(given, "destroy")
        if given is None or is_null(given):
            message = "`destroy` is missing: true deletes it, false lets it go and leaves it as it is"
            reader.problems.add(entry.position, f"`{key}`: {message}")
        if not is_in(item, environment, environments, reader):
            continue
        if key in declared:
            reader.problems.add(entry.position, f"`{key}` is under `applications` too: it stays or it leaves")
        for heir in (each for each in declared.values() if each.previously == key):
            message = (
                f"`{key}` is renamed to `{heir.key}` (`previously`) and stands under `removed:` too: it "
                "stays or it leaves"
            )
            reader.problems.add(entry.position, message)
        found[key] = Removed(key, destroy or False, entry.position)
    return found


def _consent(
    node: Node | None, directory: DeclaredApplications, excluded: Collection[str]
) -> Mapping[str, Mapping[str, frozenset[str]]]:
    reader = directory.reader
    found: dict[str, Mapping[str, frozenset[str]]] = {}
    for name, entry in reader.map(node, "consent").entries.items():
        fields = reader.map(entry.node, name)
        reader.only(fields, CONSENTS.keys, f"the consents of `{name}`")
        target = None if name in excluded else directory.resource(name, entry.position)
        if target is not None:
            found[target[0]] = {
                kind: frozenset(reader.texts(fields.node(kind), kind)) for kind in CONSENTS.keys
            }
    return found


def _limits(node: Node | None, reader: Reader) -> Limits:
    fields = reader.map(node, "limits")
    reader.only(fields, LIMITS.keys, LIMITS.noun)
    defaults = Limits()
    numbers = {
        each.key: reader.whole(fields.node(each.key), each.key, most=each.most or 100_000)
        for each in LIMITS.fields
    }
    people, applications, percent, floor = (numbers[key] for key in LIMITS.keys)
    return Limits(
        defaults.max_people if people is None else people,
        defaults.max_applications if applications is None else applications,
        defaults.max_removed_percent if percent is None else percent,
        defaults.floor if floor is None else floor,
    )
