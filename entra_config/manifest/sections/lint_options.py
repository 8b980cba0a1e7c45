"""`policy.lint` in: own domains, and what single rules are told; the root file's for all environments, each
environment's on top.

Which rules there are is not known here: a rule's name is checked where rules run.
"""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.lint_records import LINT, RULE
from entra_config.manifest.fields.root import ROOT_POLICY
from entra_config.manifest.lint_policy import LintPolicy, RuleOptions
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar
from entra_config.manifest.reading.reader import Reader


def read(root: Node | None, own: Node | None, reader: Reader) -> LintPolicy:
    """Read `policy.lint` of the root file and of an environment: lists add up, keys of a rule replace."""
    below, above = (bind(node, "lint", LINT, reader) for node in (root, own))
    domains = (domain.casefold() for domain in (*below["domains"], *above["domains"]))
    return LintPolicy(
        tuple(dict.fromkeys(domain.removeprefix("*.").strip(".") for domain in domains)),
        frozenset((*below["locked"], *above["locked"])),
        {name: _rule(entry, reader) for name, entry in _merged(below["rules"], above["rules"]).items()},
        below.map.position if root is not None else None,
    )


def root_lint(root: Map, reader: Reader) -> Node | None:
    """Return `policy.lint` of a root file, which has nothing else under `policy`."""
    noun = f"{ROOT_POLICY.noun}; all else stands in an environment's"
    return bind(root.node("policy"), "policy", ROOT_POLICY, reader, noun=noun).node("lint")


def _merged(below: Map, above: Map) -> Mapping[str, Entry]:
    merged = dict(below.entries)
    for name, entry in above.entries.items():
        other = merged.get(name)
        if other is not None and isinstance(other.node, Map) and isinstance(entry.node, Map):
            fields = {**other.node.entries, **entry.node.entries}
            merged[name] = Entry(name, entry.position, Map(fields, entry.node.position))
        else:
            merged[name] = entry
    return merged


def _rule(entry: Entry, reader: Reader) -> RuleOptions:
    if isinstance(entry.node, Scalar):
        reader.expected(entry.node, entry.key, "a map such as { severity: off, because: … }")
        return RuleOptions(position=entry.position)
    options = bind(entry.node, entry.key, RULE, reader, noun=f"rule `{entry.key}`").make(
        RuleOptions, position=entry.position
    )
    if options.severity == "off" and not options.because:
        reader.problems.add(entry.position, f"`{entry.key}` is off, and nobody says why: write `because`")
    return options
