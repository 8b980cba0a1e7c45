"""Small changes to the text of a YAML file, at places that its parser gives: everything else stays as it is,
to the letter.

Dumping a changed tree again would lose the spacing of flow maps and the folds of long lines, and a pull
request would show lines that nobody changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from yaml import MappingNode, ScalarNode, SequenceNode, YAMLError

from entra_config.errors import UsageError
from entra_config.manifest.reading import yaml

_PLAIN = re.compile(r"[\w@](?:[\w @./()'-]*[\w.)])?")
# What may stand between a key and its colon.
_COLON = re.compile(r"\s*:")

Path = Sequence[str]


class Document:
    """The text of one YAML file, changed step by step."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._newline = "\r\n" if "\r\n" in text else "\n"

    def has(self, path: Path) -> bool:
        """Tell whether a key path is there."""
        return self._find(path) is not None

    def rename(self, path: Path, key: str) -> None:
        """Give the last key of a path another name."""
        found = self._find(path)
        assert found is not None
        self._replace(found[0].start_mark.index, found[0].end_mark.index, quoted(key))

    def replace(self, path: Path, value: str) -> None:
        """Put a value in flow style where another one stands."""
        found = self._find(path)
        assert found is not None
        key, node = found
        if colon := _COLON.match(self.text, key.end_mark.index):
            self._replace(colon.end(), max(self._end(node), colon.end()), f" {value}")
        else:
            # In braces a key may stand alone.
            self._replace(key.end_mark.index, key.end_mark.index, f": {value}")

    def insert(self, path: Path, value: str) -> None:
        """Add the last key of a path, with a value in flow style; maps above that are missing are made."""
        *above, key = path
        depth = len(above)
        while depth and not self.has(above[:depth]):
            depth -= 1
        if depth < len(above):
            missing = above[depth + 1 :]
            for name in (key, *reversed(missing)):
                value = f"{{ {quoted(name)}: {value} }}"
            key = above[depth]
        self._insert_entry(above[:depth], key, value)

    def block(self, path: Path) -> list[str]:
        """Return the lines of an entry as they are written, with the comments right above it, moved to the
        left edge.
        """
        found = self._find(path)
        assert found is not None
        key, node = found
        start = self._begin(key.start_mark.index)
        indent = key.start_mark.column
        if self.text[start : key.start_mark.index].strip():
            # Inside of a flow map: it becomes an entry of its own.
            return [self.text[key.start_mark.index : self._entry_end(key, node)]]
        start = self._with_comments_above(start, indent)
        lines = self.text[start : self._after(self._entry_end(key, node))].splitlines()
        return [line[indent:] if not line[:indent].strip() else line for line in lines]

    def insert_block(self, path: Path, lines: Sequence[str]) -> None:
        """Add an entry as it is written elsewhere; the map above it is made where it is missing."""
        *above, _ = path
        parent = self._node(above)
        if not isinstance(parent, MappingNode) or parent.flow_style:
            if isinstance(parent, MappingNode) and parent.value:
                raise UsageError(
                    f"`{'.'.join(above)}` is written in braces there: write it line by line first"
                )
            if self.has(above):
                self.remove(above)
            begin = "" if not self.text.strip() else self.text.rstrip() + self._newline
            heads = [f"{'  ' * depth}{quoted(name)}:" for depth, name in enumerate(above)]
            self.text = (
                begin
                + self._newline.join([*heads, *("  " * len(above) + line for line in lines)])
                + self._newline
            )
            return
        column = parent.value[0][0].start_mark.column
        for line in reversed(lines):
            self._insert_line(self._end(parent), column, line)

    def remove(self, path: Path) -> None:
        """Take out the last key of a path."""
        parent = self._node(path[:-1])
        assert isinstance(parent, MappingNode)
        index = next(i for i, (key, _) in enumerate(parent.value) if key.value == path[-1])
        if len(parent.value) == 1:
            self.replace(path[:-1], "{}") if path[:-1] else self._replace(0, len(self.text), "")
            return
        spans = [(key.start_mark.index, self._entry_end(key, node)) for key, node in parent.value]
        self._take_out(spans, index, flow=bool(parent.flow_style))

    def add_item(self, path: Path, text: str) -> None:
        """Add a value, as YAML on one line, at the end of a list."""
        node = self._node(path)
        if not isinstance(node, SequenceNode) or not node.value:
            self.replace(path, f"[{text}]")
        elif node.flow_style:
            end = self._end(node.value[-1])
            self._replace(end, end, f", {text}")
        else:
            self._insert_line(self._end(node.value[-1]), node.start_mark.column, f"- {text}")

    def remove_item(self, path: Path, item: str) -> None:
        """Take a text out of a list, or the map that has it as its name."""
        node = self._node(path)
        assert isinstance(node, SequenceNode)
        self.remove_at(path, next(i for i, entry in enumerate(node.value) if _named(entry, item) is not None))

    def remove_at(self, path: Path, index: int) -> None:
        """Take what stands at a place out of a list, a text or a map."""
        node = self._node(path)
        assert isinstance(node, SequenceNode)
        if len(node.value) == 1:
            self.replace(path, "[]")
            return
        spans = [(entry.start_mark.index, self._end(entry)) for entry in node.value]
        if not node.flow_style:
            spans = [(self.text[:start].rindex("-"), end) for start, end in spans]
        self._take_out(spans, index, flow=bool(node.flow_style))

    def replace_item(self, path: Path, item: str, new: str) -> None:
        """Put another text in the place of one in a list."""
        node = self._node(path)
        assert isinstance(node, SequenceNode)
        entry = next(found for each in node.value if (found := _named(each, item)) is not None)
        self._replace(entry.start_mark.index, self._end(entry), quoted(new))

    def _node(self, path: Path) -> Any:
        if not path:
            return self._compose()
        found = self._find(path)
        return found[1] if found else None

    def _compose(self) -> Any:
        try:
            return yaml.composed(self.text)
        except YAMLError as error:
            # It was YAML before: what was taken out is named elsewhere by its anchor.
            raise UsageError(
                f"cannot be edited here: {getattr(error, 'problem', error)}; edit it by hand"
            ) from error

    def _find(self, path: Path) -> tuple[Any, Any] | None:
        node = self._compose()
        found = None
        for name in path:
            if not isinstance(node, MappingNode):
                return None
            found = next(((key, value) for key, value in node.value if key.value == name), None)
            if found is None:
                return None
            node = found[1]
        return found

    def _entry_end(self, key: Any, node: Any) -> int:
        """Return where an entry ends: on the line of its key at least, as an alias means what ends above."""
        return max(self._end(node), int(key.end_mark.index))

    def _end(self, node: Any) -> int:
        """Return where a value ends: before the line ends that follow it, and the comments."""
        if isinstance(node, ScalarNode) or node.flow_style:
            return len(self.text[: node.end_mark.index].rstrip("\r\n"))
        last = node.value[-1]
        return self._entry_end(*last) if isinstance(node, MappingNode) else self._end(last)

    def _insert_entry(self, path: Path, key: str, value: str) -> None:
        entry = f"{quoted(key)}: {value}"
        node = self._node(path)
        if not isinstance(node, MappingNode) or not node.value:
            if path:
                self.replace(path, f"{{ {entry} }}")
            else:
                self.text = (
                    f"{self.text.rstrip()}{self._newline if self.text.strip() else ''}{entry}{self._newline}"
                )
        elif node.flow_style:
            end = self._end(node.value[-1][1])
            self._replace(end, end, f", {entry}")
        else:
            first = node.value[0][0]
            self._insert_line(self._end(node), first.start_mark.column, entry)

    def _insert_line(self, after: int, column: int, line: str) -> None:
        newline = self.text.find("\n", after)
        if newline == -1:
            self.text += f"{self._newline}{' ' * column}{line}{self._newline}"
            return
        self._replace(newline + 1, newline + 1, f"{' ' * column}{line}{self._newline}")

    def _take_out(self, spans: Sequence[tuple[int, int]], index: int, *, flow: bool) -> None:
        start, end = spans[index]
        if flow and index + 1 < len(spans):
            self._replace(start, spans[index + 1][0], "")
        elif flow:
            self._replace(spans[index - 1][1], end, "")
        else:
            begin = self._begin(start)
            after = self._with_comments_inside(self._after(end), start - begin)
            self._replace(self._with_comments_above(begin, start - begin), after, "")

    def _with_comments_above(self, start: int, column: int) -> int:
        """Return where the comments begin that stand right above a line, at its column: they are about
        what it begins.
        """
        while _comment(self.text[(above := self._begin(start - 1)) : start]) == column:
            start = above
        return start

    def _with_comments_inside(self, start: int, column: int) -> int:
        """Return where the comments end that stand right below an entry, further in than its column."""
        while _comment(self.text[start : (after := self._after(start))]) > column:
            start = after
        return start

    def _begin(self, place: int) -> int:
        """Return where the line of a place begins."""
        return self.text[:place].rfind("\n") + 1

    def _after(self, place: int) -> int:
        """Return where the line below a place begins, which may be the end of the text."""
        line, end, _ = self.text[place:].partition("\n")
        return place + len(line + end)

    def _replace(self, start: int, end: int, new: str) -> None:
        self.text = self.text[:start] + new + self.text[end:]


def _comment(line: str) -> int:
    """Return the column that a line's comment begins at where there is nothing else in it; -1 otherwise."""
    text = line.lstrip(" ")
    return len(line) - len(text) if text.startswith("#") else -1


def _named(entry: Any, item: str) -> Any:
    """Return what of an entry says this text: itself, or its name or id where it is a map; None where it does
    not.
    """
    if not isinstance(entry, MappingNode):
        return entry if entry.value == item else None
    words = (value for key, value in entry.value if key.value in {"name", "id"})
    return next((word for word in words if word.value == item), None)


def quoted(text: str) -> str:
    """Return a text as a YAML scalar that is safe in flow style."""
    if _PLAIN.fullmatch(text) and isinstance(yaml.scalar(text), str):
        return text
    return json.dumps(text, ensure_ascii=False)
