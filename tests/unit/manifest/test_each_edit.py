"""Commands that edit a manifest in place never change an entry with `each`: it makes other applications too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.errors import EntraConfigError, UsageError
from entra_config.manifest.editing import edit, move
from entra_config.manifest.editing.editor import Edit
from entra_config.manifest.editing.offboard import offboard
from entra_config.manifest.references import read_references
from tests.unit.manifest.conftest import TENANT, Write
from tests.unit.manifest.services import ROOT, SERVICES

HERE = Path()
PLAIN = """\
applications:
  tool:
    type: api
    displayName: Tool
    owners: [alice@contoso.com]
    identifierUris: ["api://${appId}"]
    appRoles: { Reader: { description: Reads., allowedMemberTypes: [User, Application] } }
  orders-job: { type: daemon, displayName: Job, apiPermissions: { orders-api: { application: [Reader] } } }
appRoleAssignments: { tool: { Reader: { users: [alice@contoso.com] } } }
"""


@pytest.fixture(autouse=True)
def _manifest(write: Write) -> None:
    root = ROOT.replace("[services.yaml]", "[services.yaml, plain.yaml]")
    services = SERVICES.replace(
        '"${service}-api": { delegated: [read], adminConsent: true }',
        '"${service}-api": { delegated: [read], adminConsent: true }, tool: { application: [Reader] }',
    ).replace("type: spa", "type: web")
    write(root, services=services, plain=PLAIN)


def texts() -> dict[str, str]:
    """Return the files."""
    return {path.name: path.read_text("utf-8") for path in sorted(HERE.glob("*.yaml"))}


@pytest.mark.parametrize(
    "run",
    [
        lambda: edit.add(HERE, "orders-api", "Auditor", description="Audits."),
        lambda: edit.rename(HERE, "orders-api", "Reader", "Viewer"),
        lambda: edit.remove(HERE, "orders-api", "Reader"),
        lambda: edit.assign(HERE, "orders-api", "Reader", users=["bob@contoso.com"]),
        lambda: edit.unassign(HERE, "orders-api", "Reader", groups=["orders readers"]),
        lambda: move.key(HERE, "orders-api", "sales-api"),
    ],
)
def test_what_an_entry_with_each_makes_is_not_edited(run: Callable[[], object]) -> None:
    """The message names the entry, its line and how many applications it makes."""
    before = texts()
    with pytest.raises(UsageError) as caught:
        run()
    assert "the entry `${service}-api` at services.yaml:6:3 makes 2 applications" in str(caught.value)
    assert texts() == before


def test_a_person_of_an_item_is_not_removed_from_the_entry() -> None:
    """The text of the entry means others for other items, so the command refuses and names the item's place."""
    with pytest.raises(UsageError) as caught:
        offboard(HERE, "orders@contoso.com")
    assert "it is written by the placeholder `${service.owner}`, set at services.yaml:3:22" in str(
        caught.value
    )
    assert "it means `billing@contoso.com` and `bob@contoso.com`" in str(caught.value)


def written(made: Edit) -> str:
    """Return the new text of the file of entries with `each`."""
    return made.after.get(Path("services.yaml"), "")


def test_plain_entries_are_edited_next_to_them() -> None:
    """A role of a plain application is renamed where an entry with `each` names it, for all of its items."""
    renamed = edit.rename(HERE, "tool", "Reader", "Viewer")
    assert "tool: { application: [Viewer] }" in written(renamed)
    assert "${service}-api: { each: { service: services }, Reader:" in written(renamed)
    assert written(offboard(HERE, "alice@contoso.com")) == ""
    assert set(edit.remove(HERE, "tool", "Reader").after) == {Path("plain.yaml"), Path("services.yaml")}


def test_an_environment_is_renamed_in_items() -> None:
    """`only` of an item names environments."""
    made = move.environment(HERE, "prod", "live", unpinned=True)
    assert any("only: [live]" in text for text in made.edits[0].after.values())


def test_an_entry_of_its_own_next_to_an_item_is_not_taken_for_the_application(write: Write) -> None:
    """Only a part of the application is in that entry."""
    path = Path("plain.yaml")
    path.write_text(PLAIN + "  # more\n", encoding="utf-8")
    path.write_text(
        PLAIN.replace("applications:\n", "applications:\n  orders-api: { notes: Ours. }\n"), "utf-8"
    )
    with pytest.raises(EntraConfigError, match="cannot be edited in place"):
        edit.rename(HERE, "orders-api", "Reader", "Viewer")


def test_mentions_are_those_of_each_item() -> None:
    """An application, a role and a person are found by what each item makes, with the item's place."""
    references = read_references(HERE)
    assert {str(each.place.path[0]) for each in references.to_application("billing-api")} == {
        "applications",
        "appRoleAssignments",
    }
    (role, *_) = [each for each in references.to_role("orders-api", "Reader") if each.place.is_key]
    assert role.of == "orders-api"
    owners = [each for each in references.every if each.noun == "user" and each.name == "bob@contoso.com"]
    assert [each.environments for each in owners] == [("prod",)]
    assert TENANT not in {each.name for each in references.every}
