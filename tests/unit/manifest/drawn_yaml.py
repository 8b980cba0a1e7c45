"""Draw YAML texts in any style, and changes of what they mean."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from entra_config.manifest.editing import trees

WORDS = ("alice", "bob@x.example", "Reader", "a b", "'it''s'", '"q: # x"', "12", "true", "~", "''")


class Drawing:
    """One text under construction. Comments are numbered, so that each one can be found again."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._anchors: list[str] = []
        self._open: list[str] = []
        self._comments = 0
        self._names = 0

    def text(self) -> str:
        """Return the text of one file."""
        newline = self.random.choice(("\n", "\n", "\r\n"))
        lines = ["# a file", *self._map("", 0)]
        if self.random.random() < 0.3:
            lines.append("# the end")
        ended = newline if self.random.random() < 0.8 else ""
        bom = "\ufeff" if self.random.random() < 0.2 else ""
        return bom + newline.join(lines) + ended

    def _chance(self, share: float) -> bool:
        return self.random.random() < share

    def _comment(self) -> str:
        self._comments += 1
        return f"# comment {self._comments}"

    def _behind(self) -> str:
        return f"   {self._comment()}" if self._chance(0.2) else ""

    def _key(self) -> str:
        self._names += 1
        name = f"key{self._names}"
        if self._chance(0.05):
            return self._anchored(f'"{name}"')
        return name if self._chance(0.8) else f'"{name}"'

    def _anchored(self, text: str) -> str:
        """Return a complete value with an anchor."""
        name = f"a{len(self._anchors)}"
        self._anchors.append(name)
        return f"&{name} {text}"

    def _begin_anchor(self) -> str:
        """Return the anchor of a value in block style, which no alias inside of it can have."""
        if not self._chance(0.25):
            return ""
        name = f"a{len(self._anchors)}n{self._names}"
        self._open.append(name)
        return f" &{name}"

    def _end_anchor(self, anchor: str) -> None:
        if anchor:
            self._open.remove(anchor[2:])
            self._anchors.append(anchor[2:])

    def _flow(self, depth: int) -> str:
        if self._anchors and self._chance(0.25):
            return f"*{self.random.choice(self._anchors)}"
        kind = self.random.random()
        if depth > 3 or kind < 0.6:
            text = self.random.choice(WORDS)
        elif kind < 0.8:
            inside = [self._flow(depth + 1) for _ in range(self.random.randint(0, 4))]
            text = f"[{', '.join(inside)}]"
        else:
            entries = [f"{self._key()}: {self._flow(depth + 1)}" for _ in range(self.random.randint(0, 3))]
            text = f"{{ {', '.join(entries)} }}" if entries else "{}"
        return self._anchored(text) if self._chance(0.15) else text

    def _map(self, indent: str, depth: int) -> list[str]:
        lines = []
        for _ in range(self.random.randint(1, 4)):
            if self._chance(0.2):
                lines.append(f"{indent}{self._comment()}")
            lines += self._value(f"{indent}{self._key()}:", indent, depth)
            if self._chance(0.1):
                lines.append("")
        return lines

    def _list(self, indent: str, depth: int) -> list[str]:
        lines = []
        for _ in range(self.random.randint(1, 4)):
            if self._chance(0.2):
                lines.append(f"{indent}{self._comment()}")
            if depth < 4 and self._chance(0.2):
                first, *rest = self._map(f"{indent}  ", depth + 1)
                while first.lstrip().startswith("#") or not first.strip():
                    first, *rest = rest
                lines += [f"{indent}- {first.lstrip()}", *rest]
            else:
                lines.append(f"{indent}- {self._flow(depth + 1)}{self._behind()}")
        return lines

    def _value(self, lead: str, indent: str, depth: int) -> list[str]:
        kind = self.random.random()
        if depth > 4 or kind < 0.45:
            return [f"{lead} {self._flow(depth)}{self._behind()}"]
        if kind < 0.5:
            return [f"{lead}{self._behind()}"]
        if kind < 0.56:
            style = self.random.choice(("|", ">", "|-", "|+"))
            return [
                f"{lead} {style}",
                f"{indent}  some",
                f"{indent}  text",
                *([""] if self._chance(0.3) else []),
            ]
        if kind < 0.62:
            items = [f"{indent}  {self._flow(depth + 1)},{self._behind()}" for _ in range(3)]
            return [f"{lead} [", *items, f"{indent}]{self._behind()}"]
        anchor = self._begin_anchor()
        below = indent if kind < 0.7 else f"{indent}  "
        lines = self._list(below, depth + 1) if kind < 0.8 else self._map(f"{indent}  ", depth + 1)
        self._end_anchor(anchor)
        return [f"{lead}{anchor}{self._behind()}", *lines]


def alter(random: Random, tree: dict[str, Any]) -> dict[str, Any]:
    """Return a tree with one to four changes of any kind at any place."""
    tree = copy.deepcopy(tree)
    for _ in range(random.randint(1, 4)):
        places = list(_places(tree))
        if not places:
            tree["new"] = 1
            continue
        path = random.choice(places)
        _alter(random, path[-1])
    return tree


def _places(value: Any) -> Any:
    """Yield each map and list with those above it."""
    if isinstance(value, dict | list):
        yield (value,)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from ((value, *path) for path in _places(inner))


def _alter(random: Random, place: Any) -> None:
    new = random.choice(["x", 7, None, True, 1.5, [], ["y", "z"], {}, {"m": "n"}, "12", "a: #b"])
    if isinstance(place, list):
        if not place or random.random() < 0.4:
            place.append(new)
        elif random.random() < 0.5:
            place.pop(random.randrange(len(place)))
        else:
            place[random.randrange(len(place))] = new
        return
    if not place or random.random() < 0.3:
        place[f"new{random.randrange(1000)}"] = new
        return
    key = random.choice(list(place))
    kind = random.random()
    if kind < 0.35:
        del place[key]
    elif kind < 0.6:
        trees.rename(place, (key,), f"renamed{random.randrange(10000)}")
    else:
        place[key] = new


def extend(random: Random, tree: dict[str, Any]) -> dict[str, Any]:
    """Return a tree with something added to one of its maps or lists."""
    tree = copy.deepcopy(tree)
    place = random.choice(list(_places(tree)))[-1]
    if isinstance(place, list):
        place.append("new item")
    else:
        place["newKey"] = "new value"
    return tree
