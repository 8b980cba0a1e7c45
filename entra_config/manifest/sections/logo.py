"""`logo` of an application in: a file of the manifest; the picture out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from entra_config.manifest.fields import limits
from entra_config.manifest.parts import Logo
from entra_config.manifest.reading.node import Map, is_null
from entra_config.manifest.reading.reader import Reader

# By their first bytes: what a name says is nothing.
TYPES: Mapping[bytes, str] = {
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


def type_of(content: bytes) -> str | None:
    """Return what type of picture bytes are, None of what Graph does not take."""
    return next((type_ for head, type_ in TYPES.items() if content.startswith(head)), None)


def read(fields: Map, root: Path, reader: Reader) -> Logo | None:
    """Return the picture; None where the key is absent, or null."""
    entry = fields.entries.get("logo")
    if entry is None or is_null(entry.node):
        return None
    name = reader.text(entry.node, "logo")
    content = None if name is None else _content(name, entry.node.position.file, root)
    if isinstance(content, str):
        reader.problems.add(entry.node.position, f"`logo`: {content}")
    if not isinstance(content, bytes):
        return None
    type_ = type_of(content)
    if type_ is None:
        reader.problems.add(entry.node.position, f"`logo`: `{name}` is no GIF, JPEG or PNG")
        return None
    return Logo(content, type_, entry.position)


def _content(name: str, file: str, root: Path) -> bytes | str:
    """Return a file's bytes, or what is wrong with it."""
    path = Path(file).parent / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(root.parent.resolve()):
        return f"`{name}`: pictures stand below the root file's folder, named relative to this file"
    try:
        if not path.is_file():
            return f"`{path}` cannot be read: no such file"
        if path.stat().st_size > limits.LARGEST_LOGO << 10:
            return f"`{path}` is larger than {limits.LARGEST_LOGO} KB, which is all that Graph takes"
        return path.read_bytes()
    except (OSError, ValueError) as error:
        return f"`{path}` cannot be read: {getattr(error, 'strerror', None) or 'no such path'}"
