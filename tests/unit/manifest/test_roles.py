"""Scopes and app roles."""

from __future__ import annotations

from entra_config.manifest.parts import AppRole, Scope
from tests.unit.manifest.conftest import One

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
