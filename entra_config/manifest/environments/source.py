"""The root file and the files that it names in, one merged tree of nodes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from entra_config.errors import ManifestError, Position, Problem
from entra_config.manifest.environments import files, ignores
from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.environments.shard import Shard
from entra_config.manifest.fields.root import EXPANDING, ROOT, ROOT_ONLY, SHARED
from entra_config.manifest.lint_policy import Ignore
from entra_config.manifest.reading import characters, yaml
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar, describe
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader

ROOT_NAME = "entra-config.yaml"
TESTS = "tests"
EACH = "each"  # of an entry that is one entry for each item of a list
LISTS = "lists"
UNSAID = "tests/*.yaml"  # where access tests stand unless the root file says


@dataclass(frozen=True, slots=True)
class Source:
    """All files of a manifest, merged; no environment chosen yet. `path_restrictions` are those of each file,
    by its path.

    `test_restrictions` are those of files of access tests, `ignores` the comments of all files by which lint
    is silent. `shard` is the tenant of a fleet that the manifest is read for. `locks` keeps each lock file
    that was read, with what is wrong with it.
    """

    path: Path
    tree: Map
    problems: Problems = field(default_factory=Problems)
    path_restrictions: Mapping[str, tuple[PathRestriction, ...]] = field(default_factory=dict)
    ignores: tuple[Ignore, ...] = ()
    test_restrictions: Mapping[str, tuple[PathRestriction, ...]] = field(default_factory=dict)
    shard: Shard | None = None
    locks: dict[Path, tuple[Lock, Problems]] = field(default_factory=dict)

    @property
    def project(self) -> str:
        """Return the project's name."""
        node = self.tree.node("project")
        return str(getattr(node, "value", ""))

    @property
    def environments(self) -> Map:
        """Return the map of environments."""
        node = self.tree.node("environments")
        return node if isinstance(node, Map) else Map(position=Position(str(self.path), 1))

    @property
    def names(self) -> frozenset[str]:
        """Return the names of all environments."""
        return frozenset(self.environments.entries)

    def placed(self, environment: str) -> Shard | None:
        """Return the shard that the manifest is read for, where it is one of this environment."""
        return self.shard if self.shard is not None and self.shard.environment == environment else None


def locate(path: Path) -> Path:
    """Return the root file of a manifest, given that file or its folder."""
    return path / ROOT_NAME if path.is_dir() else path


def read(
    path: Path, *, contents: Mapping[Path, str] = MappingProxyType({}), shard: Shard | None = None
) -> Source:
    """Read the root file and every file that it names; what is wrong is noted in `problems`.

    `contents` stand in for what the disk has; `shard` is the tenant of a fleet that it is read for.
    """
    root_path = locate(path)
    problems = Problems()
    silent: list[Ignore] = []
    root = document(root_path, problems, contents, silent)
    if not root.entries:
        # Of what cannot be read, nothing is missing.
        problems.finish()
    reader = Reader(problems)
    reader.only(root, ROOT.keys, ROOT.noun)
    project = root.node("project")
    if project is None:
        problems.add(
            root.position, "`project` is missing: the name that marks what this manifest owns in the tenant"
        )
    else:
        reader.key(project, "project")
    environments = root.node("environments")
    if environments is None:
        problems.add(root.position, "`environments` is missing: at least one, each with its `tenantId`")
    else:
        named = reader.map(environments, "environments")
        for entry in named.entries.values():
            reader.name(entry, "an environment")
        reader.distinct(named.entries.values(), "an environment")
        if not named.entries:
            problems.add(named.position, "`environments` is empty: at least one, each with its `tenantId`")
    tree = root
    listed = files.named(root, root_path, reader, contents=contents)
    for file, path_restrictions in listed.items():
        partial = document(file, problems, contents, silent)
        _check_partial(partial, reader)
        for path_restriction in path_restrictions:
            path_restriction.check(_without_each(partial), problems)
        tree = merge(tree, partial.without(*ROOT_ONLY), problems)
    # What is wrong with files of access tests is told where they are read.
    tests = _test_files(root, root_path, Reader(Problems()))
    return Source(root_path, tree, problems, _by_path(listed), tuple(silent), _by_path(tests), shard)


def documents(path: Path, *, contents: Mapping[Path, str] = MappingProxyType({})) -> Mapping[Path, Map]:
    """Return every file of a manifest by itself, the root file first."""
    root_path = locate(path)
    problems = Problems()
    root = document(root_path, problems, contents)
    found = {root_path: root}
    named = files.named(root, root_path, Reader(problems), contents=contents)
    found |= {file: document(file, problems, contents) for file in named}
    problems.finish()
    return found


def texts(path: Path) -> Mapping[Path, str]:
    """Return the text of every file of a manifest that can be read, the root file first."""
    root_path = locate(path)
    problems = Problems()
    root = document(root_path, problems, {})
    found = {}
    for file in (root_path, *files.named(root, root_path, Reader(problems))):
        try:
            found[file] = characters.decoded(file.read_bytes(), str(file))
        except (ManifestError, OSError):
            continue
    return found


def access_tests(
    path: Path, *, contents: Mapping[Path, str] = MappingProxyType({})
) -> Mapping[Path, tuple[Map, tuple[PathRestriction, ...]]]:
    """Return every file of access tests with its path restrictions: those that `tests` names, without it
    those of the folder `tests`.
    """
    root_path = locate(path)
    problems = Problems()
    root = document(root_path, problems, contents)
    named = _test_files(root, root_path, Reader(problems))
    if TESTS not in root.entries:
        named |= {file: [] for file in _added(contents, root_path)}
    found = {
        file: (
            document(file, problems, contents, holds="people, groups and tests"),
            tuple(path_restrictions),
        )
        for file, path_restrictions in named.items()
    }
    problems.finish()
    return found


def environments(path: Path, *, contents: Mapping[Path, str] = MappingProxyType({})) -> Map:
    """Return the map of environments, from the root file alone; empty where that cannot be read."""
    root_path = locate(path)
    return Source(root_path, document(root_path, Problems(), contents)).environments


def patterns(path: Path, *, contents: Mapping[Path, str] = MappingProxyType({})) -> tuple[str, ...]:
    """Return the globs of files of access tests."""
    root_path, problems = locate(path), Problems()
    root = document(root_path, problems, contents)
    if TESTS not in root.entries:
        return (UNSAID,)
    items = Reader(problems).items(root.node(TESTS), TESTS)
    named = (item.node("path") if isinstance(item, Map) else item for item in items)
    return tuple(str(node.value) for node in named if isinstance(node, Scalar))


def _added(contents: Mapping[Path, str], root_path: Path) -> Iterator[Path]:
    yield from (
        file for file in contents if file.parent == root_path.parent / TESTS and file.suffix == ".yaml"
    )


def overlay(base: Node, top: Node) -> Node:
    """Return `base` with `top` on it: maps merge, everything else replaces, null included."""
    if not (isinstance(base, Map) and isinstance(top, Map)):
        return top
    merged = dict(base.entries)
    for key, entry in top.entries.items():
        below = merged.get(key)
        merged[key] = Entry(key, entry.position, overlay(below.node, entry.node)) if below else entry
    return Map(merged, base.position)


def document(
    path: Path,
    problems: Problems,
    contents: Mapping[Path, str],
    silent: list[Ignore] | None = None,
    *,
    holds: str = ", ".join(SHARED),
    absent: str = "; `entra-config init` writes a start",
) -> Map:
    """Read one file, which is a map of what it `holds`; where there is none, the error ends with `absent`."""
    position = Position(str(path), 1)
    try:
        text = contents[path] if path in contents else characters.decoded(path.read_bytes(), str(path))
        node = yaml.read(text, str(path))
        if silent is not None:
            silent += ignores.read(text, str(path))
    except FileNotFoundError as error:
        raise ManifestError([Problem(position, f"there is no such file{absent}")]) from error
    except OSError as error:
        raise ManifestError([Problem(position, f"cannot be read: {error.strerror}")]) from error
    except ManifestError as error:
        problems.extend(error)
        return Map(position=position)
    if node is None:
        return Map(position=position)
    if not isinstance(node, Map):
        problems.add(node.position, f"expected a map of {holds}, found {describe(node)}")
        return Map(position=position)
    return node


def _without_each(document: Map) -> Map:
    """Return a file without its entries that have `each`: what those make is checked where it is made."""
    for section in EXPANDING:
        entries = document.node(section)
        if isinstance(entries, Map):
            expanding = [
                key
                for key, entry in entries.entries.items()
                if isinstance(entry.node, Map) and EACH in entry.node.entries
            ]
            plain = entries.without(*expanding)
            document = (
                document.without(section)
                if expanding and not plain.entries
                else document.with_entry(Entry(section, document.where(section), plain))
            )
    return document


def _check_partial(document: Map, reader: Reader) -> None:
    for key in ROOT_ONLY:
        if key in document.entries:
            reader.problems.add(document.where(key), f"`{key}` stands only in the root file")
    reader.only(document.without(*ROOT_ONLY), SHARED, ROOT.noun)


def _test_files(root: Map, root_path: Path, reader: Reader) -> dict[Path, list[PathRestriction]]:
    if TESTS in root.entries:
        return files.named(root, root_path, reader, TESTS)
    there = any(root_path.parent.glob(UNSAID))
    return {
        file: []
        for file in (files.matching(root_path, UNSAID, root.position, reader.problems) if there else ())
    }


def _by_path(found: Mapping[Path, list[PathRestriction]]) -> Mapping[str, tuple[PathRestriction, ...]]:
    return {str(file): tuple(path_restrictions) for file, path_restrictions in found.items()}


def merge(base: Map, other: Map, problems: Problems, path: str = "") -> Map:
    """Return both maps as one: only maps merge, any other value has exactly one file."""
    merged = dict(base.entries)
    for key, entry in other.entries.items():
        below = merged.get(key)
        where = f"{path}.{key}" if path else key
        if below is None:
            merged[key] = entry
        elif isinstance(below.node, Map) and isinstance(entry.node, Map):
            merged[key] = Entry(key, below.position, merge(below.node, entry.node, problems, where))
        else:
            problems.add(
                entry.position,
                (
                    f"`{where}` is set here and at {below.position}: only maps merge, a value has "
                    "exactly one file"
                ),
            )
    return Map(merged, base.position)
