"""The tree of a shard now and the shard as it was in; what `${…}` filled then, by where the same place stands
now, out.

A place is a path of keys: which file says it, and in which line, may have changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entra_config.errors import Position
from entra_config.manifest.reading.node import Items, Map, Node
from entra_fleet.groups.entries import FilledText, filled_text

Then = Mapping[Position, tuple[FilledText, ...]]
_Path = tuple[str, ...]


def filled(now: Map, then: Map, said: Mapping[Position, Node]) -> Then:
    """Return the texts that were filled; `said` is what the files said then, unfilled, by place of then.

    Where one place of now is of several paths (an alias of YAML), nothing is known of it.
    """
    before = {path: tuple(_texts(node, said)) for path, _, node in _places(then, ())}
    found: dict[Position, tuple[FilledText, ...]] = {}
    several: set[Position] = set()
    for path, places, _ in _places(now, ()):
        for place in places:
            if place in found:
                several.add(place)
            found[place] = tuple((place, *text[1:]) for text in before.get(path, ()))
    return {place: texts for place, texts in found.items() if texts and place not in several}


def _places(node: Map, path: _Path) -> Iterator[tuple[_Path, set[Position], Node]]:
    """Yield what is no map, with its path and where its key and it stand."""
    for key, entry in node.entries.items():
        if isinstance(entry.node, Map):
            yield from _places(entry.node, (*path, key))
        else:
            yield (*path, key), {entry.position, entry.node.position}, entry.node


def _texts(node: Node, said: Mapping[Position, Node]) -> Iterator[FilledText]:
    for each in node.items if isinstance(node, Items) else (node,):
        text = filled_text(said.get(each.position), each)
        if text is not None:
            yield text
