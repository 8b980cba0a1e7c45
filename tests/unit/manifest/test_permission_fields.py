"""`apiPermissions`: whole values, and all that is noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.model import Setting
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.sections import permissions
from entra_config.manifest.until import Until
from tests.unit.manifest.declared import own, read
from tests.unit.manifest.one_value import node

LASTING = "[{ name: read, until: 2027-01-31 }]"


def requested(
    text: str, kind: str = "web", audience: str = ""
) -> tuple[Mapping[str, ApiPermission], list[str]]:
    """Read what a client of a type asks for; what is noted has no columns."""
    client = own("app", "App", type=kind)
    if audience:
        client = own("app", "App", type=kind, positions={"requiredResourceAccess": Position("f", 7)})
        assert isinstance(client.settings, dict)
        client.settings["signInAudience"] = Setting(audience)
    value, noted = read(
        lambda directory, _, it: permissions.api_permissions(it, client, directory), node(text)
    )
    return value, [each.split(": ", 1)[1] for each in noted]


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("delegated: [read]", (("read",), (), None, None, {}), []),
        ("adminConsent: true", ((), (), set(), set(), {}), []),
        (
            "delegated: [read, write], application: [Job], adminConsent: true",
            (("read", "write"), ("Job",), {"read", "write"}, {"Job"}, {}),
            [],
        ),
        ("delegated: [read], adminConsent: false", (("read",), (), set(), set(), {}), []),
        (
            "delegated: [read], adminConsent: [write, Job, profile]",
            (("read",), (), {"write", "profile"}, {"Job"}, {}),
            [],
        ),
        (
            f"delegated: [read], adminConsent: {LASTING}",
            (("read",), (), {"read"}, set(), {("delegated", "read")}),
            [],
        ),
        (
            f"delegated: [read], adminConsent: {{ delegated: {LASTING}, application: true }}",
            (("read",), (), {"read"}, set(), {("delegated", "read")}),
            [],
        ),
        (
            "application: [Job], adminConsent: { application: [{ name: Job, until: 2027-01-31 }] }",
            ((), ("Job",), None, {"Job"}, {("application", "Job")}),
            [],
        ),
        ("adminConsent: { delegated: [openid], application: null }", ((), (), {"openid"}, None, {}), []),
        (
            "adminConsent: { delegated: [raed], application: [Person, read] }",
            ((), (), {"raed"}, {"Person", "read"}, {}),
            [
                "`raed` is not a scope of `api`. Did you mean `read`?",
                "role `Person` of `api` is for users: its `allowedMemberTypes` lack `Application`",
                "`read` is not a role of `api`. Known: `Both` and `Job`.",
            ],
        ),
        (
            "delegated: [read], adminConsent: [raed, 7, read]",
            (("read",), (), {"read"}, set(), {}),
            [
                "`raed` is not asked for, so its kind is not clear: write `adminConsent: { delegated: […], application: […] }`. Did you mean `read`?",
                "`adminConsent`: expected a string (write it in quotes), found the number 7",
            ],
        ),
        (
            "adminConsent: { delegated: { a: b }, application: [[x], 7] }",
            ((), (), None, set(), {}),
            [
                "`adminConsent`: expected true, false or a list of permissions, found a map",
                "`adminConsent`: expected a string, found a list",
                "`adminConsent`: expected a string (write it in quotes), found the number 7",
            ],
        ),
        (
            "adminConsent: { delegated: 7, other: true }",
            ((), (), None, None, {}),
            [
                "`other` is not a key of `adminConsent`. Known: `application` and `delegated`.",
                "`adminConsent`: expected true, false or a list of permissions, found the number 7",
            ],
        ),
        (
            "delegated: [read, 7, [x], nothing], app: []",
            (("read", "nothing"), (), None, None, {}),
            [
                "`app` is not a key of an API's permissions. Known: `adminConsent`, `application` and `delegated`.",
                "`delegated`: expected a string (write it in quotes), found the number 7",
                "`delegated`: expected a string, found a list",
                "`nothing` is not a scope of `api`. Known: `read` and `write`.",
            ],
        ),
    ],
)
def test_what_is_asked_for_and_consented(text: str, expected: tuple[Any, ...], noted: list[str]) -> None:
    """True is what is asked for, a list is that, false is none; what ends is known with its day."""
    value, problems = requested(f"{{ api: {{ {text} }} }}")
    found = value["api"]

    *lists, delegated, application, ending = expected
    assert (found.resource, found.own, found.position) == ("api", True, Position("f", 1, 6))
    assert [found.delegated, found.application] == lists
    assert (found.delegated_consent, found.application_consent) == (delegated, application)
    assert found.until.keys() == set(ending)
    assert all(isinstance(each, Until) and each.day == date(2027, 1, 31) for each in found.until.values())
    assert problems == noted


MICROSOFT = "Microsoft Graph: { delegated: ["
SOME = ", ".join
API_IDS = [f"5c1b2f7e-0000-4000-8000-0000000000{number:02}" for number in range(51)]


def several(each: int, apis: int, more: str = "") -> str:
    """Return as many scopes each of as many APIs, and one of another."""
    scopes = SOME(f"P{number}" for number in range(each))
    wanted = [f"{id_}: {{ delegated: [{scopes}] }}" for id_ in API_IDS[:apis]]
    wanted += [f"{API_IDS[apis]}: {{ application: [{more}] }}"] if more else []
    return f"{{ {SOME(wanted)} }}"


@pytest.mark.parametrize(
    ("text", "kind", "audience", "keys", "noted"),
    [
        ("{ api: null, gallery: {}, Partner API: {} }", "web", "", ["gallery", "partner"], []),
        (
            "{ partner: {}, Partner API: {}, apj: {} }",
            "web",
            "",
            ["partner"],
            [
                "`Partner API` is `partner`, which is already in this list",
                "`apj` is not an application here, an enterprise application or an API of Microsoft. Did you mean `api`?",
            ],
        ),
        (
            "{ none: { adminConsent: true } }",
            "web",
            "",
            ["none"],
            [],
        ),
        (
            "{ none: { delegated: [x], adminConsent: [x] } }",
            "web",
            "",
            ["none"],
            [
                "`x` is not a scope of `none`.",
                "`none` has no enterprise application (`enterpriseApplication: null`), so nothing can be consented",
            ],
        ),
        (
            "{ api: { delegated: [read], application: [Job] } }",
            "daemon",
            "",
            ["api"],
            ["a `daemon` has no person to act for; ask for `application` permissions"],
        ),
        *(
            (
                "{ api: { delegated: [read], application: [Job] } }",
                kind,
                "",
                ["api"],
                [f"a `{kind}` keeps no secret to act as itself with; ask for `delegated` permissions"],
            )
            for kind in ("spa", "publicClient")
        ),
        ("{ api: { application: [Job] } }", "daemon", "", ["api"], []),
        (
            "{ gallery: { delegated: [x], adminConsent: [y] } }",
            "web",
            "",
            ["gallery"],
            [
                "`y` is not asked for, so its kind is not clear: write `adminConsent: { delegated: […], application: […] }`. Known: `x`."
            ],
        ),
        ("{ api: { delegated: [read] } }", "spa", "", ["api"], []),
        (f"{{ {MICROSOFT}{SOME(f'P{n}' for n in range(400))}] }} }}", "web", "", ["Microsoft Graph"], []),
        (
            f"{{ {MICROSOFT}{SOME(f'P{n}' for n in range(400))}], application: [x] }} }}",
            "web",
            "AzureADMyOrg",
            ["Microsoft Graph"],
            ["401 permissions; Graph takes 400"],
        ),
        (
            f"{{ {MICROSOFT}{SOME(f'P{n}' for n in range(20))}], application: [{SOME(f'Q{n}' for n in range(10))}] }} }}",
            "web",
            "PersonalMicrosoftAccount",
            ["Microsoft Graph"],
            [],
        ),
        (
            f"{{ {MICROSOFT}{SOME(f'P{n}' for n in range(20))}], application: [{SOME(f'Q{n}' for n in range(11))}] }} }}",
            "web",
            "PersonalMicrosoftAccount",
            ["Microsoft Graph"],
            [
                "with personal accounts Graph takes 30 permissions of one API",
            ],
        ),
        (several(20, 10), "web", "AzureADandPersonalMicrosoftAccount", API_IDS[:10], []),
        (
            several(20, 10, "x"),
            "web",
            "AzureADandPersonalMicrosoftAccount",
            API_IDS[:11],
            ["201 permissions; Graph takes 200"],
        ),
        (several(1, 50), "web", "", API_IDS[:50], []),
        (several(1, 51), "web", "", API_IDS, ["permissions of 51 APIs; Graph takes 50"]),
    ],
)
def test_which_apis_are_asked_for(
    text: str, kind: str, audience: str, keys: list[str], noted: list[str]
) -> None:
    """By what they are called, as many as Graph takes, of the kind that a client can have."""
    value, problems = requested(text, kind, audience)

    assert (list(value), problems) == (keys, noted)
