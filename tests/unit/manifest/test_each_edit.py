"""Commands that edit a manifest in place never change an entry with `each`: it makes other applications too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.errors import EntraConfigError, UsageError
from entra_config.manifest import loader
from entra_config.manifest.editing import edit, move
from entra_config.manifest.editing.editor import Edit
from entra_config.manifest.editing.offboard import offboard
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.pins import Lock, PinnedApplication
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
        lambda: edit.assign(HERE, "orders-api", "Reader", users=["bob@contoso.com"]),
        lambda: edit.unassign(HERE, "orders-api", "Reader", groups=["orders readers"]),
        lambda: move.key(HERE, "orders-api", "sales-api"),
    ],
)
def test_what_an_entry_with_each_makes_is_not_edited(run: Callable[[], object]) -> None:
    """The message names the entry, its line and for how many applications it is."""
    before = texts()
    with pytest.raises(UsageError) as caught:
        run()
    assert "the entry `${service}-api` at services.yaml:" in str(caught.value)
    assert "is for 2 applications" in str(caught.value)
    assert texts() == before


@pytest.mark.parametrize(
    ("run", "ways"),
    [
        (
            lambda: edit.add(HERE, "orders-api", "Auditor", description="Audits."),
            [
                "entra-config app-role add orders-api/Auditor --description Audits. --all",
                "entra-config app-role add orders-api/Auditor --description Audits. --only-here",
            ],
        ),
        (
            lambda: edit.rename(HERE, "orders-api", "Reader", "Viewer"),
            ["entra-config app-role rename orders-api/Reader Viewer --all"],
        ),
        (
            lambda: edit.assign(HERE, "orders-api", "Reader", users=["bob@contoso.com"]),
            [
                "entra-config app-role assign orders-api/Reader --user bob@contoso.com --all",
                "entra-config app-role assign orders-api/Reader --user bob@contoso.com --only-here",
            ],
        ),
        (
            lambda: edit.unassign(HERE, "orders-api", "Reader", groups=["orders readers"], scope="here"),
            [
                "entra-config app-role unassign orders-api/Reader --group '${service} readers' --all",
                "entra-config app-role unassign orders-api/Reader --group 'orders readers' -e dev",
                "entra-config app-role unassign orders-api/Reader --group 'orders readers' -e prod",
            ],
        ),
        (
            lambda: edit.assign(HERE, "billing-api", "Reader", groups=["Staff"], scope="here"),
            [
                "entra-config app-role assign billing-api/Reader --group Staff --all",
                "entra-config app-role assign billing-api/Reader --group Staff -e prod",
            ],
        ),
        (
            lambda: edit.unassign(HERE, "orders-api", "Reader", groups=["orders readers"], scope="all"),
            ["entra-config app-role unassign orders-api/Reader --group '${service} readers' --all"],
        ),
        (
            lambda: edit.remove(HERE, "orders-api", "Reader"),
            ["entra-config app-role remove orders-api/Reader --all"],
        ),
    ],
)
def test_a_role_of_several_applications_is_edited_by_a_command_that_says_so(
    run: Callable[[], object], ways: list[str]
) -> None:
    """The commands are printed; renames and removals are for all applications only."""
    with pytest.raises(UsageError) as caught:
        run()
    assert str(caught.value).splitlines()[1:] == [f"  {way}" for way in ways]


def test_a_role_is_added_for_all_or_only_here() -> None:
    """`--all` edits the entry; `--only-here` writes an entry of its own with the one role."""
    every = edit.add(HERE, "orders-api", "Auditor", description="Audits.", scope="all")
    assert set(roles(every, "prod")) == {("billing-api", "Auditor"), ("orders-api", "Auditor")}

    here = edit.add(HERE, "orders-api", "Auditor", description="Audits.", scope="here")
    assert roles(here, "prod") == [("orders-api", "Auditor")]


def roles(made: Edit, environment: str) -> list[tuple[str, str]]:
    """Return the roles of the changed manifest that the files have not."""
    before, after = (
        {
            (key, label)
            for key, application in loader.load(HERE, environment, contents=contents).applications.items()
            for label in application.app_roles
        }
        for contents in ({}, made.after)
    )
    return sorted(after - before)


def test_a_role_is_renamed_and_removed_for_all() -> None:
    """Also where something else names it, for one of the applications or for all."""
    renamed = edit.rename(HERE, "orders-api", "Reader", "Viewer", scope="all")
    assert roles(renamed, "prod") == [("billing-api", "Viewer"), ("orders-api", "Viewer")]
    assert "orders-api: { application: [Viewer] }" in renamed.after[Path("plain.yaml")]
    assert "tool: { application: [Reader] }" in written(renamed)

    removed = edit.remove(HERE, "orders-api", "Reader", scope="all")
    assert "Reader" not in written(removed).replace("tool: { application: [Reader] }", "")


HOLDERS = {
    "orders-api": ("orders readers",),
    "billing-api": ("billing readers",),
    "tool": ("alice@contoso.com",),
}


def holders(made: Edit, environment: str = "prod") -> dict[str, tuple[str, ...]]:
    """Return who holds Reader of each application of the changed manifest, if that is another."""
    found = {
        key: tuple(sorted(each.name for each in (*assignees.groups, *assignees.users)))
        for (key, _), assignees in loader.load(HERE, environment, contents=made.after).assignments.items()
    }
    return {key: names for key, names in found.items() if names != HOLDERS[key]}


def test_a_role_is_assigned_for_all_or_only_here() -> None:
    """A list is in one place: that of the entry, or of the entry next to it, or of an environment's overrides."""
    bob = "bob@contoso.com"
    every = edit.assign(HERE, "orders-api", "Reader", users=[bob], scope="all")
    assert holders(every) == {
        "orders-api": (bob, "orders readers"),
        "billing-api": ("billing readers", bob),
    }
    text = edit.assign(HERE, "orders-api", "Reader", groups=["${service} staff"], scope="all")
    assert holders(text)["billing-api"] == ("billing readers", "billing staff")

    here = edit.assign(HERE, "orders-api", "Reader", users=[bob], scope="here")
    assert holders(here) == {"orders-api": (bob, "orders readers")}
    here.write()
    assert holders(edit.unassign(HERE, "orders-api", "Reader", users=[bob], scope="here")) == {}
    with pytest.raises(UsageError, match=f"`{bob}` already has orders-api/Reader"):
        edit.assign(HERE, "orders-api", "Reader", users=[bob], scope="here")


def test_in_one_environment_the_overrides_have_the_list_of_the_item() -> None:
    """They begin with what the entry gives, and other environments and applications stay."""
    more = edit.assign(HERE, "orders-api", "Reader", groups=["Staff"], environment="prod")
    assert holders(more) == {"orders-api": ("Staff", "orders readers")}
    assert holders(more, "dev") == {}
    more.write()
    less = edit.unassign(HERE, "orders-api", "Reader", groups=["orders readers"], environment="prod")
    assert holders(less) == {"orders-api": ("Staff",)}
    with pytest.raises(UsageError, match="--all and -e exclude each other"):
        edit.assign(HERE, "orders-api", "Reader", groups=["Sales"], environment="prod", scope="all")


def test_a_role_is_taken_from_all() -> None:
    """The name is the text of the entry."""
    made = edit.unassign(HERE, "orders-api", "Reader", groups=["${service} readers"], scope="all")
    assert holders(made) == {"orders-api": (), "billing-api": ()}


def test_without_assignments_an_entry_for_all_has_the_same_list() -> None:
    """`--all` writes one with the `each` of the applications."""
    path = Path("services.yaml")
    path.write_text(path.read_text("utf-8").partition("appRoleAssignments:")[0], encoding="utf-8")
    made = edit.assign(HERE, "orders-api", "Reader", groups=["${service} readers"], scope="all")
    assert holders(made) == {}
    here = edit.assign(HERE, "orders-api", "Reader", groups=["Staff"], scope="here")
    assert holders(here)["orders-api"] == ("Staff",)


def test_what_only_one_application_has_is_edited_as_any_other() -> None:
    """A role that `--only-here` wrote is assigned, renamed and removed without a scope."""
    edit.add(HERE, "orders-api", "Auditor", description="Audits.", scope="here").write()
    renamed = edit.rename(HERE, "orders-api", "Auditor", "Looker")
    assert roles(renamed, "prod") == [("orders-api", "Looker")]
    assert roles(edit.remove(HERE, "orders-api", "Auditor"), "prod") == []
    with pytest.raises(UsageError, match=r"`Auditor` is not a role of `\$\{service\}-api`"):
        edit.remove(HERE, "orders-api", "Auditor", scope="all")
    edit.assign(HERE, "orders-api", "Auditor", users=["bob@contoso.com"], scope="here").write()
    assert "Auditor" not in str(edit.remove(HERE, "orders-api", "Auditor").after)


def test_a_key_is_renamed_for_all() -> None:
    """Wherever the entry or one of its applications is named, and each has its former key."""
    before = {each.manifest.environment: set(each.manifest.applications) for each in loader.checked(HERE)}
    pinned = PinnedApplication("22222222-2222-2222-2222-222222222222")
    lock.save(loader.lock_path(HERE, "prod"), Lock(TENANT, applications={"orders-api": pinned}), "prod")
    made = move.key(HERE, "orders-api", "${service}-backend", every=True)
    (edited,), (pins,) = made.edits, made.locks.values()
    assert pins is not None
    assert {key: pin.was for key, pin in pins.applications.items()} == {"orders-backend": "orders-api"}
    for each in loader.checked(HERE, contents=edited.after):
        applications = each.manifest.applications
        renamed = {key.replace("-api", "-backend") for key in before[each.manifest.environment]}
        assert set(applications) == renamed
        assert applications["orders-backend"].previously == "orders-api"
        assert applications["orders-spa"].api_permissions.keys() == {"orders-backend", "tool"}
        assert ("orders-backend", "Reader") in each.manifest.assignments
    assert "apiPermissions: { orders-backend: " in edited.after[Path("plain.yaml")]


def test_placeholders_of_appids_are_renamed() -> None:
    """Also with the item in them, several in one text, and those of another application stay."""
    for name, more in (
        ("services", "notes: '${applications.${service}-api.appId} ${applications.${service}-api.appId}'"),
        (
            "plain",
            "notes: '${applications.tool.appId} ${applications.orders-api.appId} $${applications.tool}'",
        ),
    ):
        path = Path(f"{name}.yaml")
        text = path.read_text("utf-8").replace("type: web\n", f"type: web\n    {more}\n")
        path.write_text(text.replace("displayName: Tool\n", f"displayName: Tool\n    {more}\n"), "utf-8")
    every = move.key(HERE, "orders-api", "${service}-backend", every=True)
    (edited,) = every.edits
    assert "'${applications.${service}-backend.appId} ${applications.${service}-backend.appId}'" in written(
        edited
    )
    assert (
        "'${applications.tool.appId} ${applications.orders-backend.appId} $${applications.tool}'"
        in (edited.after[Path("plain.yaml")])
    )
    (one,) = move.key(HERE, "tool", "shed").edits
    assert (
        "'${applications.shed.appId} ${applications.orders-api.appId} $${applications.tool}'"
        in (one.after[Path("plain.yaml")])
    )
    found = read_references(HERE).to_application("billing-api")
    nested = [each.place for each in found if each.place.path[-1] == "notes"]
    assert {place.text[place.start : place.end] for place in nested} == {"${service}-api"}
    assert nested[0].obstacle.startswith(
        "it is written by the placeholder `${service}`, set at services.yaml:4"
    )


def test_two_parts_of_one_text_are_renamed() -> None:
    """The application is named twice in one text."""
    path = Path("plain.yaml")
    twice = "'${applications.tool.appId}, ${applications.tool.appId}.'"
    path.write_text(PLAIN.replace("displayName: Tool", f"displayName: Tool\n    notes: {twice}"), "utf-8")
    (edit_,) = move.key(HERE, "tool", "shed").edits
    assert twice.replace("tool", "shed") in edit_.after[path]


@pytest.mark.parametrize(
    ("old", "new", "every", "message"),
    [
        ("orders-api", "backend", True, "expected a key with `${service}`"),
        ("orders-api", "${service}-${service}", True, "expected a key with `${service}`"),
        (
            "orders-api",
            "orders-backend",
            False,
            "entra-config move key orders-api '${service}-backend' --all",
        ),
        ("orders-api", "sales", False, "entra-config move key orders-api '${service}-sales' --all"),
        ("tool", "shed", True, "`tool` is an entry of its own: leave out --all"),
    ],
)
def test_a_key_that_cannot_be_renamed(old: str, new: str, every: bool, message: str) -> None:
    """The message has the command, or what is expected."""
    with pytest.raises(UsageError) as caught:
        move.key(HERE, old, new, every=every)
    assert message in str(caught.value)


def test_a_key_is_not_renamed_where_another_entry_means_more() -> None:
    """The same text is about an application of another entry for another item."""
    path = Path("plain.yaml")
    more = "  ${x}-job: { each: { x: [orders, spare] }, type: daemon, displayName: '${x}', apiPermissions: "
    spare = "  spare-api: { type: api, displayName: S, identifierUris: ['api://${appId}'], appRoles: { Reader: { description: R., allowedMemberTypes: [Application] } } }\n"
    text = PLAIN.replace(
        "  orders-job:", f"{spare}{more}{{ '${{x}}-api': {{ application: [Reader] }} }} }}\n  job:"
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="it is about `spare-api` too"):
        move.key(HERE, "orders-api", "${service}-backend", every=True)


def test_a_scope_is_for_what_an_entry_with_each_makes() -> None:
    """A plain entry is edited without."""
    with pytest.raises(UsageError, match="`tool` is an entry of its own: leave out --all"):
        edit.add(HERE, "tool", "Auditor", description="Audits.", scope="all")
    with pytest.raises(UsageError, match="`tool` is an entry of its own: leave out --only-here"):
        edit.assign(HERE, "tool", "Reader", users=["bob@contoso.com"], scope="here")


def test_a_place_that_is_about_another_application_for_another_item_is_not_edited() -> None:
    """The same text asks for a role of `tool` for one item, and of `shed` for another."""
    text = PLAIN.replace(
        "  orders-job:",
        "  shed: { type: api, displayName: Shed, identifierUris: ['api://${appId}'], "
        "appRoles: { Reader: { description: R., allowedMemberTypes: [Application] } } }\n"
        "  ${x}-job: { each: { x: { a: { api: tool }, b: { api: shed } } }, type: daemon, displayName: '${x}', "
        "apiPermissions: { '${x.api}': { application: [Reader] } } }\n"
        "  orders-job:",
    )
    Path("plain.yaml").write_text(text, encoding="utf-8")
    for run in (
        lambda: edit.rename(HERE, "tool", "Reader", "Viewer"),
        lambda: edit.remove(HERE, "tool", "Reader"),
    ):
        with pytest.raises(UsageError, match="it is about `shed` too, for another item"):
            run()


@pytest.mark.parametrize("head", ["", "# Services.\n\n", "\ufeff"])
def test_a_generated_file_is_not_edited(head: str) -> None:
    """A comment before the first key names the target that writes the file."""
    path = Path("plain.yaml")
    path.write_text(f"{head}# generated by make manifest\n{PLAIN}", encoding="utf-8")
    before = texts()
    with pytest.raises(UsageError, match=r"plain\.yaml is generated, .* and run `make manifest`"):
        edit.add(HERE, "tool", "Auditor", description="Audits.")
    assert texts() == before

    path.write_text(f"{head}{PLAIN}# generated by make manifest\n", encoding="utf-8")
    assert edit.add(HERE, "tool", "Auditor", description="Audits.").after


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
