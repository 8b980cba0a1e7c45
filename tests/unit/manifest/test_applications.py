"""One application's own keys, and those that its neighbours must not have too: all that is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.manifest.environments.names import Names
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.model import Application, Named
from entra_config.manifest.reading.node import Map, Node
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections.application import Applications
from tests.unit.manifest.conftest import TENANT
from tests.unit.manifest.one_value import found, node

ID, PINNED = "5c1b2f7e-0000-4000-8000-00000000000a", "5c1b2f7e-0000-4000-8000-00000000000b"
LOCK = Lock(applications={"pinned": PinnedApplication(PINNED)})
TYPES = "api, spa, publicClient, web, daemon, application"


def read(text: str) -> tuple[dict[str, Application], list[str]]:
    """Read applications with a lock file that pins one; what is noted has no columns."""

    def run(reader: Reader, of: Node | None) -> dict[str, Application]:
        assert isinstance(of, Map)
        return Applications(Path("f"), TENANT, LOCK, Names(reader, LOCK), reader).read(of)

    value, noted = found(run, node(text))
    return value, [each.split(": ", 1)[1] for each in noted]


def one(text: str, key: str = "app") -> tuple[Application, list[str]]:
    """Read one application."""
    value, noted = read(f"{{ {key}: {{ {text} }} }}")
    return value[key], noted


SPA = "type: spa, displayName: App"


@pytest.mark.parametrize(
    ("text", "kind", "noted"),
    [
        (SPA, "spa", []),
        ("type: sp, displayName: A", "spa", ["`type`: `sp` is none of `api`, `spa`, `publicClient`, `web`, `daemon` or `application`. Did you mean `spa`?"]),
        ("type: zzzz, displayName: A", "application", ["`type`: `zzzz` is none of `api`, `spa`, `publicClient`, `web`, `daemon` or `application`. Known: `api`, `application`, `daemon`, `publicClient`, `spa` and `web`."]),
        ("type: 7, displayName: A", "application", ["`type`: expected a string (write it in quotes), found the number 7"]),
        ("displayName: A", "application", [f"`type` of application `app` is missing: {TYPES}"]),
        ("type: spa, displayNam: A", "spa", ["`displayNam` is not a key of an application. Did you mean `displayName`?", "`displayName` of application `app` is missing: a string"]),
    ],
)  # fmt: skip
def test_a_type(text: str, kind: str, noted: list[str]) -> None:
    """What is mistyped is read as what was meant."""
    application, problems = one(text)

    assert (application.type, problems) == (kind, noted)


def test_an_application_says_something() -> None:
    """Its type and its name; an override that clears it leaves nothing."""
    _, problems = read("{ app: null, 1st: { type: spa, displayName: A } }")

    assert problems == [
        "application `app` is empty: it needs `type` and `displayName`",
        f"`type` of application `app` is missing: {TYPES}",
        "`displayName` of application `app` is missing: a string",
        "`1st` (an application) is no key: a letter, then letters, digits and hyphens",
    ]


@pytest.mark.parametrize(
    ("key", "text", "expected", "noted"),
    [
        ("app", "", (None, False), []),
        ("app", f", appId: {ID.upper()}", (ID, False), []),
        ("pinned", "", (PINNED, True), []),
        ("pinned", f", appId: {PINNED}", (PINNED, False), []),
        ("pinned", ", appId: null", (PINNED, False), []),
        (
            "pinned",
            f", appId: {ID}",
            (ID, False),
            [f"`pinned` has the appId {ID} here and {PINNED} in the lock file"],
        ),
    ],
)
def test_an_app_id(key: str, text: str, expected: tuple[str | None, bool], noted: list[str]) -> None:
    """The manifest's, or the lock file's, and where they differ that is noted."""
    application, problems = one(SPA + text, key)

    assert ((application.app_id, application.locked), problems) == (expected, noted)


OWNERS = ", ".join(f"o{n}@contoso.com" for n in range(100))


@pytest.mark.parametrize(
    ("text", "count", "noted"),
    [
        ("", None, []),
        (", owners: null", 0, []),
        (", owners: []", 0, []),
        (f", owners: [{OWNERS}]", 100, []),
        (f", owners: [{OWNERS}, more]", 101, ["101 owners; Graph takes 100"]),
    ],
)
def test_owners(text: str, count: int | None, noted: list[str]) -> None:
    """Where nothing is said they are left alone; an empty list is nobody."""
    application, problems = one(SPA + text)

    assert (None if application.owners is None else len(application.owners), problems) == (count, noted)
    assert all(isinstance(each, Named) for each in application.owners or ())


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("", {}),
        (", preventDestroy: true", {"prevent_destroy": True}),
        (", preventDestroy: false, previously: null", {}),
        (", previously: old", {"previously": "old"}),
    ],
)
def test_what_is_not_said_is_not_so(text: str, changes: dict[str, Any]) -> None:
    """An application has no former key, and may go, unless that is said."""
    application, problems = one(SPA + text)

    plain = {"previously": None, "prevent_destroy": False, "ignore_changes": (), "mcp": None}
    assert {key: getattr(application, key) for key in plain} == {**plain, **changes}
    assert problems == []


P = "type: spa, displayName: A, previously"


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        (f"{{ a: {{ {P}: x }}, b: {{ {P}: y }} }}", []),
        (
            f"{{ x: {{ {SPA} }}, a: {{ {P}: x }} }}",
            ["`previously: x`: that key is still here; a rename leaves the old one out"],
        ),
        (
            f"{{ a: {{ {P}: x }}, c: {{ {SPA} }}, b: {{ {P}: x }} }}",
            ["`previously: x` stands at `a` too"],
        ),
        (
            f"{{ a: {{ {P}: x.y }} }}",
            ["`x.y` (previously) is no key: a letter, then letters, digits and hyphens"],
        ),
    ],
)
def test_a_former_key_is_of_one_that_is_gone(text: str, noted: list[str]) -> None:
    """Of one application alone, and of none that is still there."""
    assert read(text)[1] == noted


URI = "type: api, displayName: A, identifierUris: ['https://a.example/x"


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        (f"{{ a: {{ {URI}', 'https://a.example/y'] }}, b: {{ {URI}1'] }} }}", []),
        (
            f"{{ a: {{ {URI}'] }}, b: {{ {SPA} }}, c: {{ {URI.replace('/x', '/X')}'] }} }}",
            ["identifier URI `https://a.example/X` stands at `a` too: one application has it"],
        ),
    ],
)
def test_an_identifier_uri_is_of_one_application(text: str, noted: list[str]) -> None:
    """Whatever the case of its letters."""
    assert [each for each in read(text)[1] if "too" in each] == noted


@pytest.mark.parametrize(
    ("keys", "expected", "noted"),
    [
        ("[]", (), []),
        ("[notes, properties.web.homePageUrl]", ("notes", "web.homePageUrl"), []),
        ("[tags, notes, tags]", ("tags", "notes"), ["`ignoreChanges`: duplicate `tags`"]),
        ("[redirectUris]", ("spa.redirectUris",), []),
        (
            "[note, displayName, 7]",
            (),
            [
                "`ignoreChanges`: expected a string (write it in quotes), found the number 7",
                "`note` is not a key whose changes can be ignored. Did you mean `notes`?",
                "`displayName` is not a key whose changes can be ignored.",
            ],
        ),
        ("[previously]", (), ["`previously` is not a key whose changes can be ignored."]),
        ("notes", (), ['`ignoreChanges`: expected a list, found "notes"']),
    ],
)
def test_ignored_changes(keys: str, expected: tuple[str, ...], noted: list[str]) -> None:
    """What Graph calls them, once each; the name of an application is always its manifest's."""
    application, problems = one(f"{SPA}, ignoreChanges: {keys}")

    assert (application.ignore_changes, problems) == (expected, noted)


def test_values_know_their_places() -> None:
    """Each key where it stands, and what lists hold at its entry."""
    text = f"""{{ app: {{ type: web,
 displayName: A,
 appId: {ID},
 identifierUris: ['https://a.example/x',
  'https://a.example/y'],
 redirectUris: ['https://a.example/z'],
 platforms: {{ spa: ['https://a.example/s'] }},
 authorizedClients: {{ {ID}: [x],
  {PINNED}: [x] }} }} }}"""
    value, _ = read(text)
    where = {path: position.line for path, position in value["app"].positions.items()}

    expected = {
        "displayName": 2,
        "appId": 3,
        "identifierUris": 4,
        "identifierUris.https://a.example/x": 4,
        "identifierUris.https://a.example/y": 5,
        "web.redirectUris.https://a.example/z": 6,
        "spa.redirectUris.https://a.example/s": 7,
        f"api.preAuthorizedApplications.{ID}": 8,
        f"api.preAuthorizedApplications.{PINNED}": 9,
    }
    assert {path: where.get(path) for path in expected} == expected


def test_what_is_wrong_with_all_roles_together_is_noted() -> None:
    """Two of one value."""
    assert one("type: api, displayName: A, appRoles: { a: x, b: { description: x, value: a } }")[1] == [
        "the value `a` is role `a` already"
    ]
