"""Scopes and app roles."""

from __future__ import annotations

import pytest

from entra_config.manifest.parts import AppRole, Scope
from tests.unit.manifest.conftest import One, Problems

SCOPE = "{ displayName: Read, description: Reads it.%s }"


def test_a_label_is_the_value_unless_one_is_written(one: One) -> None:
    """`value` defaults to the label, and may be null for a role."""
    app = one(
        "type: api, scopes: { s: " + SCOPE % ", value: files.read" + " },"
        " appRoles: { A: { description: x }, B: { description: x, value: b }, C: { description: x, value: null } }"
    )
    assert app.scopes["s"].value == "files.read"
    assert [role.value for role in app.app_roles.values()] == ["A", "b", None]


def test_a_scope_has_short_and_long_texts(one: One) -> None:
    """The short texts are for users too where they can consent; long ones win."""
    app = one(
        "type: api, scopes: { a: " + SCOPE % "" + ", b: " + SCOPE % ", whoCanConsent: adminsAndUsers" + ","
        " c: "
        + SCOPE
        % ", whoCanConsent: adminsAndUsers, userConsentDisplayName: Mine, adminConsentDescription: All., userConsentDescription: null"
        + " }"
    )
    short, both, long = app.scopes.values()
    assert isinstance(short, Scope)
    assert (short.admin_consent_display_name, short.user_consent_display_name, short.who_can_consent) == (
        "Read",
        None,
        "admins",
    )
    assert (both.user_consent_display_name, both.user_consent_description) == ("Read", "Reads it.")
    assert (long.admin_consent_display_name, long.admin_consent_description) == ("Read", "All.")
    assert (long.user_consent_display_name, long.user_consent_description) == ("Mine", None)


def test_a_text_is_short_for_an_entry(one: One) -> None:
    """A scope's text is name and description, a role's its description; both get the narrowest rights."""
    app = one("type: api, scopes: { s: Use it }, appRoles: { Reader: Reads. }")
    assert app.scopes["s"] == Scope(
        "s", "s", "Use it", "Use it", None, None, "admins", position=app.scopes["s"].position
    )
    assert app.app_roles["Reader"] == AppRole(
        "Reader", "Reader", "Reader", "Reads.", ("User",), position=app.app_roles["Reader"].position
    )


def test_the_rest_of_a_role_is_read(one: One) -> None:
    """Member types, state, id, former label and the word `breaking`."""
    role = "{ displayName: J, description: x, allowedMemberTypes: [Application, User], isEnabled: false, id: 5C1B2F7E-0000-4000-8000-000000000000, previously: Old, breaking: true }"
    read = one(f"type: api, appRoles: {{ Job: {role} }}").app_roles["Job"]
    assert read.allowed_member_types == ("User", "Application")
    assert (read.is_enabled, read.id, read.previously, read.breaking) == (
        False,
        "5c1b2f7e-0000-4000-8000-000000000000",
        "Old",
        True,
    )


SAME = "displayName: Read, description: Reads it."


def test_a_role_and_a_scope_may_share_a_value_where_they_agree(one: One) -> None:
    """Their texts and state are one."""
    app = one(f"type: api, scopes: {{ read: {{ {SAME} }} }}, appRoles: {{ read: {{ {SAME} }} }}")
    assert app.scopes["read"].value == app.app_roles["read"].value


@pytest.mark.parametrize(
    ("role", "named"),
    [
        ("displayName: Other, description: Reads it.", "`displayName`"),
        ("displayName: Read, description: Other.", "`description`"),
        (SAME + ", isEnabled: false", "`isEnabled`"),
        ("displayName: Other, description: Other.", "`displayName` and `description`"),
    ],
)
def test_a_shared_value_must_agree(problems: Problems, role: str, named: str) -> None:
    """Graph keeps one entry for both, so what differs is told."""
    found = problems(
        f"applications: {{ a: {{ type: api, displayName: A, scopes: {{ read: {{ {SAME} }} }}, appRoles: {{ read: {{ {role} }} }} }} }}\n"
    )
    assert any(
        f"share the value `read`, which Graph allows only where {named} agree" in line for line in found
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("scopes: { 'a b': Use }", "`a b` is not a label of a scope"),
        ("scopes: { a/b: Use }", "`a/b` is not a label of a scope"),
        ("appRoles: { .x: Use }", "`.x` is not a value"),
        ("appRoles: { é: Use }", "`é` is not a value"),
        ("appRoles: { A: { description: x, value: 'a b' } }", "`a b` is not a value"),
        (f"appRoles: {{ A: {{ description: x, value: {'v' * 250} }} }}", "a value has at most 249 characters, this one 250"),
        ("scopes: { s: { displayName: x, description: x, value: null } }", "cannot be null"),
        ("scopes: { s: { displayName: x } }", "`description` of scope `s` is missing"),
        ("scopes: { s: { description: x } }", "`displayName` of scope `s` is missing"),
        ("appRoles: { A: {} }", "`description` of role `A` is missing"),
        ("scopes: { s: { displayName: x, description: x, whoCanConsent: everyone } }", "`everyone` is none of `admins` or `adminsAndUsers`"),
        ("appRoles: { A: { description: x, allowedMemberTypes: [Group] } }", "`Group` is none of `User` or `Application`"),
        ("appRoles: { A: { description: x, allowedMemberTypes: [] } }", "`allowedMemberTypes` of role `A` is empty"),
        ("appRoles: { A: x, B: { description: x, value: A } }", "the value `A` is role `A` already"),
        ("scopes: { a: x, b: { displayName: x, description: x, value: a } }", "the value `a` is scope `a` already"),
        ("appRoles: { A: x, a: x }", "the value `a` is `A` of role `A` but for the case of a letter"),
        ("scopes: { a: x, b: { displayName: x, description: x, value: A } }", "`A` is `a` of scope `a` but for the case"),
        ("appRoles: { A: x }, scopes: { a: x }", "the value `A` is `a` of scope `a` but for the case of a letter"),
        ("appRoles: { default: x }", "`default` means access without a role"),
        ("appRoles: { A: x, B: { description: x, previously: A } }", "that label is still here"),
        ("appRoles: { B: { description: x, previously: A }, C: { description: x, previously: A } }", "stands at `B` too"),
        (f"appRoles: {{ A: {{ description: {'x' * 1025} }} }}", "1025 characters long; Graph takes 1024"),
        ("appRoles: { A: { description: x, id: 1 } }", "`id`: expected a string"),
        ("scopes: [a]", "`scopes`: expected a map, found a list"),
        ("signInAudience: PersonalMicrosoftAccount, scopes: { %s: Use }" % ("s" * 41), "at most 40 characters with personal accounts"),
        ("appRoles: { A: { description: x, id: 5c1b2f7e-0000-4000-8000-000000000000 }, B: { description: x, id: 5c1b2f7e-0000-4000-8000-000000000000 } }", "is `A` already"),
    ],
)  # fmt: skip
def test_scopes_and_roles_are_checked(problems: Problems, body: str, message: str) -> None:
    """What Graph would refuse is told before anything is sent."""
    assert any(
        message in line
        for line in problems(f"applications: {{ a: {{ type: api, displayName: A, {body} }} }}\n")
    )


def test_seven_hundred_definitions_are_the_most(one: One, problems: Problems) -> None:
    """Scopes and roles count together, disabled ones too."""
    roles = ", ".join(f"R{n}: x" for n in range(650))
    fits = ", ".join(f"s{n}: x" for n in range(50))
    assert len(one(f"type: api, appRoles: {{ {roles} }}, scopes: {{ {fits} }}").app_roles) == 650
    found = problems(
        f"applications: {{ a: {{ type: api, displayName: A, appRoles: {{ {roles} }}, scopes: {{ {fits}, more: x }} }} }}\n"
    )
    assert any("701 scopes and roles; Graph takes 700" in line for line in found)
