"""`credentials` of an application in: its secrets and key pairs with a life, and the certificates where they
stand in there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.credential_records import CREDENTIALS, GENERATE, SECRET
from entra_config.manifest.reading.node import Entry, Map, Node, is_null
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sinks import DeclaredSecret

LIFETIME, OVERLAP = timedelta(days=90), timedelta(days=14)
LONGEST = timedelta(days=730)  # what Graph gives where nobody says: two years


def certificates(fields: Map, reader: Reader) -> Node | None:
    """Return what says the certificates of an application: its own key, or the one under `credentials`,
    never both.
    """
    inside = bind(fields.node("credentials"), "credentials", CREDENTIALS, reader)
    if "certificates" in inside and "certificates" in fields.entries:
        reader.problems.add(
            inside.where("certificates"),
            "`certificates` stand beside `credentials` too: say them in one place",
        )
    return inside.node("certificates") or fields.node("certificates")


def secrets(fields: Map, reader: Reader) -> Mapping[str, DeclaredSecret]:
    """Read `credentials.secrets`, by label."""
    found: dict[str, DeclaredSecret] = {}
    declared = bind(fields.node("credentials"), "credentials", CREDENTIALS, reader)["secrets"]
    reader.distinct(declared.entries.values(), "a secret")
    for entry in declared.present:
        reader.name(entry, "a secret")
        what = f"secret `{entry.key}`"
        inside = bind(entry.node, entry.key, SECRET, reader, needed_by=what)
        found[entry.key] = _declared(entry, inside, what, reader, sink=inside["sink"] or "")
    _signs_in(found, fields, "secret", reader)
    return found


def generated(
    node: Node | None, fields: Map, secrets: Mapping[str, DeclaredSecret], reader: Reader
) -> Mapping[str, DeclaredSecret]:
    """Read the certificates of `certificates` whose keys are generated, by label."""
    found: dict[str, DeclaredSecret] = {}
    entries = [
        entry
        for entry in reader.map(node, "certificates").entries.values()
        if isinstance(entry.node, Map) and "generate" in entry.node.entries
    ]
    reader.distinct(entries, "a generated certificate")
    for entry in entries:
        reader.name(entry, "a generated certificate")
        what = f"certificate `{entry.key}`"
        outside = reader.map(entry.node, entry.key)
        for key in outside.entries:
            if key not in {"generate", "until"}:
                reader.problems.add(
                    outside.where(key), f"{what} is generated: `{key}` has no place beside `generate`"
                )
        generate = outside.node("generate")
        inside = bind(generate, f"`generate` of {what}", GENERATE, reader, needed_by=what)
        twin = next((label for label in secrets if label.casefold() == entry.key.casefold()), None)
        if twin is not None:
            message = (
                f"{what} has the name of secret `{twin}`. The lock file tells the two apart by name: rename "
                "one of them"
            )
            reader.problems.add(entry.position, message)
        declared = _declared(entry, inside, what, reader, sink=inside["in"] or "")
        until = reader.day(outside.node("until"), "until")
        found[entry.key] = replace(declared, type="certificate", until=until)
    _signs_in(found, fields, "certificate", reader)
    return found


def _signs_in(found: Mapping[str, DeclaredSecret], fields: Map, what: str, reader: Reader) -> None:
    principal = fields.entries.get("enterpriseApplication")
    if found and principal is not None and is_null(principal.node):
        message = f"`enterpriseApplication: null`: without a service principal no {what} signs in"
        reader.problems.add(principal.position, message)


def _declared(entry: Entry, fields: Bound, what: str, reader: Reader, *, sink: str) -> DeclaredSecret:
    lifetime = _duration(fields, "lifetime", reader) or LIFETIME
    overlap = _duration(fields, "overlap", reader) or min(OVERLAP, lifetime / 2)
    if lifetime > LONGEST:
        reader.problems.add(
            fields.where("lifetime"), f"{what} lives {lifetime.days} days; {LONGEST.days} at most"
        )
    if overlap * 2 > lifetime:
        message = (
            f"{what}: an overlap of {overlap.days} days is more than half of {lifetime.days}: the next "
            "would be due at once"
        )
        reader.problems.add(fields.where("overlap"), message)
    return fields.make(
        DeclaredSecret,
        label=entry.key,
        sink=sink,
        lifetime=lifetime,
        overlap=overlap,
        position=entry.position,
    )


def _duration(fields: Bound, key: str, reader: Reader) -> timedelta | None:
    if fields[key] is None:
        return None
    found = SECRET.field(key).match(fields[key])
    length = timedelta(weeks=int(found[1] or 0), days=int(found[2] or 0)) if found else timedelta()
    if length < timedelta(days=1):
        reader.expected(fields.map.entries[key].node, key, "days or weeks such as P90D or P12W")
        return None
    return length
