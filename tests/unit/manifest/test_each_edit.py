"""Commands that edit a manifest in place never change an entry with `each`: it makes other applications too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.errors import UsageError
from entra_config.manifest import loader
from entra_config.manifest.editing import edit, move
from entra_config.manifest.editing.editor import Edit
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


def written(made: Edit) -> str:
    """Return the new text of the file of entries with `each`."""
    return made.after.get(Path("services.yaml"), "")


def test_lists_of_one_application_become_one_of_all() -> None:
    """`--all` takes in who has the role by an own entry, also after the last holder of it is removed."""
    bob, carol = "bob@contoso.com", "carol@contoso.com"
    edit.assign(HERE, "orders-api", "Reader", users=[bob], scope="here").write()
    assert "  orders-api: " in written(edit.assign(HERE, "orders-api", "Reader", users=[carol], scope="here"))
    every = edit.assign(HERE, "orders-api", "Reader", users=[bob], scope="all")
    assert holders(every)["billing-api"] == ("billing readers", bob)
    with pytest.raises(UsageError) as caught:
        edit.assign(HERE, "billing-api", "Reader", users=[carol], scope="all")
    assert [line.strip() for line in str(caught.value).splitlines()[1:]] == [
        f"entra-config app-role unassign orders-api/Reader --user {bob} --only-here",
        f"entra-config app-role assign billing-api/Reader --user {carol} --all",
        f"entra-config app-role assign orders-api/Reader --user {bob} -e dev",
        f"entra-config app-role assign orders-api/Reader --user {bob} -e prod",
    ]
    with pytest.raises(UsageError, match="`orders-api` has an entry of its own: use --only-here"):
        edit.unassign(HERE, "billing-api", "Reader", users=[bob], scope="all")
    with pytest.raises(UsageError) as caught:
        edit.unassign(HERE, "orders-api", "Reader", groups=["orders readers"])
    assert "--only-here" not in str(caught.value)
    edit.unassign(HERE, "orders-api", "Reader", users=[bob], scope="here").write()
    every = edit.assign(HERE, "billing-api", "Reader", users=[carol], scope="all")
    assert holders(every)["orders-api"] == (carol, "orders readers")
    edit.unassign(HERE, "billing-api", "Reader", groups=["${service} readers"], scope="all").write()
    alone = edit.assign(HERE, "orders-api", "Reader", groups=["Staff"], scope="here")
    assert holders(alone) == {"orders-api": ("Staff",)}


def test_what_is_only_here_is_in_the_file_of_the_entry() -> None:
    """Not in a file before it, and not in one that may not declare it. The same role for all takes it in."""
    root = Path("entra-config.yaml")
    restricted = "[{ path: plain.yaml, mayDeclare: [applications/tool, appRoleAssignments/tool, applications/orders-job] }, services.yaml]"
    text = root.read_text("utf-8").replace("[services.yaml, plain.yaml]", restricted)
    root.write_text(text, encoding="utf-8")
    made = edit.add(HERE, "orders-api", "Auditor", description="Audits.", scope="here")
    assert set(made.after) == {Path("services.yaml")}
    made.write()
    with pytest.raises(UsageError, match="`orders-api` already has a role `Auditor`"):
        edit.add(HERE, "billing-api", "Auditor", description="Other.", scope="all")
    with pytest.raises(UsageError, match="`orders-api` already has a role `Reader`"):
        edit.add(HERE, "orders-api", "Reader", description="Reads.", scope="here")
    every = edit.add(HERE, "billing-api", "Auditor", description="Audits.", scope="all")
    assert roles(every, "prod") == [("billing-api", "Auditor")]
    assert "  orders-api:" not in written(every)
    here = edit.assign(HERE, "orders-api", "Reader", users=["bob@contoso.com"], scope="here")
    assert set(here.after) == {Path("services.yaml")}


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
    assert (
        "'${applications.${service}-backend.appId} ${applications.${service}-backend.appId}'"
        in (edited.after[Path("services.yaml")])
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
        ("orders-api", "${service}-api", True, "`${service}-api` is the key of the entry already"),
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


def test_an_environment_is_renamed_in_items() -> None:
    """`only` of an item names environments."""
    made = move.environment(HERE, "prod", "live", unpinned=True)
    assert any("only: [live]" in text for text in made.edits[0].after.values())


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
