"""Read the files that a manifest names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a manifest may name: all below the folder of its root file."""

    root: Path

    def read(self, name: str, named_in: str, noun: str, most: int) -> bytes | str:
        """Return the bytes of a file, or what is wrong with it. `named_in` is the file that names it, `noun`
        says what such files are, and `most` is how many KB Graph takes.
        """
        path = Path(named_in).parent / name
        if Path(name).is_absolute() or not path.resolve().is_relative_to(self.root.parent.resolve()):
            return f"`{name}`: {noun} stand below the root file's folder, named relative to this file"
        try:
            if not path.is_file():
                return f"`{path}` cannot be read: no such file"
            if path.stat().st_size > most << 10:
                return f"`{path}` is larger than {most} KB, which is all that Graph takes"
            return path.read_bytes()
        except (OSError, ValueError) as error:
            return f"`{path}` cannot be read: {getattr(error, 'strerror', None) or 'no such path'}"
