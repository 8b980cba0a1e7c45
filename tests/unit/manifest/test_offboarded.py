"""Who leaves is taken out of every list and lock file: by name, by id, and what nobody can take out is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import UsageError
from entra_config.manifest.editing.offboard import offboard
from tests.unit.manifest.conftest import HEAD, TENANT

ROOT = Path("entra-config.yaml")
LOCK = Path("entra-config.dev.lock.yaml")
ALICE, BOB = "5c1b2f7e-0000-4000-8000-00000000000a", "5c1b2f7e-0000-4000-8000-00000000000b"
TEXT = """\
applications:
  api:
    type: api
    displayName: API
    appRoles: { Reader: Reads., Writer: Writes. }
    owners: [Alice@contoso.com, bob@contoso.com]
appRoleAssignments:
  api:
    Reader: { users: [bob@contoso.com, { id: %s }], groups: [alice@contoso.com] }
    Writer: { users: [{ name: alice@contoso.com, until: 2027-01-31 }, bob@contoso.com] }
"""
PINS = f"tenantId: {TENANT}\nusers:\n  alice@contoso.com: {ALICE}\n  bob@contoso.com: {BOB}\n"


def test_a_person_leaves_by_name_and_by_id() -> None:
    """Out of lists of people, whatever the case of a letter, and out of the lock file; a group stays."""
    ROOT.write_text(HEAD + TEXT % ALICE, encoding="utf-8")
    LOCK.write_text(PINS, encoding="utf-8")

    offboard(ROOT, "ALICE@contoso.com").write()

    text = ROOT.read_text(encoding="utf-8")
    assert "owners: [bob@contoso.com]" in text
    assert "Reader: { users: [bob@contoso.com], groups: [alice@contoso.com] }" in text
    assert "Writer: { users: [bob@contoso.com] }" in text
    pins = LOCK.read_text(encoding="utf-8")
    assert (ALICE in pins, BOB in pins) == (False, True)


def test_a_person_may_stand_in_a_lock_file_alone() -> None:
    """Then that alone changes."""
    ROOT.write_text(HEAD + "applications: { api: { type: api, displayName: API } }\n", encoding="utf-8")
    LOCK.write_text(PINS, encoding="utf-8")

    edit = offboard(ROOT, "alice@contoso.com")

    assert [path.name for path in edit.after] == [LOCK.name]
    assert edit.notes == ()


def test_who_stands_nowhere_is_not_taken_out() -> None:
    """Somebody who is called much like that is offered."""
    ROOT.write_text(HEAD + "applications: { api: { type: api, displayName: API } }\n", encoding="utf-8")
    LOCK.write_text(PINS, encoding="utf-8")

    with pytest.raises(
        UsageError, match=r"^`alic@contoso\.com` stands in no file of .*Did you mean `alice@contoso\.com`"
    ):
        offboard(ROOT, "alic@contoso.com")


def test_what_access_tests_say_of_a_person_is_for_somebody_else() -> None:
    """It is noted with its place, and what is about others is not."""
    ROOT.write_text(HEAD + TEXT % ALICE, encoding="utf-8")
    LOCK.write_text(PINS, encoding="utf-8")
    Path("tests").mkdir()
    Path("tests/access.yaml").write_text(
        "people:\n  bob@contoso.com: { holds: [api/Reader] }\n  alice@contoso.com: { holds: [api/Reader] }\n",
        encoding="utf-8",
    )

    notes = offboard(ROOT, "alice@contoso.com").notes

    assert notes == (
        "tests/access.yaml:3:3: access tests are about `alice@contoso.com`; they are yours to change",
    )


def test_what_only_adds_is_said_to_be_held_still() -> None:
    """At an application of others: whoever was given it there has it until somebody takes it away."""
    said = "enterpriseApplications: { hr: HR }\nappRoleAssignments: { hr: { %s } }\n"
    held = "Any: { additive: true, users: [alice@contoso.com] }, All: { users: [alice@contoso.com] }"
    ROOT.write_text(HEAD + said % held, encoding="utf-8")

    assert offboard(ROOT, "alice@contoso.com").notes == (
        "hr/Any is additive: what was given there is held until somebody takes it away",
    )


def test_an_owner_that_somebody_accepted_is_accepted_no_more() -> None:
    """By the id in the lock file; the other owners stay accepted."""
    ROOT.write_text(HEAD + TEXT % ALICE, encoding="utf-8")
    app = f"applications:\n  api:\n    appId: {TENANT}\n    owners: [{ALICE}, {BOB}]\n"
    LOCK.write_text(PINS + app, encoding="utf-8")

    offboard(ROOT, "alice@contoso.com").write()

    pins = LOCK.read_text(encoding="utf-8")
    assert (ALICE in pins, pins.count(BOB)) == (False, 2)
