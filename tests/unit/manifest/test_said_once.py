"""The shape of a manifest is said once: at each place of it the reader takes the keys that the published schema
has, and no others, and the reference lists them.
"""

from __future__ import annotations

import ast
import difflib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from entra_config.errors import ManifestError
from entra_config.manifest import fields, loader
from entra_config.manifest.environments import source
from entra_config.manifest.fields.root import PARTIAL, ROOT, ROOT_ONLY, SHARED
from entra_config.manifest.fields.root_records import ITEM
from entra_config.manifest.published import reference, schema, schema_fleet
from entra_config.manifest.tenants import reading
from tests.unit.manifest.conftest import TENANT
from tests.unit.manifest.field_records import RECORDS
from tests.unit.manifest.self_signed import make_pem

PACKAGE = Path(fields.__file__).parents[1]
UNKNOWN = "nobodyKnowsThis"
MISFITS = {"only": ["app", [1]]}  # of every other key a list of a list: no map, no scalar, no list of any
ANYTHING = ("body",)
ENVIRONMENT = {"tenantId": TENANT}
BASE = {
    "project": "app",
    "environments": {"app": ENVIRONMENT},
    "applications": {"app": {"type": "application", "displayName": "App"}},
}
FLEET = {
    "projects": {"app": {"manifest": "entra-config.yaml", "environment": "app"}},
    "tenants": {"app": {"tenantId": TENANT, "projects": ["app"]}},
}
# What stands below is said elsewhere: by Graph's schema, and by the same definitions without what they need.
LEFT_OUT = ("properties", "overrides")
Step = str | int
NEEDED: dict[tuple[Step, ...], dict[str, str]] = {("certificates",): {"pem": make_pem()[0]}}


@dataclass(frozen=True, slots=True)
class Place:
    """A map in a file, by the way to it, with the keys that the published schema has there, and what it must
    have and the examples of texts that have a form, as JSON.
    """

    path: tuple[Step, ...]
    keys: frozenset[str]
    needed: str
    formed: str

    def __str__(self) -> str:
        return ".".join(map(str, self.path)) or "file"


def _places(part: dict[str, Any], whole: dict[str, Any], path: tuple[Step, ...] = ()) -> Iterator[Place]:
    """Walk the published schema; each map with names of its own is a place."""
    if "$ref" in part:
        yield from _places(whole["$defs"][part["$ref"].removeprefix("#/$defs/")], whole, path)
    for each in part.get("anyOf", ()):
        yield from _places(each, whole, path)
    if isinstance(part.get("items"), dict):
        yield from _places(part["items"], whole, (*path, 0))
    if isinstance(part.get("additionalProperties"), dict):
        label = "other" if path == ("enterpriseApplications",) else "app"
        yield from _places(part["additionalProperties"], whole, (*path, label))
    if part.get("additionalProperties") is False:
        inside = part["properties"]
        needed = {key: inside[key]["examples"][0] for key in part.get("required", ()) if key not in BASE}
        formed = {
            key: each["examples"][0]
            for key, each in inside.items()
            if "pattern" in each and "examples" in each
        }
        beside = json.dumps(NEEDED.get(path[-2:-1], {}) | needed)
        yield Place(path, frozenset(inside), beside, json.dumps(formed) if formed else "")
        for key, below in inside.items():
            of_environment = path == ("environments", "app") and key == "overrides"
            if path[-1:] != ("overrides",) and (of_environment or key not in LEFT_OUT):
                yield from _places(below, whole, (*path, key))


def _with(base: Any, path: tuple[Step, ...], said: dict[str, Any]) -> Any:
    """Return a file with this at a place, beside what must be there."""
    if not path:
        return {**(base if isinstance(base, dict) else {}), **said}
    step, *rest = path
    if isinstance(step, int):
        return [_with(None, tuple(rest), said)]
    return {**(base or {}), step: _with((base or {}).get(step), tuple(rest), said)}


def _of_manifest(text: dict[str, Any]) -> list[str]:
    Path("entra-config.yaml").write_text(json.dumps(text), encoding="utf-8")
    return [*_reported(lambda path: loader.load(path, "app")), *_reported(source.access_tests)]


def _of_fleet(text: dict[str, Any]) -> list[str]:
    environment = {**BASE, "environments": {"app": {"fleet": True}}}
    Path("entra-config.yaml").write_text(json.dumps(environment), encoding="utf-8")
    Path("fleet.yaml").write_text(json.dumps(text), encoding="utf-8")
    return list(_reported(reading.read, "fleet.yaml"))


def _reported(read: Callable[[Path], object], name: str = "entra-config.yaml") -> Iterator[str]:
    try:
        read(Path(name))
    except ManifestError as error:
        yield from (problem.message for problem in error.problems)


def _refused(messages: list[str]) -> set[str]:
    found = (re.search(r"`(\w+)` (?:is not a key of|has no place beside) ", each) for each in messages)
    return {each[1] for each in found if each}


def _words() -> frozenset[str]:
    """Return every word of the package that may be a key: what a reader takes is one of them."""
    return frozenset(
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch("[A-Za-z][A-Za-z0-9]{1,30}", node.value)
    )


WORDS = _words()
PLACES = [
    (base, read, each)
    for base, read, whole in (
        (BASE, _of_manifest, schema.build()),
        (FLEET, _of_fleet, schema_fleet.build()),
    )
    for each in sorted(dict.fromkeys(_places(whole, whole)), key=str)
]


@pytest.fixture(autouse=True)
def _no_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what a misspelled key may have meant: it is asked of thousands here."""
    monkeypatch.setattr(difflib, "get_close_matches", lambda *_, **__: [])


@pytest.mark.parametrize(
    ("base", "read", "place"), PLACES, ids=lambda each: str(each) * isinstance(each, Place)
)
def test_the_reader_takes_the_keys_of_the_schema_and_no_others(
    base: dict[str, Any], read: Callable[[dict[str, Any]], list[str]], place: Place
) -> None:
    """Every word that stands in the package is tried, all that the schema lacks at once; and each key of the schema
    is read, since a value that fits nothing is an error.
    """
    needed = json.loads(place.needed)

    def reported(said: dict[str, Any]) -> list[str]:
        return read(_with(base, place.path, {**needed, **said}))

    others = {*WORDS, UNKNOWN} - place.keys
    alone = reported({UNKNOWN: None})

    assert _refused(reported(dict.fromkeys(sorted(others)))) == others
    for key in sorted(place.keys):
        found = reported({key: MISFITS.get(key, [[1]]), UNKNOWN: None})
        assert _refused(found) - (needed.keys() - {key}) == {UNKNOWN}, key
        assert key in ANYTHING or {*found} - {*alone}, key


WHOLE: dict[Callable[[dict[str, Any]], list[str]], dict[str, Any]] = {
    _of_manifest: schema.build(),
    _of_fleet: schema_fleet.build(),
}


@pytest.mark.parametrize(
    ("base", "read", "place"),
    [each for each in PLACES if each[2].formed],
    ids=lambda each: str(each) * isinstance(each, Place),
)
def test_the_reader_refuses_what_an_editor_marks(
    base: dict[str, Any], read: Callable[[dict[str, Any]], list[str]], place: Place
) -> None:
    """Where a text has a form, one of another is an error of both; its example is one of neither."""
    needed = json.loads(place.needed)

    def reported(said: dict[str, Any]) -> tuple[set[str], set[str]]:
        text = _with(base, place.path, {**needed, **said})
        marked = {each.message for each in jsonschema.Draft202012Validator(WHOLE[read]).iter_errors(text)}
        return set(read(text)), marked

    for key, example in json.loads(place.formed).items():
        wrong, right = reported({key: "no § form"}), reported({key: example})
        assert all(any("no § form" in each for each in messages) for messages in wrong), key
        assert not any(example in each for messages in right for each in messages), key


def test_a_file_beside_the_root_has_what_is_shared(tmp_path: Path) -> None:
    """What stands in the root file alone is told apart from what stands nowhere."""
    (tmp_path / "entra-config.yaml").write_text(
        json.dumps({**BASE, "files": ["more.yaml"]}), encoding="utf-8"
    )
    (tmp_path / "more.yaml").write_text(json.dumps(dict.fromkeys((*ROOT.keys, UNKNOWN))), encoding="utf-8")
    reported = list(_reported(loader.load, str(tmp_path / "entra-config.yaml")))

    assert _refused(reported) == {UNKNOWN}
    assert {each.split("`")[1] for each in reported if "only in the root file" in each} == set(ROOT_ONLY)
    assert set(ROOT_ONLY) | set(SHARED) == set(ROOT.keys)


def test_each_record_has_a_place_and_each_key_stands_in_the_reference() -> None:
    """No table is of nothing, and what an editor offers can be looked up, for each record that has it."""
    there = {place.keys for _, _, place in PLACES}
    text = "\n".join(map(reference.page, reference.names()))
    listed = set(re.findall(r"`(\w+)(?:`|: )", text))
    rows = [line.split(" | ")[:2] for line in text.splitlines()]
    whose = {key: [cells[1] for cells in rows if cells[0] == f"| `{key}`"] for key in listed}

    assert [
        each.noun for each in RECORDS if each not in (PARTIAL, ITEM) and frozenset(each.keys) not in there
    ] == []
    assert {key for keys in there for key in keys} - listed == set()
    assert [
        f"{key} of {each.noun}"
        for each in RECORDS
        for key in each.keys
        if each not in (ROOT, PARTIAL) and not any(each.noun in of for of in whose[key])
    ] == []
    assert len(PLACES) == 79
