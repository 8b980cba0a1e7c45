"""A finding about a property in, the question for each audit record out."""

from __future__ import annotations

from collections.abc import Callable

from entra_config.drift import verdicts
from entra_config.drift.audit import Event
from entra_config.drift.model import Finding
from entra_config.drift.verdicts import FieldVerdict, Judge
from entra_config.kinds.table import TRACES
from entra_config.kinds.trace import Part
from entra_config.properties import PROPERTIES, Reads, find, log_names

# What the log calls the same on a service principal; of the rest its records are mirrors.
OF_PRINCIPAL = frozenset(row.on_principal for row in PROPERTIES if row.on_principal)
_ENTITLEMENT = log_names("appRole", "permissionScope")
_WRITES = (
    "Update ",
    "Add application",
    "Create application",
    "Add service principal",
    "Remove service principal cred",
)


def property_question(finding: Finding) -> Callable[[Event], FieldVerdict] | None:
    """Return the question about a property, an entry of it, or a part that the log keeps in a property."""
    found = _judge(finding)
    if found is None:
        return None
    names, judge = found
    objects = {finding.ends.get("object", ""), finding.ends.get("principalObject", "")} - {""}
    mirror = finding.ends.get("principalObject", "")

    def verdict(event: Event) -> FieldVerdict:
        if not objects & set(event.targets[:1]) or not event.activity.startswith(_WRITES):
            return "no"
        for name in names:
            if name in event.old or name in event.new:
                # What a service principal mirrors of its application loses a part on the way.
                listed = (
                    verdicts.moved if event.targets[0] == mirror and name not in OF_PRINCIPAL else judge(name)
                )
                return listed(event.old.get(name), event.new.get(name))
        return "may" if event.is_stub or set(names) & event.named else "no"

    return verdict


def _judge(finding: Finding) -> tuple[tuple[str, ...], Callable[[str], Judge]] | None:
    """Return the log's names of what a finding is about, and how a record's two values of each tell."""
    reported = TRACES[finding.address.kind].reported
    if isinstance(reported, Part):
        return _part(finding, reported)
    row = find(finding.path)
    if not row.logged:
        return None
    of_principal = row.on_principal if "registration" in finding.ends else ""
    reads = {of_principal or row.logged: row.reads, **dict(row.also)}
    return tuple(reads), lambda name: _reading(finding, reads[name])


def _reading(finding: Finding, reads: Reads) -> Judge:
    """Return how a record's two values of a property tell."""
    match reads:
        case "addresses":
            return verdicts.address(finding)
        case "entitlements":
            element = finding.element[0] if isinstance(finding.element, tuple) else finding.element
            return verdicts.entry(finding, reads, element, verdicts.fields(_ENTITLEMENT), type_=finding.path)
        case "federated":
            return verdicts.federated(str(finding.element))
        case "tags" if finding.element is None:
            return verdicts.tags(finding)
        case "entries" | "requested" | "keys" | "tags":
            return verdicts.entry(finding, reads, finding.element, verdicts.untold)
        case "bits":
            return verdicts.bit(finding)
        case _:
            return verdicts.value(finding)


def _part(finding: Finding, part: Part) -> tuple[tuple[str, ...], Callable[[str], Judge]]:
    """Return the same of what stands in a property of its application: known by its own id, its name, or
    its other end.
    """
    row = find(part.path)
    name = row.logged
    if not (part.id or part.element or finding.part):
        # It is the only one there, and the log does not say what of it changed.
        return (name,), lambda _: verdicts.moved
    if part.id and finding.sign == "added" and finding.ends.get(part.id):
        return (name,), lambda _: verdicts.federated(finding.ends[part.id])
    element = finding.ends.get(part.element, "").casefold() if part.element else finding.part
    if part.element and finding.path:
        return (name,), lambda _: verdicts.scope(finding, element)
    return (name,), lambda _: verdicts.entry(
        finding, row.reads, element, verdicts.fields(part.fields) if part.fields else verdicts.untold
    )
