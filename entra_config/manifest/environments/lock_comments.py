"""Comments that people wrote into a lock file, carried into its new text: they say why a pin is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.yaml import Event

HEAD = "# Written by `entra-config lock "  # the first line of each lock file
Path = tuple[str, ...]


def carry(before: str, text: str) -> str:
    """Return a new text of a lock file with the comments of the text before it.

    A comment stays with its entry: above it, or behind it. With an entry that is gone its comments go too.
    """
    above, behind, last = _comments(before)
    if not (above or behind or last):
        return text
    places = _places(text)
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        path = places.get(number)
        indent = line[: len(line) - len(line.lstrip())]
        lines += [indent + comment for comment in above.get(path, ())] if path else []
        lines.append(f"{line}  {behind[path]}" if path in behind else line)
    return "\n".join([*lines, *last]) + "\n"


def _comments(text: str) -> tuple[dict[Path, list[str]], dict[Path, str], list[str]]:
    """Return the comments above entries, those behind entries, and those below all of them."""
    places = _places(text)
    lines = text.splitlines()
    above: dict[Path, list[str]] = {}
    behind: dict[Path, str] = {}
    last: list[str] = []
    for position, comment in yaml.comments(text, ""):
        if lines[position.line - 1][: position.column - 1].strip():
            path = places.get(position.line)
            # Behind an appId this tool writes who created the application; the pin has that.
            if path and not (path[0] == "applications" and path[-1] == "appId"):
                behind[path] = comment
            continue
        if comment.startswith(HEAD):
            continue
        below = next((places[n] for n in range(position.line, len(lines) + 1) if n in places), None)
        (last if below is None else above.setdefault(below, [])).append(comment)
    return above, behind, last


def _places(text: str) -> Mapping[int, Path]:
    """Return the entry that begins in each line: the keys that lead to it, with the text of a list's item."""
    places: dict[int, Path] = {}
    events = yaml.events(text)
    for event in events:
        _visit(event, events, (), places)
    return places


def _visit(event: Event, events: Iterator[Event], path: Path, places: dict[int, Path]) -> None:
    if event.kind == "map":
        for key in iter(lambda: next(events), None):
            if key.kind == "end":
                return
            places.setdefault(key.line, (*path, key.text))
            _visit(next(events), events, (*path, key.text), places)
    elif event.kind == "list":
        for item in iter(lambda: next(events), None):
            if item.kind == "end":
                return
            places.setdefault(item.line, (*path, item.text))
            _visit(item, events, (*path, item.text), places)
