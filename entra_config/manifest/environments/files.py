"""The patterns of `files:` and `tests:` in; the files that they name, and what each may declare, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from entra_config.characters import invisible
from entra_config.errors import Position
from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.root_records import FILE
from entra_config.manifest.reading.node import Entry, Map
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader


def named(
    root: Map,
    root_path: Path,
    reader: Reader,
    section: str = "files",
    *,
    contents: Mapping[Path, str] = MappingProxyType({}),
) -> dict[Path, list[PathRestriction]]:
    """Return the files that `files` or `tests` names, each with the restrictions of its entries."""
    found: dict[Path, list[PathRestriction]] = {}
    for node in reader.items(root.node(section), section):
        plain = {"path": Entry("path", node.position, node)}
        entry = node if isinstance(node, Map) else Map(plain, node.position)
        fields = bind(entry, "path", FILE, reader, noun=f"an entry of `{section}`")
        where = fields.node("path")
        if where is None:
            reader.problems.add(node.position, "`path` is missing: the files that this entry names")
            continue
        path_restrictions = [PathRestriction.read(fields, reader)] if "mayDeclare" in fields else []
        for file in matching(root_path, fields["path"], where.position, reader.problems, contents):
            found.setdefault(file, []).extend(path_restrictions)
    return found


def matching(
    root_path: Path,
    pattern: str | None,
    position: Position,
    problems: Problems,
    contents: Mapping[Path, str] = MappingProxyType({}),
) -> Iterator[Path]:
    """Yield the files below the root file's folder that a pattern matches; what is wrong is noted."""
    if not pattern:
        return
    folder = root_path.parent
    parts = Path(pattern).parts
    if Path(pattern).is_absolute() or ".." in parts:
        problems.add(position, f"`{pattern}`: paths are relative to the root file and stay below its folder")
        return
    try:
        # What is drafted and not written yet is there by its name.
        drafted = {folder / pattern} & contents.keys()
        files = sorted({file for file in folder.glob(pattern) if file.is_file()} | drafted)
    except (ValueError, NotImplementedError, OSError) as error:  # all that `glob` raises for a bad pattern
        problems.add(position, f"`{pattern}` is not a pattern: {error}")
        return
    files = [file for file in files if file != root_path and not file.name.endswith(".lock.yaml")]
    if not files:
        problems.add(position, f"`{pattern}` matches no file below {folder}")
    inside = folder.resolve()
    for file in files:
        # A path restriction and CODEOWNERS go by names: what nobody can read is none.
        if any(map(_unreadable, str(file.relative_to(folder)))):
            problems.add(
                position, f"`{pattern}` matches a file whose name holds what cannot be seen: `{file.name}`"
            )
        elif not file.resolve().is_relative_to(inside):
            problems.add(position, f"`{file}` leads out of {folder}")
        else:
            yield file


def _unreadable(char: str) -> bool:
    return invisible(char) or char == "\\"
