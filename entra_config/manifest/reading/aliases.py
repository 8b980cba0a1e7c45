"""Find the aliases in the text of a YAML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from entra_config.errors import Position
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.yaml import Event

TextPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """An alias, such as `*people`, and where it is."""

    name: str
    position: Position


@dataclass(slots=True)
class Aliases:
    """The aliases of a file, each by the path of keys and indexes where it is.

    The alias of a key has the key twice at the end of its path, that of its value once.
    """

    file: str
    used: dict[TextPath, Alias] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def visit(self, event: Event, events: Iterator[Event], path: TextPath) -> None:
        """Go through one value."""
        if event.kind == "alias":
            self.used[path] = Alias(event.anchor, Position(self.file, event.line, event.column))
            return
        if event.anchor:
            self._keys[event.anchor] = event.text
        if event.kind == "list":
            for index, item in enumerate(_inside(events)):
                self.visit(item, events, (*path, index))
        elif event.kind == "map":
            for key in _inside(events):
                name = self._keys.get(key.anchor, "") if key.kind == "alias" else key.text
                self.visit(key, events, (*path, name, name))
                self.visit(next(events), events, (*path, name))


def read(text: str, file: str) -> Aliases:
    """Return the aliases of a file that can be read."""
    found = Aliases(file)
    events = yaml.events(text)
    for event in events:
        found.visit(event, events, ())
    return found


def _inside(events: Iterator[Event]) -> Iterator[Event]:
    """Yield what begins in a list or map, up to its end."""
    for event in events:
        if event.kind == "end":
            return
        yield event
