"""Edits in place where entries end: given for a time, taken, renamed, taken out; and told to who reviews it."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.manifest import edits, loader
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
