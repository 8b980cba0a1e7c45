"""Keep what a person added to a file that bootstrap writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entra_config.errors import UsageError
from entra_config.manifest.editing import splice, trees

KeyPath = tuple[str, ...]
# A list of this file to which a person adds entries of his own, each with a path.
_FILES = "files"


@dataclass(frozen=True, slots=True)
class Merged:
    """The text, and the keys and entries that are in it only because somebody added them."""

    text: str
    kept: tuple[KeyPath, ...] = ()


def merged(new: str, old: str, gone: Callable[[KeyPath], bool]) -> Merged:
    """Add to a file's new text what a person added to its current one; `gone` are keys that an earlier run
    wrote, and that are removed.
    """
    tree, current = splice.meaning(new, ""), splice.meaning(old, "")
    if not isinstance(current, dict):
        # A list or a text has no keys that could be kept.
        return Merged(new)
    files, others = tree.get(_FILES), current.get(_FILES)
    kept = []
    for path in _added(tree, current):
        if not gone(path):
            trees.put(tree, path, trees.Block(trees.at(current, path), splice.read_block(old, path)))
            new = _written(new, tree, path)
            kept.append(path)
    if isinstance(files, list) and isinstance(others, list):
        known = {_path(each) for each in files}
        for number, each in enumerate(others):
            if _path(each) not in known:
                files.append(trees.Block(each, splice.read_block(old, (_FILES, number))))
                kept.append((_FILES, str(_path(each))))
                new = _written(new, tree, kept[-1])
    return Merged(new, tuple(kept))


def notices(path: str, kept: Sequence[KeyPath]) -> Iterator[str]:
    """Yield a line for each part of a file that stays because a person added it."""
    for each in kept:
        yield f"{path}: {'.'.join(each)} stays: it is not of bootstrap"


def _added(new: Mapping[str, Any], current: Mapping[str, Any], above: KeyPath = ()) -> list[KeyPath]:
    """Return the outermost keys that only the current tree has, below maps that both have."""
    found = []
    for key, value in current.items():
        path = (*above, key)
        if key not in new:
            found.append(path)
        elif isinstance(value, dict) and isinstance(new[key], dict):
            found += _added(new[key], value, path)
    return found


def _written(text: str, tree: Any, path: KeyPath) -> str:
    try:
        return splice.rewrite(text, tree, "")
    except UsageError as error:
        raise UsageError(
            f"{'.'.join(path)} of the pipeline's manifest is yours, and cannot be kept where it is. Move "
            "it into another file of the same folder, and list that file under `files`"
        ) from error


def _path(entry: Any) -> Any:
    """Return the path that an entry of `files` names."""
    return entry.get("path") if isinstance(entry, dict) else entry
