"""The test files of a manifest in, their tests out, or one error with everything that is wrong in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from entra_config.errors import Item, Position
from entra_config.manifest.environments import source
from entra_config.manifest.environments.expansion import expand_tests, has_each
from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.environments.source import Source
from entra_config.manifest.fields.access_test_records import GROUP, TESTS
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.parts import EmptyEntry
from entra_config.manifest.reading.node import Entry, Items, Map, Node, entries_at
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader
from entra_config.testing import grids, tests
from entra_config.testing.model import AccessTest, Group, SignInUser, Suite


def load(path: Path, *, contents: Mapping[Path, str] = MappingProxyType({})) -> tuple[Suite, ...]:
    """Read all test files of a manifest, given its root file or folder; none is no error.

    `contents` stand in for what the disk has. Raises ManifestError with all problems.
    """
    problems = Problems()
    environments = tuple(source.environments(path, contents=contents).entries)
    files = source.access_tests(path, contents=contents)
    # Lists are in all files of a manifest; without `each` the root file is enough.
    expands = any(has_each(test) for document, _ in files.values() for test in _tests(document))
    manifest = source.read(path, contents=contents) if expands else None
    found = []
    for file, (document, path_restrictions) in files.items():
        reading = _TestReading(str(file), Reader(problems), environments, manifest)
        found.append(reading.suite(document, path_restrictions))
    _distinct(found, problems)
    problems.finish()
    return tuple(found)


def _tests(document: Map) -> Sequence[Node]:
    node = document.node("tests")
    return node.items if isinstance(node, Items) else ()


class _TestReading:
    """Reads one file; the `manifest` has the lists for tests with `each`."""

    def __init__(
        self, file: str, reader: Reader, environments: Sequence[str], manifest: Source | None
    ) -> None:
        self._file, self._reader = file, reader
        self._environments, self._manifest = environments, manifest

    def suite(self, document: Map, path_restrictions: Sequence[PathRestriction]) -> Suite:
        reader = self._reader
        fields = bind(document, "tests", TESTS, reader)
        people = self._people(fields["people"])
        groups = self._groups(fields["groups"])
        context = tests.Context(reader, people, self._environments)
        nodes = [node for node in fields["tests"] if not has_each(node)]
        found = [test for node in nodes for test in _read(node, context)]
        expanding = [node for node in fields["tests"] if has_each(node)]
        empty: list[EmptyEntry] = []
        for environment in self._environments if self._manifest else ():
            assert self._manifest is not None
            made, nothing = expand_tests(self._manifest, expanding, environment, reader)
            read = [test for node in made for test in _read(node, context)]
            # Overrides may give an item other fields, so that a test is another one in each environment.
            found += [replace(test, only=(environment,)) for test in read if test.runs_in(environment)]
            nodes += made
            empty += nothing
        declared = Items(tuple(nodes), document.where("tests"))
        declaring = document.with_entry(Entry("tests", declared.position, declared))
        for path_restriction in path_restrictions:
            _check(path_restriction, declaring, reader)
        return Suite(self._file, people, groups, tuple(found), tuple(dict.fromkeys(empty)))

    def _people(self, declared: Map) -> Mapping[str, SignInUser]:
        reader, found = self._reader, {}
        reader.distinct(declared.entries.values(), "a person")
        for entry in declared.entries.values():
            if "@" not in entry.key:
                message = "is not a user principal name (alice@contoso.com)"
                reader.problems.add(entry.position, f"`people`: `{entry.key}` {message}")
            found[entry.key] = tests.person(entry.key, entry.node, entry.position, reader)
        return found

    def _groups(self, declared: Map) -> Mapping[str, Group]:
        reader, found = self._reader, {}
        for key, entry in declared.entries.items():
            member_of = bind(entry.node, key, GROUP, reader).node("memberOf")
            found[key] = Group(key, tests.words(member_of))
        _acyclic(found, reader)
        return found


def _read(node: Node, context: tests.Context) -> list[AccessTest]:
    return grids.read(node, context) if grids.is_grid(node) else tests.read(node, context)


def _acyclic(groups: Mapping[str, Group], reader: Reader) -> None:
    for group in groups.values():
        seen, waiting = {group.name}, list(group.member_of)
        while waiting:
            outer = waiting.pop()
            if outer.text == group.name:
                reader.problems.add(outer.position, f"`{group.name}` would be in itself")
                break
            if outer.text in groups and outer.text not in seen:
                seen.add(outer.text)
                waiting += groups[outer.text].member_of


def _distinct(suites: Sequence[Suite], problems: Problems) -> None:
    # A pull request's comment names tests: one name is one test, which an item may make in each environment.
    seen: dict[str, Position] = {}
    for test in (test for suite in suites for test in suite.tests):
        first = seen.setdefault(test.name, test.position)
        if (first._replace(item=Item()), first.item.name) != (
            test.position._replace(item=Item()),
            test.position.item.name,
        ):
            problems.add(
                test.position, f"a test `{test.name}` stands at {first} already: each has a name of its own"
            )


def _check(path_restriction: PathRestriction, document: Map, reader: Reader) -> None:
    """Note what a file declares outside of its path restriction: `people/NAME`, `groups/NAME`,
    `tests/NAME`.
    """
    named: list[tuple[tuple[str, str], Position]] = []
    for section in ("people", "groups"):
        entries = entries_at(document, section)
        named += [((section, key), entry.position) for key, entry in entries.items()]
    quiet = Reader(Problems())
    for item in quiet.items(document.node("tests"), "tests"):
        if isinstance(item, Map):
            named.append((("tests", quiet.text(item.node("it"), "it") or ""), item.position))
    for path, position in named:
        if not path_restriction.allows(path):
            allowed = ", ".join(f"`{pattern}`" for pattern in path_restriction.patterns) or "nothing"
            reader.problems.add(
                position, f"`{'/'.join(path)}` is outside of what this file may declare: {allowed}"
            )
