"""Names of users, groups and service principals in the manifest, with the ids that pin them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from entra_config.manifest.environments.pins import Lock, Pin
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.records import HELD, NAME
from entra_config.manifest.model import Named
from entra_config.manifest.reading.node import Map, Node, Scalar
from entra_config.manifest.reading.reader import GUID, KEY, Reader

Kind = Literal["user", "group", "owner", "deployer", "servicePrincipal", "holder"]
MARKS = re.compile("/".join([KEY.pattern] * 3))


class Names:
    """Reads names: a text, an id, or `{ name: …, id: … }`; the lock file adds ids."""

    def __init__(self, reader: Reader, lock: Lock) -> None:
        self._reader = reader
        self._lock = lock

    def listed(self, node: Node | None, kind: Kind, what: str, *, ends: bool = True) -> tuple[Named, ...]:
        """Read a list of names without doubles; `ends`: an entry may say until when.

        That two different entries mean one object only the lock file knows: they are one entry then.
        """
        found: dict[str, Named] = {}
        written: dict[str, Node] = {}
        for item in self._reader.items(node, what):
            named = self.one(item, kind, what, ends=ends)
            if named is None:
                continue
            first = written.setdefault(_deciding(item), item)
            if first is not item:
                message = f"`{what}`: duplicate `{named.name}`: first at {first.position}"
                self._reader.problems.add(item.position, message)
            key = named.id or named.name.casefold()
            found[key] = _joined(found[key], named) if key in found else named
        return tuple(found.values())

    def one(self, node: Node, kind: Kind, what: str, *, ends: bool = False) -> Named | None:
        """Read one name."""
        reader = self._reader
        until = None
        if isinstance(node, Map):
            fields = bind(node, what, HELD if ends else NAME, reader, noun=f"a name in `{what}`")
            name, own, until = fields["name"], fields["id"], fields.values.get("until")
            if name is None and own is None:
                reader.problems.add(node.position, f"`{what}`: a name needs `name`, `id` or both")
                return None
        else:
            word = reader.text(node, what)
            if word is None:
                return None
            name, own = (None, word.lower()) if GUID.fullmatch(word) else (word, None)
        if name is not None and kind == "user" and "@" not in name:
            reader.problems.add(
                node.position,
                f"`{what}`: `{name}` is neither a user principal name (alice@contoso.com) nor an id",
            )
        pin = self._pin(name, kind) if name else None
        if own and pin and own != pin.id:
            reader.problems.add(
                node.position, f"`{name}` has the id {own} here and {pin.id} in the lock file"
            )
        by_marks = kind == "holder" and name is not None and MARKS.fullmatch(name) is not None
        return pinned(Named(name or own or "", own, node.position, by_marks=by_marks, until=until), pin)

    def _pin(self, name: str, kind: Kind) -> Pin | None:
        lock = self._lock
        if kind == "user" or (kind in {"owner", "deployer"} and "@" in name):
            return lock.user(name)
        if kind == "group":
            return lock.group(name)
        principal = lock.service_principal(name)
        return (lock.group(name) or principal) if kind == "deployer" else principal


def _deciding(item: Node) -> str:
    """Return the text of an entry that decides whom it means: its id, else its name."""
    node = (item.node("id") or item.node("name")) if isinstance(item, Map) else item
    return str(node.value).casefold() if isinstance(node, Scalar) else ""


def _joined(one: Named, other: Named) -> Named:
    """Return two entries for one object as one, which ends when both have ended."""
    until = None if one.until is None or other.until is None else max(one.until, other.until)
    return replace(other if one.name == one.id else one, until=until)


def pinned(named: Named, pin: Pin | None) -> Named:
    """Return a name with what the lock file says of it; an id of its own stays."""
    return (
        named
        if pin is None
        else replace(named, id=named.id or pin.id or None, was=pin.was, organization=pin.organization)
    )
