"""A path of `settings:` in; what is wrong with it out, or nothing."""

from __future__ import annotations

from pathlib import PurePosixPath

from entra_config.characters import invisible


def unreadable(path: str) -> str:
    """Say what is wrong with a path's letters: whoever reads it in a review or a log must see it as what
    it is, on any system.
    """
    if any(map(invisible, path)):
        return "holds what cannot be seen"
    return "holds a colon: elsewhere that is a drive or a stream" if ":" in path else ""


def outside(path: str) -> str:
    """Say what is wrong with a path: whoever may change the manifest must not choose any file of a
    deployer's machine.
    """
    parts = PurePosixPath(path).parts
    inner = parts[1:] if parts[:1] == ("..",) else parts
    if path.startswith("/") or "\\" in path or ".." in inner:
        return "leads out: write it relative to the root file, and no higher than the folder above it"
    if not inner or any(part.startswith(".") for part in inner):
        return "names a hidden file or folder, or none"
    return ""
