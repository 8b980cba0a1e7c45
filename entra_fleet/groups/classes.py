"""A plan and the shard that it is of in; the kind of change that it is, out.

Two plans are of one kind where all that they do and find is equal once two things are taken out, each by its
place: ids of our own objects and of who is given something by a name of the manifest; texts for people and
addresses that `${…}` filled. Hosts, issuers, subjects and certificates stay whatever filled them, and so does
whatever is no text. People who gain and lose count in steps.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from entra_config import uris
from entra_config.errors import Position
from entra_config.manifest.reading.node import Items, Map, Node, Scalar, to_data
from entra_config.manifest.tenants import explaining
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.phrase import without_names
from entra_config.plan.content import canonical
from entra_config.plan.model import Change, Create, FieldChange, ItemChange, Plan, Update, subject_of
from entra_config.properties import find
from entra_config.resource import Address, Ref, Text
from entra_fleet.groups import entries
from entra_fleet.groups.entries import OURS, FilledText, filled_text

STEPS = (0, 10, 100, 1000)
HOST = "address at "
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?")


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What was taken out at one place: what the manifest says there, and what it is in this tenant."""

    place: Position
    declared: str
    value: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people gain or lose what; None: nobody could count."""

    action: Literal["gain", "lose"]
    what: str
    people: int | None


def count_people(plan: Plan) -> tuple[Counted, ...]:
    """Return who gains and loses, in an order that plans of one kind share."""
    found = [
        Counted("gain" if each.sign == "gain" else "lose", f"{each.application}/{each.role}", each.count)
        for each in plan.access
    ]
    return tuple(
        sorted(found, key=lambda each: (each.action, each.what, each.people is None, each.people or 0))
    )


@dataclass(frozen=True, slots=True)
class PlanKind:
    """The kind of a plan: an id that all plans of the kind share, lines that say it, what was taken out."""

    id: str
    headline: tuple[str, ...]
    taken: tuple[TakenOut, ...] = ()
    counts: tuple[Counted, ...] = ()


def of_plan(plan: Plan, shard: LoadedShard, was: LoadedShard | None = None) -> PlanKind:
    """Return the kind of a plan; `was` is the shard as it was, what filled it then is taken out of what the
    tenant has.
    """
    domains = plan.tenant.domains | {each.casefold() for each in shard.manifest.own_domains}
    tree = shard.loaded.tree
    then = entries.filled_before(tree, was.loaded.tree, place_texts(said(was))) if was is not None else {}
    reading = _ChangeReader(tree, place_texts(said(shard)), place_texts([tree]), then, _ours(plan), domains)
    content = {
        # What a variable filled, and ids, decide the order in which they are told.
        "changes": sorted((reading.change(each) for each in plan.changes), key=canonical),
        "following": sorted((reading.change(each) for each in plan.following), key=canonical),
        "access": sorted(
            [each.kind, each.application, each.role, each.label, each.client, each.sign,
             step(each.count), step(len(each.applications))]
            for each in plan.access
        ),
        # Who gains is told by `access`, in steps; the words of a gain have names and exact numbers.
        "effects": sorted(
            [each.type, reading.address(each.address, "" if each.type == "gain" else str(each.text))]
            for each in plan.effects
        ),
        "refusals": sorted([each.word, each.blocks, str(each.message)] for each in plan.refusals),
        "withheld": sorted([str(each.message), str(each.remedy)] for each in plan.withheld),
        "warnings": sorted(str(each.message) for each in plan.warnings),
        "skipped": [plan.left_out, plan.endings_alone],
        "protected": plan.protected,
    }  # fmt: skip
    headline, taken = tuple(_headline(plan, reading)), tuple(reading.taken)
    return PlanKind(identified(content), headline, taken, count_people(plan))


def identified(content: Any) -> str:
    """Return the id of a content: equal for equal ones."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def step(count: int | None) -> str:
    """Return the step that a number of people is of."""
    if count is None:
        return "unknown"
    return next((f"to {most}" for most in STEPS if count <= most), "more")


def said(shard: LoadedShard) -> list[Node | None]:
    """Return what the files say, unfilled: the project's, the environment's overrides, the layers."""
    return [node for _, node in explaining.list_sections(shard)]


def place_texts(trees: Iterable[Node | None]) -> dict[Position, Node]:
    """Return the texts and lists of some trees, by where they stand and by where their keys do."""
    return {place: node for tree in trees for place, node in _nodes(tree)}


def _nodes(node: Node | None) -> Iterator[tuple[Position, Node]]:
    match node:
        case Map(entries):
            for entry in entries.values():
                if not isinstance(entry.node, Map):
                    yield entry.position, entry.node
                yield from _nodes(entry.node)
        case Items(items):
            yield node.position, node
            for item in items:
                yield from _nodes(item)
        case Scalar():
            yield node.position, node


def _ours(plan: Plan) -> Mapping[str, str]:
    """Return what each id of an object of ours is the id of."""
    found = {
        value: f"{address}.{name}"
        for address, _, facts in plan.declared
        for name, value in facts.properties.items()
    }
    for change in (*plan.changes, *plan.following):
        if not isinstance(change, Create):
            before = change.before
            found |= {value: f"{before.address}.{name}" for name, value in before.facts.properties.items()}
    return found


@dataclass
class _ChangeReader:
    """Reads the changes of one plan: what the files say at each place, what that is here, ids and domains of
    ours.
    """

    tree: Map
    said: Mapping[Position, Node]
    filled: Mapping[Position, Node]
    then: entries.FilledBefore
    ours: Mapping[str, str]
    domains: frozenset[str]
    taken: list[TakenOut] = field(default_factory=list)
    named: dict[Address, str] = field(default_factory=dict)
    shown: dict[Address, str] = field(default_factory=dict)

    def change(self, change: Change) -> list[Any]:
        """Return all that a change does."""
        adopts = isinstance(change, Update) and change.adopts
        address = subject_of(change).address
        fields = [self._field(each, address) for each in change.fields]
        return [
            type(change).__name__,
            adopts,
            self._subject(change),
            fields,
            [str(note) for note in change.notes],
        ]

    def address(self, address: Address | None, otherwise: str = "") -> str:
        """Return an address without the id of who is given something."""
        return otherwise if address is None else self.named.get(address, str(address))

    def _subject(self, change: Change) -> list[Any]:
        resource = subject_of(change)
        who, key = resource.facts.principal, resource.address.key
        raw = self.said.get(resource.position) if resource.position is not None else None
        name = to_data(raw) if isinstance(raw, Scalar) else ""
        if not who or not key.endswith(f":{who}"):
            return [str(resource.address), ""]
        # Whom a name means that a variable filled is taken out; whom a name means that all tenants have alike
        # is another object in each, and told.
        filled = isinstance(name, str) and "${" in name
        meant = name if filled else who if resource.position is not None else ""
        base = f"{resource.address.kind}.{key.removesuffix(who)}"
        self.named[resource.address] = f"{base}{meant}"
        # A report names no person: neither by a UPN nor by the id behind it.
        person = "@" in str(meant) or base.endswith("user:")
        shown = name if name and name != who else meant
        self.shown[resource.address] = f"{base}{'…' if person or not shown else shown}"
        if filled and not person:
            here = self.filled.get(resource.position) if resource.position is not None else None
            called = str(here.value) if isinstance(here, Scalar) else ""
            self._take(resource.position, str(name), f"{called}, {who}" if called not in {"", who} else who)
        return [self.named[resource.address], str(name), str(meant)]

    def _field(self, each: FieldChange, of: Address) -> list[Any]:
        if each.path in OURS:
            filled = entries.of_application(self.tree, self.said, of, each.path)
            for place, said, value in entries.every(filled):
                self._take(place, said, value)
            return entries.shown(each, filled, lambda value: self._value(value, {}))
        known, then = self._known(each, self._filled(each)), self._known(each, self._filled_then(each))
        items = (self._item(item, then if item.sign == "remove" else known) for item in each.items)
        return [
            each.path,
            self._value(each.before, then),
            self._value(each.after, known),
            sorted(items, key=canonical),
            [self._field(leaf, of) for leaf in each.differences],
        ]

    def _item(self, item: ItemChange, known: Mapping[str, Any]) -> list[Any]:
        label, key = known.get(item.label, item.label), self._value(item.key, known)
        fields = [
            [each.path, self._value(each.before, {}), self._value(each.after, {})] for each in item.fields
        ]
        return [item.sign, label, item.summary, key, fields, [str(note) for note in item.notes]]

    def _filled(self, each: FieldChange) -> Iterator[FilledText]:
        """Yield each text that `${…}` filled at the place of one field."""
        raw = self.said.get(each.position) if each.position is not None else None
        for node in raw.items if isinstance(raw, Items) else (raw,):
            text = filled_text(node, self.filled.get(node.position)) if node is not None else None
            if text is not None:
                yield text

    def _filled_then(self, each: FieldChange) -> Iterator[FilledText]:
        """Yield each text that filled it when the shard was as it was, and that the tenant has."""
        has = {each.before if isinstance(each.before, str) else "", *(item.label for item in each.items)}
        texts = self.then.get(each.position, ()) if each.position is not None else ()
        yield from (text for text in texts if text[2] in has)

    def _known(self, each: FieldChange, texts: Iterable[FilledText]) -> dict[str, Any]:
        """Return what stands in place of each text, if it is one for people or an address."""
        found: dict[str, Any] = {}
        is_address = find(each.path).address
        if not (is_address or find(each.path).text):
            return found
        for place, said, value in texts:
            where = outside_host(value, self.domains) if is_address else ""
            if where is not None:
                found[value] = {"of": said, "host": where}
                self._take(place, said, value)
        return found

    def _take(self, place: Position | None, said: str, value: str) -> None:
        if place is not None:
            self.taken.append(TakenOut(place, said, value))

    def _value(self, value: Any, known: Mapping[str, Any]) -> Any:
        match value:
            case str():
                return known.get(value, {"ours": self.ours[value]} if value in self.ours else value)
            case Ref():
                return {"ours": str(value)}
            case Text(parts):
                return [self._value(each, {}) for each in parts]
            case Mapping():
                return {str(key): self._value(each, known) for key, each in value.items()}
            case list() | tuple() | set() | frozenset():
                return sorted((self._value(each, known) for each in value), key=canonical)
            case bytes():
                return hashlib.sha256(value).hexdigest()
            case _:
                return value


_SIGNS = {"Create": "+", "Delete": "-", "Restore": "+", "Release": "-", "Update": "~"}


def _headline(plan: Plan, reading: _ChangeReader) -> Iterator[str]:
    """Yield what a reviewer must see, then the changes: reports show the first lines only."""
    yield from (f"! {without_names(each.text)}" for each in plan.effects if each.type == "guard")
    yield from (f"refused: {without_names(each.message)}" for each in plan.refusals)
    yield from (f"withheld: {without_names(each.message)}" for each in plan.withheld)
    yield from (f"{HOST}{each}" for each in sorted(_hosts(plan, reading.domains)))
    yield from dict.fromkeys(f"warning: {without_names(each.message)}" for each in plan.warnings)
    for change in plan.changes:
        address = subject_of(change).address
        subject = reading.shown.get(address, str(address))
        marks = {"add": "+", "remove": "-", "change": "~"}
        parts = [f"{marks[item.sign]} {item.label}" for each in change.fields for item in each.items] or [
            each.path for each in change.fields
        ]
        inside = f": {', '.join(parts)}" if parts and isinstance(change, Update) else ""
        yield f"{_SIGNS[type(change).__name__]} {subject.replace('.', ' ', 1)}{inside}"


def _hosts(plan: Plan, domains: frozenset[str]) -> set[str]:
    """Return scheme, host and port of each address that a plan adds: of the tenant's own domains those with a
    port alone.
    """
    fields = [each for change in plan.changes for each in change.fields if find(each.path).address]
    texts = [item.label for each in fields for item in each.items if item.sign != "remove"]
    texts += [each.after for each in fields if isinstance(each.after, str)]
    found = {where for each in texts if (where := outside_host(each, domains)) is not None}
    return {each for each in found if not each.endswith("://:None")}


def outside_host(address: str, domains: Iterable[str]) -> str | None:
    """Return scheme, host and port of an address, the host only if it is in none of some domains; None where
    it has none.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").casefold(), parts.port
    except ValueError:
        return None
    if not host:
        return None
    # A browser reads `evil.example\\.ours.example` otherwise than this does.
    own = _PLAIN_HOST.fullmatch(parts.netloc) is not None and uris.below(host, domains)
    return f"{parts.scheme}://:{port}" if own else f"{parts.scheme}://{parts.netloc}"
