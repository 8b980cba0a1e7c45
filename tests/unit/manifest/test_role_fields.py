"""Scopes and app roles, each key of them: the whole value, and all that is noted."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.parts import AppRole, Scope
from entra_config.manifest.sections import roles
from tests.unit.manifest.one_value import found, node

ID = "5c1b2f7e-0000-4000-8000-00000000000a"
HERE = Position("f", 1, 6)
TEXTS = "displayName: N, description: D"
LABEL = "no spaces, no `/`, at most 249 characters; the texts for people are `displayName` and `description`"
VALUE = "no spaces, no dot at the start, of ASCII only what Graph takes"


def scope(value: str = "s", *users: str | None, **changes: Any) -> Scope:
    """Return the scope `s` with the name N and the description D."""
    texts = users or (None, None)
    plain: dict[str, Any] = {
        "admin_consent_display_name": "N",
        "admin_consent_description": "D",
        "user_consent_display_name": texts[0],
        "user_consent_description": texts[1],
        "who_can_consent": "admins",
        "position": HERE,
    }
    return Scope("s", value, **{**plain, **changes})


def role(value: str | None = "r", **changes: Any) -> AppRole:
    """Return the role `r` with the description D."""
    plain: dict[str, Any] = {
        "display_name": "r",
        "description": "D",
        "allowed_member_types": ("User",),
        "position": HERE,
    }
    return AppRole("r", value, **{**plain, **changes})


BOTH = "whoCanConsent: adminsAndUsers"
LONG = "adminConsentDisplayName: AN, adminConsentDescription: AD, userConsentDisplayName: UN, userConsentDescription: UD"


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("null", None, []),
        ("Use", scope(admin_consent_display_name="Use", admin_consent_description="Use"), []),
        (
            "''",
            scope(admin_consent_display_name="", admin_consent_description=""),
            ["f:1:9: `s` is empty: write null, or leave the key out"],
        ),
        (
            "7",
            scope(admin_consent_display_name="", admin_consent_description=""),
            [
                "f:1:9: `s`: expected a map, found the number 7",
                "f:1:6: `displayName` of scope `s` is missing: people read it on the consent page",
                "f:1:6: `description` of scope `s` is missing: people read it on the consent page",
            ],
        ),
        (f"{{ {TEXTS} }}", scope(), []),
        (f"{{ {TEXTS}, {BOTH} }}", scope("s", "N", "D", who_can_consent="adminsAndUsers"), []),
        (
            f"{{ {TEXTS}, {BOTH}, userConsentDisplayName: null, userConsentDescription: null }}",
            scope(who_can_consent="adminsAndUsers"),
            [],
        ),
        (
            f"{{ {TEXTS}, {LONG} }}",
            scope("s", "UN", "UD", admin_consent_display_name="AN", admin_consent_description="AD"),
            [],
        ),
        (
            f"{{ {LONG} }}",
            scope("s", "UN", "UD", admin_consent_display_name="AN", admin_consent_description="AD"),
            [],
        ),
        (
            f"{{ {TEXTS}, value: a.b, isEnabled: false, id: {ID.upper()}, previously: old, breaking: true }}",
            scope("a.b", is_enabled=False, id=ID, previously="old", breaking=True),
            [],
        ),
        (f"{{ {TEXTS}, isEnabled: true, breaking: false }}", scope(), []),
        (
            "{ whoCanConsent: admins }",
            scope(admin_consent_display_name="", admin_consent_description=""),
            [
                "f:1:6: `displayName` of scope `s` is missing: people read it on the consent page",
                "f:1:6: `description` of scope `s` is missing: people read it on the consent page",
            ],
        ),
        (
            f"{{ {TEXTS}, value: null }}",
            scope(),
            ["f:1:43: the value of scope `s` cannot be null: clients ask for it by value"],
        ),
        (f"{{ {TEXTS}, value: a b }}", scope("a b"), [f"f:1:50: `a b` is not a value: {VALUE}"]),
        (
            f"{{ {TEXTS}, whoCanConsent: admin, breaks: true }}",
            scope(),
            [
                "f:1:65: `breaks` is not a key of a scope. Did you mean `breaking`?",
                "f:1:58: `whoCanConsent`: `admin` is none of `admins` or `adminsAndUsers`. Did you mean `admins`?",
            ],
        ),
    ],
)
def test_a_scope(text: str, expected: Scope | None, noted: list[str]) -> None:
    """Its short texts are for administrators, and for users where they can consent; its own ones win."""
    read, problems = found(
        lambda reader, it: roles.scopes(reader.map(it, "scopes"), reader), node(f"{{ s: {text} }}")
    )

    assert (read.get("s"), problems) == (expected, noted)


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("null", None, []),
        ("D", role(), []),
        ("''", role(description=""), ["f:1:9: `r` is empty: write null, or leave the key out"]),
        (
            "7",
            role(description=""),
            [
                "f:1:9: `r`: expected a map, found the number 7",
                "f:1:9: `description` of role `r` is missing: a string",
            ],
        ),
        ("{ description: D }", role(), []),
        ("{ description: D, displayName: N, value: v }", role("v", display_name="N"), []),
        ("{ description: D, value: null }", role(None), []),
        (
            f"{{ description: D, isEnabled: false, id: {ID}, previously: old, breaking: true }}",
            role(is_enabled=False, id=ID, previously="old", breaking=True),
            [],
        ),
        (
            "{ description: D, allowedMemberTypes: [Application] }",
            role(allowed_member_types=("Application",)),
            [],
        ),
        (
            "{ description: D, allowedMemberTypes: [Application, User], isEnabled: true }",
            role(allowed_member_types=("User", "Application")),
            [],
        ),
        (
            "{ description: D, allowedMemberTypes: [Group, Application] }",
            role(allowed_member_types=("Application",)),
            ["f:1:27: `allowedMemberTypes`: `Group` is none of `User` or `Application`"],
        ),
        (
            "{ description: D, allowedMemberTypes: [] }",
            role(),
            ["f:1:27: `allowedMemberTypes` of role `r` is empty: `User` or `Application`"],
        ),
        (
            "{ descript: D }",
            role(description=""),
            [
                "f:1:11: `descript` is not a key of a role. Did you mean `description`?",
                "f:1:9: `description` of role `r` is missing: a string",
            ],
        ),
        (f"{{ description: {'x' * 1024} }}", role(description="x" * 1024), []),
    ],
)
def test_a_role(text: str, expected: AppRole | None, noted: list[str]) -> None:
    """It is for users, named and valued like its label, unless something else is said."""
    read, problems = found(
        lambda reader, it: roles.app_roles(reader.map(it, "appRoles"), reader), node(f"{{ r: {text} }}")
    )

    assert (read.get("r"), problems) == (expected, noted)


@pytest.mark.parametrize(
    ("label", "noted"),
    [
        ("a" * 249, []),
        (
            "a" * 250,
            [
                f"f:1:6: `{'a' * 250}` is not a label of a role: {LABEL}",
                "f:1:6: a value has at most 249 characters, this one 250",
            ],
        ),
        ("a/b", [f"f:1:6: `a/b` is not a label of a role: {LABEL}"]),
        (
            "'a b'",
            [f"f:1:6: `a b` is not a label of a role: {LABEL}", f"f:1:6: `a b` is not a value: {VALUE}"],
        ),
        (".a", [f"f:1:6: `.a` is not a value: {VALUE}"]),
        ("default", ["f:1:6: `default` means access without a role; give the role another label"]),
    ],
)
def test_a_label_is_a_value_too(label: str, noted: list[str]) -> None:
    """What stands as a key is bounded as what tokens carry; a written value needs no such label."""
    text = f"{{ {label}: D }}"
    assert (
        found(lambda reader, it: roles.app_roles(reader.map(it, "appRoles"), reader), node(text))[1] == noted
    )
    if label != "default":
        of_scopes = [each.replace("a role", "a scope") for each in noted]
        assert (
            found(lambda reader, it: roles.scopes(reader.map(it, "scopes"), reader), node(text))[1]
            == of_scopes
        )


RENAMED = "description: D, previously"


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        (f"{{ b: {{ {RENAMED}: a }}, c: {{ {RENAMED}: d }}, e: D }}", []),
        (
            f"{{ a: D, b: {{ {RENAMED}: a }} }}",
            ["f:1:12: `previously: a`: that label is still here; a rename leaves the old one out"],
        ),
        (
            f"{{ b: {{ {RENAMED}: a }}, c: {{ {RENAMED}: a }}, d: {{ {RENAMED}: a }} }}",
            [
                "f:1:44: `previously: a` stands at `b` too",
                "f:1:82: `previously: a` stands at `c` too",
            ],
        ),
    ],
)
def test_a_former_label_is_of_one_that_is_gone(text: str, noted: list[str]) -> None:
    """Of one role alone, and of none that is still there."""
    assert (
        found(lambda reader, it: roles.app_roles(reader.map(it, "appRoles"), reader), node(text))[1] == noted
    )
    _, of_scopes = found(lambda reader, it: roles.scopes(reader.map(it, "scopes"), reader), node(text))
    assert [each for each in of_scopes if "`previously" in each] == noted
