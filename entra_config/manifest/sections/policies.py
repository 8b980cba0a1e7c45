"""`policy` and `removed` in: what an environment lets happen, and what becomes of applications that left."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from entra_config.manifest.environments.only import is_in
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.environment import POLICY, WORDS
from entra_config.manifest.fields.lint_records import LINT, RULE
from entra_config.manifest.fields.root import LEFT, ROOT_POLICY
from entra_config.manifest.fields.root_records import ACKNOWLEDGED, CONSENTS, LIMITS, REMOVED
from entra_config.manifest.lint_policy import LintPolicy, RuleOptions
from entra_config.manifest.model import Application
from entra_config.manifest.policy import Acknowledged, Limits, Policy, Removed
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar, is_null
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import Reader
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
        _read_lint(_root_lint(root, reader), fields["lint"], reader),
    )


def acknowledged(
    acknowledged: Map, declared: Mapping[str, Application], reader: Reader
) -> Mapping[str, tuple[Acknowledged, ...]]:
    """Read `acknowledged`: what applications of others may hold at ours without being told each time."""
    found: dict[str, tuple[Acknowledged, ...]] = {}
    for key, entry in acknowledged.entries.items():
        if key not in declared:
            reader.problems.add(entry.position, f"`{key}` is not an application here.{near(key, declared)}")
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
            message = "`destroy` is missing: true deletes it, false releases it and changes nothing else"
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


def _read_lint(root: Node | None, own: Node | None, reader: Reader) -> LintPolicy:
    """Read `policy.lint` of the root file and of an environment: lists add up, keys of a rule replace.

    Which rules there are is not known here: a rule's name is checked where rules run.
    """
    below, above = (bind(node, "lint", LINT, reader) for node in (root, own))
    domains = (domain.casefold() for domain in (*below["domains"], *above["domains"]))
    return LintPolicy(
        tuple(dict.fromkeys(domain.removeprefix("*.").strip(".") for domain in domains)),
        frozenset((*below["locked"], *above["locked"])),
        {
            name: _lint_rule(entry, reader)
            for name, entry in _merge_rules(below["rules"], above["rules"]).items()
        },
        below.map.position if root is not None else None,
    )


def _root_lint(root: Map, reader: Reader) -> Node | None:
    """Return `policy.lint` of a root file, which has nothing else under `policy`."""
    noun = f"{ROOT_POLICY.noun}; all else stands in an environment's"
    return bind(root.node("policy"), "policy", ROOT_POLICY, reader, noun=noun).node("lint")


def _merge_rules(below: Map, above: Map) -> Mapping[str, Entry]:
    merged = dict(below.entries)
    for name, entry in above.entries.items():
        other = merged.get(name)
        if other is not None and isinstance(other.node, Map) and isinstance(entry.node, Map):
            fields = {**other.node.entries, **entry.node.entries}
            merged[name] = Entry(name, entry.position, Map(fields, entry.node.position))
        else:
            merged[name] = entry
    return merged


def _lint_rule(entry: Entry, reader: Reader) -> RuleOptions:
    if isinstance(entry.node, Scalar):
        reader.expected(entry.node, entry.key, "a map such as { severity: off, because: … }")
        return RuleOptions(position=entry.position)
    options = bind(entry.node, entry.key, RULE, reader, noun=f"rule `{entry.key}`").make(
        RuleOptions, position=entry.position
    )
    if options.severity == "off" and not options.because:
        reader.problems.add(entry.position, f"`{entry.key}` is off, and nobody says why: write `because`")
    return options
