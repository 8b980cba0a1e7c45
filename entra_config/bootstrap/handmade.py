"""A file that bootstrap writes and the one that stands there in; the first with what a person added to the
second, and where that is, out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from yaml import CollectionNode, MappingNode, Node, SequenceNode

from entra_config.errors import ManifestError, UsageError
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.node import Node as ReadNode
from entra_config.manifest.reading.node import node_at, to_data

KeyPath = tuple[str, ...]
# A list of this file to which a person adds entries of his own, each with a path.
_FILES = ("files",)


@dataclass(frozen=True, slots=True)
class Merged:
    """The text, and the keys and entries that are in it only because somebody added them."""

    text: str
    kept: tuple[KeyPath, ...] = ()


@dataclass(slots=True)
class _Merge:
    """What is added: lines of the old text, by the line of the new one before which they go."""

    old: str
    gone: Callable[[KeyPath], bool]
    kept: list[KeyPath] = field(default_factory=list)
    added: list[tuple[int, int, list[str]]] = field(default_factory=list)

    def map(self, new: MappingNode, old: MappingNode, path: KeyPath) -> None:
        """Add what a map has and the new one has not."""
        known = {key.value: value for key, value in new.value}
        for number, (key, value) in enumerate(old.value):
            here = (*path, str(key.value))
            if key.value not in known:
                if not self.gone(here):
                    self._keep(here, new, old, number)
            elif isinstance(value, MappingNode) and isinstance(known[key.value], MappingNode):
                self.map(known[key.value], value, here)
            elif here == _FILES:
                self._files(known[key.value], value)

    def _files(self, new: Node, old: Node) -> None:
        assert isinstance(new, SequenceNode)
        if not isinstance(old, SequenceNode):
            return
        known = {_path(each) for each in new.value}
        for number, each in enumerate(old.value):
            if _path(each) not in known:
                self._keep((*_FILES, str(_path(each))), new, old, number)

    def _keep(self, path: KeyPath, new: CollectionNode, old: CollectionNode, number: int) -> None:
        """Add one child of a collection to another, as it stands."""
        if new.flow_style:
            raise _unkept(path)
        starts = [each[0] if isinstance(each, tuple) else each for each in old.value]
        last = old.value[number][1] if isinstance(old.value[number], tuple) else old.value[number]
        column, indent = new.start_mark.column, old.start_mark.column
        dash = "- " if isinstance(new, SequenceNode) else ""
        if old.flow_style:
            text = self.old[starts[number].start_mark.index : last.end_mark.index]
            if "\n" in text:
                raise _unkept(path)
            lines = [f"{dash}{text}"]
        else:
            end = starts[number + 1].start_mark.line if starts[number + 1 :] else old.end_mark.line
            lines = self._lines(starts[number].start_mark.line, end, indent)
        self.kept.append(path)
        self.added.append((new.end_mark.line, column, [f"{' ' * column}{each}".rstrip() for each in lines]))

    def _lines(self, start: int, end: int, indent: int) -> list[str]:
        """Return the lines of a child without their indentation: with the comments right above it, without
        those above the next one.
        """
        lines = self.old.splitlines()
        own = " " * indent + "#"
        while start and lines[start - 1].startswith(own):
            start -= 1
        end = min(end, len(lines))
        while end > start and (not lines[end - 1].strip() or _comments(lines[end - 1], indent)):
            end -= 1
        return [line[indent:] for line in lines[start:end]]


def merged(new: str, old: str, gone: Callable[[KeyPath], bool]) -> Merged:
    """Add to a file's new text what a person added to the one that stands there; `gone` are keys that an
    earlier run wrote, and that go.
    """
    fresh, stood = yaml.composed(new), yaml.composed(old)
    if not (isinstance(fresh, MappingNode) and isinstance(stood, MappingNode)):
        return Merged(new)
    merge = _Merge(old, gone)
    merge.map(fresh, stood, ())
    lines = new.splitlines()
    # From the end; what goes to one place comes out as it was found, but what is deeper before all else.
    placed = [(-at, column, -number, text) for number, (at, column, text) in enumerate(merge.added)]
    for place, _, _, added in sorted(placed):
        lines[-place:-place] = added
    text = "".join(f"{line}\n" for line in lines)
    _check(text, old, merge.kept)
    return Merged(text, tuple(merge.kept))


def _check(text: str, old: str, kept: Sequence[KeyPath]) -> None:
    """Refuse where what was kept does not say what it said."""
    if not kept:
        return
    try:
        after, before = yaml.read(text, ""), yaml.read(old, "")
    except ManifestError as error:
        raise _unkept(kept[0]) from error
    for path in kept:
        if path[:-1] != _FILES and _at(after, path) != _at(before, path):
            raise _unkept(path)


def _at(tree: ReadNode | None, path: KeyPath) -> Any:
    found = node_at(tree, *path)
    return to_data(found) if found is not None else None


def _path(node: Node) -> Any:
    """Return the path that an entry of `files` names."""
    if isinstance(node, MappingNode):
        return next((value.value for key, value in node.value if key.value == "path"), None)
    return node.value


def _comments(line: str, indent: int) -> bool:
    bare = line.lstrip()
    return bare.startswith("#") and len(line) - len(bare) <= indent


def _unkept(path: KeyPath) -> UsageError:
    return UsageError(
        f"{'.'.join(path)} of the pipeline's manifest is yours, and cannot be kept where it is: put it into "
        "a file of its own beside it, which `files` names"
    )


def notices(path: str, kept: Sequence[KeyPath]) -> Iterator[str]:
    """Yield a line for each part of a file that stays because a person added it."""
    for each in kept:
        yield f"{path}: {'.'.join(each)} stays: it is not of bootstrap"
