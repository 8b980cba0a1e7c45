"""Who leaves is taken out of every list and lock file: by name, by id, and what nobody can take out is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import UsageError
from entra_config.manifest import loader
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


@pytest.mark.parametrize("name", ["ALICE@contoso.com", ALICE, ALICE.upper()])
@pytest.mark.parametrize("where", ["lock file", "manifest"])
def test_a_name_and_an_id_that_are_in_one_entry_are_one_person(name: str, where: str) -> None:
    """Whichever of the two is given, the entries that have only the other one are removed too."""
    entry = f"{{ name: alice@contoso.com, id: {ALICE} }}"
    if where == "lock file":
        LOCK.write_text(PINS, encoding="utf-8")
        entry = ALICE
    text = TEXT.replace("owners: [", f"owners: [{entry}, ") % ALICE
    ROOT.write_text(HEAD + text, encoding="utf-8")

    offboard(ROOT, name).write()

    text = ROOT.read_text(encoding="utf-8")
    assert "owners: [bob@contoso.com]" in text
    assert "Reader: { users: [bob@contoso.com], groups: [alice@contoso.com] }" in text
    assert "Writer: { users: [bob@contoso.com] }" in text


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
        UsageError, match=r"^`alic@contoso\.com` is in no file of .*Did you mean `alice@contoso\.com`"
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


TWO = """\
project: myapp
environments:
  dev:
    tenantId: 11111111-1111-1111-1111-111111111111
    overrides: { appRoleAssignments: { api: { Reader: { users: [%s] } } } }
  prod:
    tenantId: 22222222-2222-2222-2222-222222222222
    overrides: { appRoleAssignments: { api: { Reader: { users: [%s] } } } }
applications: { api: { type: api, displayName: API, appRoles: { Reader: Reads. }, owners: [%s] } }
"""
PROD_LOCK = Path("entra-config.prod.lock.yaml")
PROD_TENANT = "22222222-2222-2222-2222-222222222222"


def test_a_lock_file_connects_names_in_its_own_environment_alone() -> None:
    """Alice is also called A. Smith in dev. In prod, another tenant, that is the name of somebody else."""
    ROOT.write_text(TWO % ("a.smith@contoso.com", "a.smith@contoso.com", "bob@contoso.com"), encoding="utf-8")
    LOCK.write_text(
        f"tenantId: {TENANT}\nusers: {{ alice@contoso.com: {ALICE}, a.smith@contoso.com: {ALICE} }}\n",
        encoding="utf-8",
    )
    prod = f"tenantId: {PROD_TENANT}\nusers:\n  a.smith@contoso.com: {BOB}\n"
    PROD_LOCK.write_text(prod, encoding="utf-8")

    offboard(ROOT, "alice@contoso.com").write()

    assert ROOT.read_text(encoding="utf-8") == TWO % ("", "a.smith@contoso.com", "bob@contoso.com")
    assert ALICE not in LOCK.read_text(encoding="utf-8")
    assert PROD_LOCK.read_text(encoding="utf-8") == prod


def test_a_name_that_another_lock_file_gives_to_somebody_else_is_left_to_people() -> None:
    """One entry of both environments cannot be removed for one of them."""
    text = TWO % ("", "", "a.smith@contoso.com")
    ROOT.write_text(text, encoding="utf-8")
    LOCK.write_text(
        f"tenantId: {TENANT}\nusers: {{ alice@contoso.com: {ALICE}, a.smith@contoso.com: {ALICE} }}\n",
        encoding="utf-8",
    )
    PROD_LOCK.write_text(
        f"tenantId: {PROD_TENANT}\nusers: {{ a.smith@contoso.com: {BOB} }}\n", encoding="utf-8"
    )

    with pytest.raises(UsageError) as raised:
        offboard(ROOT, "alice@contoso.com")

    assert (
        "entra-config.yaml:9:92: `a.smith@contoso.com`, and `entra-config.prod.lock.yaml` does not pin it as "
        "`alice@contoso.com`" in str(raised.value)
    )
    assert ROOT.read_text(encoding="utf-8") == text


def test_an_id_is_one_person_in_every_environment() -> None:
    """Prod pins nobody: there the id of dev's lock file is the same person."""
    ROOT.write_text(TWO % ("", ALICE, "bob@contoso.com"), encoding="utf-8")
    LOCK.write_text(PINS, encoding="utf-8")

    offboard(ROOT, "alice@contoso.com").write()

    assert ROOT.read_text(encoding="utf-8") == TWO % ("", "", "bob@contoso.com")


def test_the_lock_file_of_a_fleets_tenant_connects_names_in_that_tenant_alone() -> None:
    """What one tenant calls Alice is somebody else in another one."""
    ROOT.write_text(
        "project: myapp\nenvironments: { customer: { fleet: true } }\n"
        "applications: { api: { type: api, displayName: API, owners: [alice@contoso.com] } }\n",
        encoding="utf-8",
    )
    folder = Path("locks/customer")
    folder.mkdir(parents=True)
    (folder / "first.lock.yaml").write_text(
        f"tenantId: {TENANT}\nusers: {{ alice@contoso.com: {ALICE}, a.smith@contoso.com: {ALICE} }}\n",
        encoding="utf-8",
    )
    second = f"tenantId: {PROD_TENANT}\nusers:\n  a.smith@contoso.com: {BOB}\n"
    (folder / "second.lock.yaml").write_text(second, encoding="utf-8")

    offboard(ROOT, "alice@contoso.com").write()

    assert "owners: []" in ROOT.read_text(encoding="utf-8")
    assert ALICE not in (folder / "first.lock.yaml").read_text(encoding="utf-8")
    assert (folder / "second.lock.yaml").read_text(encoding="utf-8") == second


SHARED = """\
project: myapp
environments:
  dev:
    tenantId: 11111111-1111-1111-1111-111111111111
    variables: { lead: alice@contoso.com, other: bob@contoso.com }
    overrides: { appRoleAssignments: { api: { Reader: { users: ["${lead}", carol@contoso.com] } } } }
  prod:
    tenantId: 11111111-1111-1111-1111-111111111111
    variables: { lead: alice@contoso.com, other: alice@contoso.com }
applications:
  api: { type: api, displayName: API, appRoles: { Reader: Reads., Writer: Writes. }, owners: &people [bob@contoso.com, ALICE@contoso.com] }
enterpriseApplications: { hr: { displayName: HR, owners: *people, notificationEmailAddresses: [alice@contoso.com] } }
appRoleAssignments:
  api: { Reader: { users: ["${lead}", bob@contoso.com] }, Writer: { users: [%s] } }
"""


def test_a_person_leaves_from_behind_variables_overrides_and_aliases() -> None:
    """A text that means this person in every environment goes, whatever writes it; the variable is noted."""
    ROOT.write_text(SHARED % "bob@contoso.com", encoding="utf-8")

    edit = offboard(ROOT, "alice@contoso.com")
    edit.write()

    for name in ("dev", "prod"):
        manifest = loader.load(ROOT, name)
        held = [each.name for given in manifest.assignments.values() for each in given.users]
        owners = [each.name for each in manifest.applications["api"].owners or ()]
        assert not {"alice@contoso.com", "ALICE@contoso.com"} & {*held, *owners}
        assert "bob@contoso.com" in (*owners, *held)
    text = ROOT.read_text(encoding="utf-8")
    assert "owners: &people [bob@contoso.com]" in text
    assert "notificationEmailAddresses: []" in text
    assert edit.notes == (
        "entra-config.yaml:5:24: the variable `lead` still has this value",
        "entra-config.yaml:9:24: the variable `lead` still has this value",
    )


def test_a_text_that_is_another_person_elsewhere_is_left_to_people() -> None:
    """Nothing is written, and the place says why: to take it out would take the other out too."""
    text = SHARED % '"${other}"'
    ROOT.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as raised:
        offboard(ROOT, "alice@contoso.com")

    assert (
        "entra-config.yaml:14:77: it is written by the placeholder `${other}`, set at entra-config.yaml:9:50, and it means `bob@contoso.com` in `dev`"
        in str(raised.value)
    )
    assert ROOT.read_text(encoding="utf-8") == text


def test_what_a_fleets_tenants_set_is_to_be_looked_up() -> None:
    """No tenant's variable is known without the fleet's file, so the place is noted."""
    ROOT.write_text(
        "project: myapp\nenvironments: { customer: { fleet: true } }\n"
        'applications: { api: { type: api, displayName: API, owners: ["${admin}", alice@contoso.com] } }\n',
        encoding="utf-8",
    )

    assert offboard(ROOT, "alice@contoso.com").notes == (
        "entra-config.yaml:3:62: the fleet's file sets `${admin}`; look for `alice@contoso.com` there",
    )
