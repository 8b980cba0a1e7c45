"""Edits in place where entries end: given for a time, taken, renamed, taken out; and told to who reviews it."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import UsageError
from entra_config.manifest import edits, loader
from entra_config.manifest.editing import edit
from entra_config.manifest.editing.offboard import offboard
from entra_config.manifest.environments.pins import Lock
from tests.unit.manifest.conftest import HEAD

ROOT = Path("entra-config.yaml")
TEXT = """\
applications:
  api:
    type: api
    displayName: API
    appRoles: { Job: { description: Runs., allowedMemberTypes: [User, Application] } }
    owners: [{ name: bob@contoso.com, until: 2027-01-31 }]
  web:
    type: web
    displayName: Web
    apiPermissions: { api: { application: [Job], adminConsent: [{ name: Job, until: 2027-01-31 }] } }
appRoleAssignments:
  api:
    Job:
      users: # people
        - alice@contoso.com
        - { name: bob@contoso.com, until: 2027-01-31 } # for the audit
      groups: [Staff]
"""


@pytest.fixture(autouse=True)
def root(folder: Path) -> Path:
    """Write the manifest."""
    (folder / ROOT).write_text(HEAD + TEXT)
    return folder / ROOT


def test_a_role_is_given_for_a_time_and_taken() -> None:
    """With its day, beside what stands there; whoever has it for a time has it, and can lose it."""
    from datetime import date

    made = edit.assign(
        ROOT, "api", "Job", users=["carol@contoso.com"], groups=["Guests"], until=date(2027, 3, 1)
    )
    (text,) = made.after.values()
    assert "        - { name: carol@contoso.com, until: 2027-03-01 }\n" in text.replace('"', "")
    assert "groups: [Staff, { name: Guests, until: 2027-03-01 }]" in text.replace('"', "")
    with pytest.raises(UsageError, match=r"already has api/Job: entra-config\.yaml:18"):
        edit.assign(ROOT, "api", "Job", users=["bob@contoso.com"])
    (text,) = edit.unassign(ROOT, "api", "Job", users=["bob@contoso.com"]).after.values()
    assert "bob@contoso.com" not in text.partition("appRoleAssignments")[2]
    assert "- alice@contoso.com" in text


def test_a_rename_finds_what_is_consented_for_a_time() -> None:
    """The day stays with the new name; a role that goes takes its consent along."""
    (text,) = edit.rename(ROOT, "api", "Job", "Work").after.values()
    assert "adminConsent: [{ name: Work, until: 2027-01-31 }]" in text
    (text,) = edit.remove(ROOT, "api", "Job").after.values()
    assert "until" not in text.partition("adminConsent")[2].partition("appRole")[0]


def test_a_person_is_taken_out_with_the_day() -> None:
    """Of owners and holders alike."""
    (text,) = offboard(ROOT, "bob@contoso.com").after.values()
    assert "bob@contoso.com" not in text


@pytest.mark.parametrize(
    ("was", "now", "reported"),
    [
        (
            "name: bob@contoso.com, until: 2027-01-31 } #",
            "name: bob@contoso.com, until: 2027-02-01 } #",
            "until 1 Feb 2027, and was until 31 Jan 2027",
        ),
        (
            "{ name: bob@contoso.com, until: 2027-01-31 } #",
            "bob@contoso.com #",
            "for good, and was until 31 Jan 2027",
        ),
        ("[{ name: Job, until: 2027-01-31 }]", "[Job]", "web has consent to Job of api for good"),
        (
            "owners: [{ name: bob@contoso.com, until: 2027-01-31 }]",
            "owners: [bob@contoso.com]",
            "owns api for good",
        ),
        ("until: 2027-01-31 } #", "until: 2027-01-30 } #", ""),
        ("        - { name: bob@contoso.com, until: 2027-01-31 } # for the audit\n", "", ""),
    ],
)
def test_a_later_end_is_a_guard_that_a_change_lowers(root: Path, was: str, now: str, reported: str) -> None:
    """No change of the tenant shows it: an end that is later, or gone, is told; an earlier one is not."""
    before = loader.load(ROOT)
    root.write_text(root.read_text().replace(was, now))
    after = loader.load(ROOT)
    found = [str(each.text) for each in edits.between((before, Lock()), (after, Lock())).guards]

    assert len(found) == bool(reported), found
    assert reported in "".join(found)
    assert before != after
