"""`policy.lint` in: own domains, and what single rules are told; the root file's for all environments, each
environment's on top.

Which rules there are is not known here: a rule's name is checked where rules run.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from entra_config.manifest.fields.lint_records import LINT, RULE
from entra_config.manifest.fields.root import ROOT_POLICY
from entra_config.manifest.lint_policy import SEVERITIES, LintPolicy, RuleOptions, Severity
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar
from entra_config.manifest.reading.reader import Reader


def read(root: Node | None, own: Node | None, reader: Reader) -> LintPolicy:
    """Read `policy.lint` of the root file and of an environment: lists add up, keys of a rule replace."""
    both = [reader.map(node, "lint") for node in (root, own)]
    for each in both:
        reader.only(each, LINT.keys, LINT.noun)
    lists = {
        key: [text for each in both for text in reader.texts(each.node(key), key)]
        for key in ("domains", "locked")
    }
    return LintPolicy(
        tuple(dict.fromkeys(domain.casefold().removeprefix("*.").strip(".") for domain in lists["domains"])),
        frozenset(lists["locked"]),
        {name: _rule(entry, reader) for name, entry in _merged(both, reader).items()},
        both[0].position if root is not None else None,
    )


def root_lint(root: Map, reader: Reader) -> Node | None:
    """Return `policy.lint` of a root file, which has nothing else under `policy`."""
    policy = reader.map(root.node("policy"), "policy")
    reader.only(policy, ROOT_POLICY.keys, f"{ROOT_POLICY.noun}; all else stands in an environment's")
    return policy.node("lint")


def _merged(both: list[Map], reader: Reader) -> Mapping[str, Entry]:
    merged: dict[str, Entry] = {}
    for each in both:
        for name, entry in reader.map(each.node("rules"), "rules").entries.items():
            below = merged.get(name)
            if below is not None and isinstance(below.node, Map) and isinstance(entry.node, Map):
                fields = {**below.node.entries, **entry.node.entries}
                merged[name] = Entry(name, entry.position, Map(fields, entry.node.position))
            else:
                merged[name] = entry
    return merged


def _rule(entry: Entry, reader: Reader) -> RuleOptions:
    if isinstance(entry.node, Scalar):
        reader.expected(entry.node, entry.key, "a map such as { severity: off, because: … }")
        return RuleOptions(position=entry.position)
    fields = reader.map(entry.node, entry.key)
    reader.only(fields, RULE.keys, f"rule `{entry.key}`")
    severity = reader.choice(fields.node("severity"), "severity", SEVERITIES)
    because = reader.text(fields.node("because"), "because") or ""
    if severity == "off" and not because:
        reader.problems.add(entry.position, f"`{entry.key}` is off, and nobody says why: write `because`")
    return RuleOptions(
        cast("Severity | Literal['off'] | None", severity),
        reader.texts(fields.node("applications"), "applications"),
        reader.whole(fields.node("days"), "days", least=RULE.field("days").least),
        reader.whole(fields.node("most"), "most"),
        reader.day(fields.node("until"), "until"),
        because,
        entry.position,
    )
