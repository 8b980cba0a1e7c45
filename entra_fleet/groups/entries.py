"""What the files say of an application's roles and scopes in; the texts for people that `${…}` filled, by
entry and Graph's key, out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from entra_config.errors import Position
from entra_config.manifest.reading.node import Items, Map, Node, Scalar
from entra_config.plan.model import FieldChange
from entra_config.resource import Address

# Collections whose entries have ids that are ours, by the key here; for each key that is a text, the keys of
# Graph: the short forms first.
_ROLE = {"displayName": ("displayName",), "description": ("description",)}
_SCOPE = {
    "displayName": ("adminConsentDisplayName", "userConsentDisplayName"),
    "description": ("adminConsentDescription", "userConsentDescription"),
    **{f"{who}Consent{text}": (f"{who}Consent{text}",)
       for who in ("admin", "user") for text in ("DisplayName", "Description")},
}  # fmt: skip
OURS: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    "appRoles": ("appRoles", _ROLE),
    "api.oauth2PermissionScopes": ("scopes", _SCOPE),
}

FilledText = tuple[Position, str, str]
FilledEntries = Mapping[str, Mapping[str, FilledText]]


def filled_text(node: Node | None, now: Node | None) -> FilledText | None:
    """Return where a text stands, what the files say there, what it is here; None if no `${…}` filled it."""
    if not (isinstance(node, Scalar) and isinstance(now, Scalar) and isinstance(now.value, str)):
        return None
    if isinstance(node.value, str) and "${" in node.value and now.value != node.value:
        return node.position, node.value, now.value
    return None


def of_application(tree: Map, said: Mapping[Position, Node], address: Address, path: str) -> FilledEntries:
    """Return the filled texts of the entries of one collection, by the entry's value."""
    key, texts = OURS[path]
    node: Node | None = tree
    for each in ("applications", address.key, key):
        node = node.node(each) if isinstance(node, Map) else None
    if not isinstance(node, Map):
        return {}
    return {
        _value(label, entry.node): dict(_texts(entry.node, said, texts))
        for label, entry in node.entries.items()
    }


def _value(label: str, node: Node) -> str:
    value = node.node("value") if isinstance(node, Map) else None
    return str(value.value) if isinstance(value, Scalar) and value.value is not None else label


def _texts(
    node: Node, said: Mapping[Position, Node], texts: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, FilledText]]:
    if isinstance(node, Scalar):  # a text alone is the description, of a scope its name too
        found = filled_text(said.get(node.position), node)
        short = [each for key in ("displayName", "description") for each in texts[key]]
        of = short if texts is _SCOPE else texts["description"]
        yield from ((each, found) for each in of if found is not None)
        return
    for key, names in texts.items():
        now = node.node(key) if isinstance(node, Map) else None
        found = filled_text(said.get(now.position), now) if now is not None else None
        if now is not None:
            yield from ((each, found) for each in names if found is not None)


def every(filled: FilledEntries) -> Iterable[FilledText]:
    """Return each filled text once, in the order of the manifest."""
    return {text: None for entry in filled.values() for text in entry.values()}


def shown(each: FieldChange, filled: FilledEntries, plain: Callable[[Any], Any]) -> list[Any]:
    """Return all that becomes of a collection; how an entry is summed up is said by its fields."""

    def value(entry: str, key: str, now: Any) -> Any:
        text = filled.get(entry, {}).get(key)
        return {"of": text[1]} if text is not None and text[2] == now else plain(now)

    after: Any = each.after or ()
    items = [
        [
            item.sign,
            item.label,
            [str(note) for note in item.notes],
            [[one.path, plain(one.before), value(item.label, one.path, one.after)] for one in item.fields],
        ]
        for item in each.items
    ]
    whole = [{key: value(one["value"] or "", key, now) for key, now in one.items()} for one in after]
    return [each.path, plain(each.before), whole, items]


FilledBefore = Mapping[Position, tuple[FilledText, ...]]
_Path = tuple[str, ...]


def filled_before(now: Map, then: Map, said: Mapping[Position, Node]) -> FilledBefore:
    """Return the texts that were filled; `said` is what the files said then, unfilled, by place of then.

    Where one place of now is of several paths (an alias of YAML), nothing is known of it.
    """
    before = {path: tuple(_list_texts(node, said)) for path, _, node in _list_places(then, ())}
    found: dict[Position, tuple[FilledText, ...]] = {}
    several: set[Position] = set()
    for path, places, _ in _list_places(now, ()):
        for place in places:
            if place in found:
                several.add(place)
            found[place] = tuple((place, *text[1:]) for text in before.get(path, ()))
    return {place: texts for place, texts in found.items() if texts and place not in several}


def _list_places(node: Map, path: _Path) -> Iterator[tuple[_Path, set[Position], Node]]:
    """Yield what is no map, with its path and where its key and it stand."""
    for key, entry in node.entries.items():
        if isinstance(entry.node, Map):
            yield from _list_places(entry.node, (*path, key))
        else:
            yield (*path, key), {entry.position, entry.node.position}, entry.node


def _list_texts(node: Node, said: Mapping[Position, Node]) -> Iterator[FilledText]:
    for each in node.items if isinstance(node, Items) else (node,):
        text = filled_text(said.get(each.position), each)
        if text is not None:
            yield text
