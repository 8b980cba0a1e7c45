"""A CODEOWNERS file, and what a pipeline's repository must guard, in; the file with a block of lines that
guard it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from entra_config import characters

# GitHub reads the first of these that is there.
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
BEGIN = (
    "# entra-config: begin. `bootstrap` writes these lines, last, as the last line that fits a file "
    "decides; owners stay."
)
END = "# entra-config: end"
_PATTERN = re.compile(r"((?:\\.|[^\s\\])+)((?:\s+[^\s#]\S*)*)\s*(?:#.*)?")
# What a pattern of CODEOWNERS cannot say.
_UNSAYABLE = re.compile(r"[\[\]!*?#\\\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Guarded:
    """Something below the repository's root that needs an owner, and what a `mayDeclare` lets it declare."""

    path: str
    declares: tuple[str, ...] = ()

    @property
    def pattern(self) -> str:
        """Return it as CODEOWNERS says it."""
        return "/" + self.path.replace(" ", "\\ ")


def guarded(manifests: str, pipeline: str, path_restrictions: Mapping[str, Iterable[str]]) -> list[Guarded]:
    """Return what is guarded: workflows, owners, the pipeline, the manifest with its lock files; then each
    restricted file by itself.

    `path_restrictions` are the keys that a file may declare, by its path below the repository's root.
    """
    folders = [Guarded(f"{each}/") for each in (".github", pipeline, manifests)]
    # Wherever this file stands: who may change or shadow it without an owner's word guards nothing.
    folders += [Guarded(each) for each in PLACES if not each.startswith(".github/")]
    files = [
        Guarded(path, tuple(keys))
        for path, keys in sorted(path_restrictions.items())
        if not _UNSAYABLE.search(path)
    ]
    return [*folders, *files]


def owners(text: str, pattern: str) -> tuple[str, ...]:
    """Return whom the block names for a pattern."""
    return _lines(_block(text)).get(pattern, ())


def written(text: str, guards: Sequence[Guarded], default: Sequence[str]) -> str:
    """Return a file with the block at its end; whoever owns a line already stays, all others are `default`'s.

    The last line that fits decides, so the block repeats what the lines before it say below what it guards.
    """
    rest = _without_block(text).rstrip()
    patterns, block = _lines(rest), _lines(_block(text))
    kept = patterns | block
    rows = [(each, kept.get(each.pattern) or tuple(default)) for each in guards]
    known = {each.pattern for each in guards}
    folders = tuple(pattern for pattern in known if pattern.endswith("/"))
    below = [pattern for pattern in patterns if pattern.startswith(folders) and pattern not in known]
    rows += [(Guarded(pattern[1:].replace("\\ ", " ")), kept[pattern]) for pattern in below]
    width = max(len(each.pattern) for each, _ in rows)
    lines = [BEGIN]
    for each, names in rows:
        note = f"   # {characters.printed(', '.join(each.declares))}" if each.declares else ""
        lines.append(f"{each.pattern:<{width}} {' '.join(names)}{note}")
    return (f"{rest}\n\n" if rest else "") + "\n".join([*lines, END]) + "\n"


def _block(text: str) -> str:
    _, begun, rest = text.partition(BEGIN)
    block, ended, _ = rest.partition(END)
    return block if begun and ended else ""


def _without_block(text: str) -> str:
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    # Without its end nobody knows how much is ours: what stands there stays.
    left = after if ended else rest
    return f"{before.rstrip()}\n{left.lstrip()}".lstrip() if begun else text


def _lines(block: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for line in block.splitlines():
        if (match := _PATTERN.fullmatch(line.strip())) and not line.lstrip().startswith("#"):
            # A path with a slash within is one below the root, with a slash before it or not.
            anchored = "/" in match[1].rstrip("/") and not match[1].startswith(("/", "**"))
            found[f"/{match[1]}" if anchored else match[1]] = tuple(match[2].split())
    return found
