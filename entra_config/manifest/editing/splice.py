"""Write a changed tree into the text of its YAML file, and leave everything else as it is, to the letter.

Dumping a changed tree again would lose the spacing of flow maps and the folds of long lines, and a pull
request would show lines that nobody changed.

An anchor and its aliases are one text with several meanings. Where all of them change alike, the text of the
anchor changes. Where an alias is to mean something else than its anchor, its value is written out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from entra_config.errors import ManifestError, UsageError
from entra_config.manifest.editing import spans
from entra_config.manifest.editing.spans import Child, Span, begin_of_line
from entra_config.manifest.editing.trees import Block, flow, format_scalar, has_block, name_in_text
from entra_config.manifest.reading import yaml
from entra_config.manifest.reading.node import to_data

_BOM = "\ufeff"
_COMMA = re.compile(r"\s*,[ \t]*")
_REST_OF_LINE = re.compile(r"[ \t]*,?[ \t]*(?:#[^\n]*)?(?:\n|\Z)|[ \t]*,?[ \t]*\r\n")
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+")

Tree = dict[str, Any]


def rewrite(text: str, wanted: Tree, file: str) -> str:
    """Return the text of a file with the smallest change after which it means `wanted`."""
    old = meaning(text, file)
    if same(old, wanted):
        return text
    if text.startswith(_BOM):
        return _BOM + rewrite(text.removeprefix(_BOM), wanted, file)
    edits = _Edits(text, file)
    root = spans.read(text)
    if root is None:
        edits.append_lines([line for key, value in wanted.items() for line in entry_lines(key, value)])
    else:
        edits.write(root, old, wanted)
        edits.settle_aliases()
    new = edits.apply()
    try:
        written = meaning(new, file) if new is not None else None
    except ManifestError:
        written = None
    if new is None or not same(written, wanted):
        raise UsageError(
            f"{file}:{edits.first_line}: the change cannot be written here without changing something else; "
            "edit this place by hand"
        )
    return new


def read_block(text: str, path: Sequence[str | int]) -> list[str]:
    """Return the lines of an entry or item as they are written, with the comments right above it, moved to
    the left edge. Aliases in it are written out, as their anchors may be elsewhere.
    """
    text = text.removeprefix(_BOM)
    root, old = spans.read(text), meaning(text, "")
    assert root is not None
    span, child, dash = root, None, ""
    for name in path:
        span = span.target or span
        dash = "- " if span.flow and isinstance(name, int) else ""
        child = span.children[name if isinstance(name, int) else list(old).index(name)]
        span, old = child.value, old[name]
    assert child is not None
    edits = _Edits(text, "")
    edits.write_out(child.value, old)
    start = begin_of_line(text, child.start)
    column = child.start - start
    if text[start : child.start].strip():
        start, end, column = child.start, child.end, 0
    else:
        start, end = edits.comments_above(start, column), edits.end_of_line(child.end)
    lines = edits.apply_within(start, end).splitlines()
    lines[0] = dash + lines[0]
    return [line[column:] if not line[:column].strip() else line for line in lines]


def entry_lines(key: str, value: Any) -> list[str]:
    """Return the lines of a new entry: in flow style, or as it is written elsewhere."""
    if isinstance(value, Block):
        return list(value.lines)
    if has_block(value):
        below = [line for name, inner in value.items() for line in entry_lines(name, inner)]
        return [f"{format_scalar(key)}:", *(f"  {line}" if line else line for line in below)]
    return [f"{format_scalar(key)}: {flow(value)}"]


def item_lines(item: Any) -> list[str]:
    """Return the lines of a new item: in flow style, or as it is written elsewhere."""
    return list(item.lines) if isinstance(item, Block) else [f"- {flow(item)}"]


def same(one: Any, other: Any) -> bool:
    """Return True if two trees are equal; 1, 1.0 and true are three values."""
    if isinstance(other, Block):
        return same(one, other.value)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and repr(one) == repr(other)


def meaning(text: str, file: str) -> Any:
    """Return the tree that a text means; an empty one means an empty map."""
    node = yaml.read(text, file)
    return to_data(node) if node is not None else {}


class _Edits:
    """Replacements of parts of a text, all at places of the text as it was."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._newline = "\r\n" if "\r\n" in text else "\n"
        self._edits: list[tuple[int, int, str]] = []
        self._wanted: dict[int, Any] = {}  # of each anchored value that stays, by its start
        self._aliases: list[tuple[Span, Any, Any]] = []

    @property
    def first_line(self) -> int:
        """Return the line of the first change."""
        return self._line(min(start for start, _, _ in self._edits))

    def _line(self, place: int) -> int:
        return self._text.count("\n", 0, place) + 1

    def apply(self) -> str | None:
        """Return the changed text; None where two changes overlap."""
        self._edits.sort(key=lambda edit: edit[:2])
        parts, place = [], 0
        for start, end, new in self._edits:
            if start < place:
                return None
            parts += [self._text[place:start], new]
            place = end
        return "".join([*parts, self._text[place:]])

    def apply_within(self, start: int, end: int) -> str:
        """Return a part of the text with the changes in it."""
        self._edits += [(0, start, ""), (end, len(self._text), "")]
        changed = self.apply()
        assert changed is not None
        return changed

    def append_lines(self, lines: Sequence[str]) -> None:
        """Add lines at the end of a file that has no values."""
        kept = self._text.rstrip()
        begin = self._newline if kept else ""
        new = begin + self._newline.join(lines) + self._newline
        self._edits.append((len(kept), len(self._text), new))

    def write(self, span: Span, old: Any, new: Any) -> None:
        """Change a value, and remember what its anchor or its alias is to mean."""
        if span.anchor:
            self._wanted[span.start] = new
        if span.kind == "alias":
            self._aliases.append((span, old, new))
        elif span.kind == "map" and isinstance(new, dict) and span.children:
            self._write_map(span, old, new)
        elif span.kind == "list" and isinstance(new, list) and span.children:
            self._write_list(span, old, new)
        elif not same(old, new):
            self._replace(span, new)

    def write_out(self, span: Span, old: Any) -> None:
        """Write aliases below a value out, and remove its anchors."""
        for leaf in span.leaves():
            if leaf.anchor:
                self._remove_anchor(leaf)
        self.write(span, old, old)
        for alias, value, _ in self._aliases:
            self._edits.append((alias.start, alias.end, flow(value)))

    def settle_aliases(self) -> None:
        """Write an alias out where it is to mean something else than its anchor, which may be removed.

        If several aliases are to mean the same, and none of them what the anchor does, the first one becomes
        the anchor.
        """
        by_target: dict[int, list[tuple[Span, Any]]] = {}
        for alias, _, new in self._aliases:
            assert alias.target is not None
            by_target.setdefault(alias.target.start, []).append((alias, new))
        for start, aliases in by_target.items():
            left = [
                (alias, new)
                for alias, new in aliases
                if start not in self._wanted or not same(self._wanted[start], new)
            ]
            anchor = ""
            if len(left) == len(aliases) > 1 and all(same(new, left[0][1]) for _, new in left):
                target = left[0][0].target
                assert target is not None
                if start in self._wanted:
                    self._remove_anchor(target)
                anchor, left = f"&{target.anchor} ", left[:1]
            self._edits += [(alias.start, alias.end, f"{anchor}{flow(new)}") for alias, new in left]

    def _remove_anchor(self, span: Span) -> None:
        match = _ANCHOR.search(self._text, span.start)
        assert match is not None
        end = match.end()
        if self._text[end : end + 1] == " ":
            end += 1
        self._edits.append((match.start(), end, ""))

    def _write_map(self, span: Span, old: Tree, new: Tree) -> None:
        kept = {name: key for key in new if (name := name_in_text(key)) in old}
        renamed = set(kept.values())
        added = {key: value for key, value in new.items() if key not in renamed}
        removed = [index for index, name in enumerate(old) if name not in kept]
        if len(removed) == len(span.children):
            self._empty(span, new, removed)
            return
        for child, (name, value) in zip(span.children, old.items(), strict=True):
            if name in kept:
                assert child.key is not None
                self.write(child.key, name, str(kept[name]))
                self.write(child.value, value, new[kept[name]])
        self._remove(span, removed)
        last = max(index for index in range(len(span.children)) if index not in removed)
        if added and span.flow:
            if has_block(added):
                raise UsageError(
                    f"{self._file}:{self._line(span.start)}: the map is written in braces, and "
                    "lines with comments cannot be added in braces; write it line by line first"
                )
            end = span.children[last].end
            entries = "".join(f", {line}" for key, value in added.items() for line in entry_lines(key, value))
            self._edits.append((end, end, entries))
        elif added:
            lines = [line for key, value in added.items() for line in entry_lines(key, value)]
            self._insert_lines(span, last, lines)

    def _write_list(self, span: Span, old: list[Any], new: list[Any]) -> None:
        if not new:
            self._empty(span, new, list(range(len(old))))
            return
        before, after = (
            [json.dumps(item, sort_keys=True, default=flow) for item in items] for items in (old, new)
        )
        removed: list[int] = []
        added: dict[int, list[Any]] = {}
        pairs: list[tuple[int, int]] = []
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for _, start, end, first, last in matcher.get_opcodes():
            pairs += zip(range(start, end), range(first, last), strict=False)
            removed += range(start + last - first, end)
            if last - first > end - start:
                added[end - 1] = new[first + end - start : last]
        if -1 in added or any(index in removed for index in added):
            self._replace(span, new)
            return
        for index, other in pairs:
            self.write(span.children[index].value, old[index], new[other])
        self._remove(span, removed)
        for index, items in added.items():
            if span.flow:
                end = span.children[index].end
                self._edits.append((end, end, "".join(f", {flow(item)}" for item in items)))
            else:
                self._insert_lines(span, index, [line for item in items for line in item_lines(item)])

    def _replace(self, span: Span, new: Any) -> None:
        """Write a value in flow style where another one is."""
        if has_block(new):
            indent = " " * (self._column_of_key(span) + 2)
            lines = [line for key, value in new.items() for line in entry_lines(key, value)]
            value = "".join(f"{self._newline}{indent}{line}".rstrip(" ") for line in lines)
            self._edits.append((span.lead, span.end, value))
            return
        value = flow(new)
        if isinstance(new, str) and span.kind == "scalar":
            value = self._in_its_quotes(span, new)
        if span.bare:
            self._edits.append((span.end, span.end, f": {value}"))
            return
        start = span.content if span.flow else span.lead
        gap = self._text[start : span.content]
        if "#" in gap:
            self._edits += [(start, start, f" {value}"), (start + len(gap.rstrip()), span.end, "")]
            return
        space = " " if self._text[start - 1 : start] not in {"", " ", "\n", "[", "{", ",", "\t"} else ""
        self._edits.append((start, max(span.end, start), space + value))

    def _in_its_quotes(self, span: Span, new: str) -> str:
        quote = self._text[span.content : span.content + 1]
        if quote == '"':
            return json.dumps(new, ensure_ascii=False)
        if quote == "'" and new.isprintable():
            return "'" + new.replace("'", "''") + "'"
        return format_scalar(new)

    def _column_of_key(self, span: Span) -> int:
        line = self._text[begin_of_line(self._text, span.lead) :]
        return len(line) - len(line.lstrip(" "))

    def _empty(self, span: Span, new: Any, removed: list[int]) -> None:
        """Remove all children of a map or list; an empty one is written where its key is."""
        first = span.children[0].start
        if span.flow or new or self._text[begin_of_line(self._text, first) : first].strip():
            self._replace(span, new)
            return
        if not span.root:
            self._edits.append((span.lead, span.lead, f" {flow(new)}"))
        self._remove(span, removed)

    def _remove(self, span: Span, removed: Sequence[int]) -> None:
        """Remove children: complete lines with the comments about them, or what is between commas."""
        last = max((index for index in range(len(span.children)) if index not in removed), default=-1)
        cursor = span.content
        for index in removed:
            child = span.children[index]
            following = span.children[index + 1] if index + 1 < len(span.children) else None
            begin = begin_of_line(self._text, child.start)
            rest = _REST_OF_LINE.match(self._text, child.end)
            if not self._text[begin : child.start].strip() and rest is not None:
                column = child.start - begin
                start, end = self.comments_above(begin, column), self._comments_below(rest.end(), column)
            elif span.flow and index > last >= 0:
                previous = span.children[index - 1].end
                start, end = max(cursor, previous), child.end
                if "#" in self._text[start : child.start]:
                    start = child.start
            else:
                start, end = child.start, self._end_of_cut(span, child, following, removed, index)
            self._edits.append((start, end, ""))
            cursor = end

    def _end_of_cut(
        self, span: Span, child: Child, following: Child | None, removed: Sequence[int], index: int
    ) -> int:
        """Return where the part ends that a child has of a line which others are in, too."""
        if following is not None and (span.flow or index + 1 not in removed):
            if "#" not in self._text[child.end : following.start]:
                return following.start
            comma = _COMMA.match(self._text, child.end)
            return comma.end() if comma else child.end
        newline = self._text.find("\n", child.end)
        return child.end if span.flow or newline < 0 else newline

    def _insert_lines(self, span: Span, after: int, lines: Sequence[str]) -> None:
        """Add lines below a child, at its column."""
        child = span.children[after]
        column = span.children[0].start - begin_of_line(self._text, span.children[0].start)
        indent = " " * column
        text = "".join(f"{indent}{line}".rstrip(" ") + self._newline for line in lines)
        end = self.end_of_line(child.end)
        if not self._text[child.end : end].endswith("\n"):
            text = self._newline + text
        self._edits.append((end, end, text))

    def comments_above(self, start: int, column: int) -> int:
        """Return where the comments begin that are right above a line, at its column: they are about it."""
        while start and _column_of_comment(self._text[(above := self._line_above(start)) : start]) == column:
            start = above
        return start

    def _line_above(self, start: int) -> int:
        return begin_of_line(self._text, start - 1)

    def _comments_below(self, start: int, column: int) -> int:
        """Return where the comments end that are right below an entry, further in than its column."""
        while _column_of_comment(self._text[start : (after := self.end_of_line(start))]) > column:
            start = after
        return start

    def end_of_line(self, place: int) -> int:
        """Return where the line below a place begins, which may be the end of the text."""
        newline = self._text.find("\n", place)
        return len(self._text) if newline < 0 else newline + 1


def _column_of_comment(line: str) -> int:
    """Return the column of a comment that is alone on its line; -1 where there is none."""
    text = line.lstrip(" ")
    return len(line) - len(text) if text.startswith("#") else -1
