"""`policy` and `removed` in: what an environment lets happen, and what becomes of applications that left."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from entra_config.manifest.environments.environment import is_in
from entra_config.manifest.fields.binder import bind
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
    fields = bind(node, "policy", POLICY, reader)
    words = (reader.choice(item, "allow", WORDS) for item in fields["allow"])
    return Policy(
        _consent(fields["consent"], directory, excluded),
        frozenset(filter(None, words)),
        bind(fields["limits"], "limits", LIMITS, reader).make(Limits),
        lint_options.read(lint_options.root_lint(root, reader), fields["lint"], reader),
    )


def acknowledged(
    acknowledged: Map, declared: Mapping[str, Application], reader: Reader
) -> Mapping[str, tuple[Acknowledged, ...]]:
    """Read `acknowledged`: what applications of others may hold at ours without being told each time."""
    found: dict[str, tuple[Acknowledged, ...]] = {}
    for key, entry in acknowledged.entries.items():
        if key not in declared:
            reader.problems.add(entry.position, f"`{key}` is no application here.{near(key, declared)}")
            continue
        items = reader.items(entry.node, key)
        found[key] = tuple(filter(None, (_acknowledged(item, reader) for item in items)))
    return found


def _acknowledged(node: Node, reader: Reader) -> Acknowledged | None:
    fields = bind(node, "acknowledged", ACKNOWLEDGED, reader)
    where = fields.map.position
    if "id" not in fields:
        reader.problems.add(where, "`id` is missing: the appId of the application that is acknowledged")
    if fields["id"] is None:
        return None
    if not (fields["application"] or fields["delegated"]):
        reader.problems.add(
            where, "name what is acknowledged: `application: [ROLE]`, `delegated: [SCOPE]`, or both"
        )
    return Acknowledged(
        fields["id"],
        frozenset(fields["application"]),
        frozenset(fields["delegated"]),
        fields["until"],
        where,
    )


def removed(
    node: Node | None,
    environment: str,
    environments: frozenset[str],
    declared: Mapping[str, Application],
    reader: Reader,
) -> Mapping[str, Removed]:
    """Read `removed` for one environment."""
    found: dict[str, Removed] = {}
    for key, entry in bind(node, "removed", LEFT, reader)["applications"].entries.items():
        reader.name(entry, "a removed application")
        fields = bind(entry.node, key, REMOVED, reader)
        given = fields.node("destroy")
        if given is None or is_null(given):
            message = "`destroy` is missing: true deletes it, false lets it go and leaves it as it is"
            reader.problems.add(entry.position, f"`{key}`: {message}")
        if not is_in(fields.map, environment, environments, reader):
            continue
        if key in declared:
            reader.problems.add(entry.position, f"`{key}` is under `applications` too: it stays or it leaves")
        for heir in (each for each in declared.values() if each.previously == key):
            message = (
                f"`{key}` is renamed to `{heir.key}` (`previously`) and stands under `removed:` too: it "
                "stays or it leaves"
            )
            reader.problems.add(entry.position, message)
        found[key] = Removed(key, fields["destroy"] or False, entry.position)
    return found


def _consent(
    consents: Map, directory: DeclaredApplications, excluded: Collection[str]
) -> Mapping[str, Mapping[str, frozenset[str]]]:
    found: dict[str, Mapping[str, frozenset[str]]] = {}
    for name, entry in consents.entries.items():
        fields = bind(entry.node, name, CONSENTS, directory.reader, noun=f"the consents of `{name}`")
        target = None if name in excluded else directory.resource(name, entry.position)
        if target is not None:
            found[target[0]] = {kind: frozenset(values) for kind, values in fields.values.items()}
    return found
