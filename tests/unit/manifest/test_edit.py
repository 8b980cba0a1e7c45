"""Roles edited in place."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from entra_config.errors import ManifestError, UsageError
from entra_config.manifest import loader
from entra_config.manifest.editing import edit
from entra_config.manifest.editing.editor import Edit
from tests.unit.manifest.conftest import HEAD, TENANT, Write
from tests.unit.manifest.splicing import put, remove

EXAMPLE = Path(__file__).parents[3] / "manifests"
WRITER = "displayName: Writer, description: Changes records.,  allowedMemberTypes: [User, Application]"


@pytest.fixture
def root(folder: Path) -> Path:
    """Copy the example."""
    return shutil.copytree(EXAMPLE, folder / "manifests")


def _lines(change: Edit) -> list[str]:
    return [line for line in change.diff.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]


def _is_of_test(line: str) -> bool:
    return "expect:" in line or line.startswith("+      roles:")


def _id(number: int) -> str:
    return f"{number}1111111-1111-4111-8111-111111111111"


def test_a_role_is_added_as_one_line(root: Path) -> None:
    """Nothing else of the file changes, and nothing is written before it is asked for."""
    before = (root / "applications/api.yaml").read_text()
    change = edit.add(
        root, "api", "Auditor", description="Reads, and audits.", members=["User", "Application"]
    )
    assert _lines(change) == [
        '+      Auditor: { displayName: Auditor, description: "Reads, and audits.", allowedMemberTypes: [User, Application] }'
    ]
    assert (root / "applications/api.yaml").read_text() == before
    change.write()
    role = loader.load(root, "dev").applications["api"].app_roles["Auditor"]
    assert (role.description, role.allowed_member_types) == ("Reads, and audits.", ("User", "Application"))


def test_a_role_is_renamed_wherever_it_stands(root: Path) -> None:
    """The label, its holders, the clients that ask for it, the operations that need it; that tokens will carry another is said."""
    change = edit.rename(root, "api", "Writer", "Editor")
    assert change.breaking
    *others, listing, creation, update = [
        line for line in _lines(change) if line.startswith("+") and not _is_of_test(line)
    ]
    assert "applicationRoles: [Editor]" in listing
    assert [each.count("[Editor]") for each in (creation, update)] == [2, 2]
    assert others == [
        "+    Editor: { groups: [MyApp Writers], users: [alice@contoso.com] }",
        f"+      Editor: {{ {WRITER}, previously: Writer, breaking: true }}",
        "+      api: { application: [Editor], adminConsent: true }",
    ]
    change.write()
    assert loader.load(root, "dev").applications["nightly"].api_permissions["api"].application == ("Editor",)


def test_a_rename_can_keep_the_value(root: Path) -> None:
    """Then tokens stay as they are, and nothing breaks."""
    change = edit.rename(root, "api", "Writer", "Editor", keep_value=True)
    change.write()
    role = loader.load(root, "dev").applications["api"].app_roles["Editor"]
    assert (change.breaking, role.value, role.previously, role.breaking) == (False, "Writer", "Writer", False)


def test_a_second_rename_writes_no_key_twice(root: Path) -> None:
    """`previously` is the first label, which the tenant knows until an apply, and the value keeps standing."""
    edit.rename(root, "api", "Writer", "Editor", keep_value=True).write()
    edit.rename(root, "api", "Editor", "Author").write()
    role = loader.load(root, "dev").applications["api"].app_roles["Author"]
    assert (role.value, role.previously) == ("Writer", "Writer")


def test_a_rename_back_is_none(root: Path) -> None:
    """A role that gets its first label again has no former one."""
    edit.rename(root, "api", "Writer", "Editor").write()
    edit.rename(root, "api", "Editor", "Writer").write()
    role = loader.load(root, "dev").applications["api"].app_roles["Writer"]
    assert (role.value, role.previously) == ("Writer", None)


def test_a_role_is_removed_with_its_holders(root: Path) -> None:
    """Who held it and what asked for it goes too; overrides as well. What the role alone may do is not given to
    everybody: who may do it instead is for a person to say.
    """
    with pytest.raises(UsageError, match=r"yaml:41:55: it is the only one in `roles`") as caught:
        edit.remove(root, "api", "Admin")
    assert [
        line.partition("manifests/")[2].partition(":")[0] for line in str(caught.value).splitlines()[1:]
    ] == [
        *["entra-config.yaml"] * 3,
        *["tests/clients.yaml"] * 2,
        "tests/people.yaml",
    ]
    for name in ("entra-config.yaml", "tests/clients.yaml", "tests/people.yaml"):
        text = (root / name).read_text(encoding="utf-8").replace("roles: [Admin]", "roles: [Writer]")
        (root / name).write_text(text, encoding="utf-8")
    change = edit.remove(root, "api", "Admin")
    assert change.breaking
    change.write()
    for manifest in loader.load_all(root):
        assert list(manifest.applications["api"].app_roles) == ["Reader", "Writer"]
        assert ("api", "Admin") not in manifest.assignments
    assert "# the service principal that applies here" in (root / "entra-config.yaml").read_text()


def test_holders_come_and_go(root: Path) -> None:
    """Lists grow and shrink where they stand."""
    assert _lines(edit.assign(root, "api", "Reader", groups=["On call"], users=["bob@contoso.com"])) == [
        "-    Reader: { groups: [All Staff] }",
        "+    Reader: { groups: [All Staff, On call], users: [bob@contoso.com] }",
    ]
    assert _lines(edit.unassign(root, "api", "Writer", users=["alice@contoso.com"])) == [
        "-    Writer: { groups: [MyApp Writers], users: [alice@contoso.com] }",
        "+    Writer: { groups: [MyApp Writers], users: [] }",
    ]


def test_case_does_not_count_in_names_of_the_directory(root: Path) -> None:
    """Who is called otherwise by case alone has the role already, and loses it."""
    with pytest.raises(UsageError, match=r"already has api/Writer: .*access\.yaml:5:48"):
        edit.assign(root, "api", "Writer", users=["ALICE@contoso.com"])
    assert _lines(edit.unassign(root, "api", "Writer", users=["ALICE@contoso.com"])) == [
        "-    Writer: { groups: [MyApp Writers], users: [alice@contoso.com] }",
        "+    Writer: { groups: [MyApp Writers], users: [] }",
    ]


def test_a_holder_is_found_behind_a_variable(root: Path) -> None:
    """By whatever the entry means: the same person in each environment, or only with the environment named."""
    file = root / "entra-config.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("variables: { spaUrl", "variables: { boss: carol@contoso.com, spaUrl"))
    access = root / "access.yaml"
    access.write_text(access.read_text().replace("[alice@contoso.com]", '[alice@contoso.com, "${boss}"]'))
    assert _lines(edit.unassign(root, "api", "Writer", users=["carol@contoso.com"])) == [
        '-    Writer: { groups: [MyApp Writers], users: [alice@contoso.com, "${boss}"] }',
        "+    Writer: { groups: [MyApp Writers], users: [alice@contoso.com] }",
    ]
    with pytest.raises(UsageError, match=r"already has api/Writer: .*access\.yaml:5:"):
        edit.assign(root, "api", "Writer", users=["Carol@contoso.com"])
    file.write_text(file.read_text().replace("boss: carol", "boss: dave", 1))
    with pytest.raises(UsageError, match=r"`\$\{boss\}` is `carol@contoso.com` in `prod`, but not in `dev`"):
        edit.unassign(root, "api", "Writer", users=["carol@contoso.com"])
    with pytest.raises(UsageError) as caught:
        edit.assign(root, "api", "Writer", users=["dave@contoso.com"], until=date(2099, 1, 31))
    assert re.sub(r"/\S*/", "", str(caught.value)).splitlines() == [
        "`dave@contoso.com` already has api/Writer in `dev`, by the entry `${boss}`: access.yaml:5:67",
        "Assign the role in `prod` alone:",
        "  entra-config app-role assign api/Writer --user dave@contoso.com --until 2099-01-31 -e prod",
    ]
    edit.unassign(root, "api", "Writer", users=["carol@contoso.com"], environment="prod").write()
    dev, prod = loader.load_all(root)
    assert [each.name for each in dev.assignments["api", "Writer"].users] == [
        "alice@contoso.com", "dave@contoso.com",
    ]  # fmt: skip
    assert [each.name for each in prod.assignments["api", "Writer"].users] == ["alice@contoso.com"]


TENANT_LINE = f"tenantId: {TENANT}\n"
TWO = f"""\
project: shop
environments: {{ dev: {{ {TENANT_LINE.strip()} }}, prod: {{ {TENANT_LINE.strip()} }} }}
applications: {{ api: {{ type: api, displayName: API, appRoles: {{ r: Reads. }} }} }}
appRoleAssignments: {{ api: {{ r: {{ groups: [Team, Crew] }} }} }}
"""


def _pin(environment: str, groups: str) -> None:
    Path(f"entra-config.{environment}.lock.yaml").write_text(f"{TENANT_LINE}groups: {{ {groups} }}\n")


def test_lock_files_of_other_environments_do_not_count(write: Write) -> None:
    """Each environment's own lock file decides which group a name is there."""
    write(TWO)
    path = Path("entra-config.yaml")
    _pin("dev", f'Team: "{_id(1)}", Crew: "{_id(2)}"')
    _pin("prod", f'Team: {{ id: "{_id(3)}", was: Crew }}')
    with pytest.raises(UsageError) as caught:
        edit.unassign(path, "api", "r", groups=["Team"])
    assert str(caught.value).splitlines() == [
        "api/r cannot be taken from `Team` in all environments at once:",
        "  entra-config.yaml:4:50: `Crew` is `Team` in `prod`, but not in `dev`",
        "Take it away in each environment in which that is intended:",
        "  entra-config app-role unassign api/r --group Team -e dev",
        "  entra-config app-role unassign api/r --group Team -e prod",
    ]
    assert path.read_text(encoding="utf-8") == TWO
    edit.unassign(path, "api", "r", groups=["Team"], environment="dev").write()
    with pytest.raises(UsageError, match="`team` does not have api/r"):
        edit.unassign(path, "api", "r", groups=["team"], environment="dev")
    edit.assign(path, "api", "r", groups=["Team"], environment="dev").write()
    edit.unassign(path, "api", "r", groups=["Team"], environment="prod").write()
    held = [[each.name for each in found.assignments["api", "r"].groups] for found in loader.load_all(path)]
    assert held == [["Crew", "Team"], []]


def test_an_id_is_one_group_also_where_no_lock_file_knows_it(write: Write) -> None:
    """Only a lock file with another id of the name contradicts."""
    path, text = Path("entra-config.yaml"), TWO.replace("Team, Crew", f'"{_id(1)}", Crew')
    write(text)
    _pin("dev", f'Team: "{_id(1)}"')
    edit.unassign(path, "api", "r", groups=["Team"]).write()
    assert path.read_text(encoding="utf-8") == text.replace(f'"{_id(1)}", ', "")
    write(text)
    _pin("prod", f'Team: "{_id(3)}"')
    with pytest.raises(UsageError, match=f"`{_id(1)}` is `Team` in `dev`, but not in `prod`"):
        edit.unassign(path, "api", "r", groups=["Team"])


@pytest.mark.parametrize("broken", ["groups: { Team: { idd: x } }", "groups: {"])
def test_an_error_in_the_lock_file_of_another_environment_does_not_stop_an_edit_of_one(
    write: Write, broken: str
) -> None:
    """The environment that is edited is checked, before and after."""
    write(TWO)
    path = Path("entra-config.yaml")
    Path("entra-config.prod.lock.yaml").write_text(broken)
    edit.assign(path, "api", "r", groups=["New"], environment="dev").write()
    assert [each.name for each in loader.load(path, "dev").assignments["api", "r"].groups][-1] == "New"
    for environment in ("prod", None):
        with pytest.raises(ManifestError, match=r"prod\.lock\.yaml"):
            edit.assign(path, "api", "r", groups=["Newer"], environment=environment)


def test_two_names_are_both_looked_up_in_the_list_that_an_override_replaces(write: Write) -> None:
    """The first one makes the list in `overrides`; the second has the role already."""
    write(TWO)
    with pytest.raises(UsageError, match="`Crew` already has api/r"):
        edit.assign(Path("entra-config.yaml"), "api", "r", groups=["New", "Crew"], environment="dev")


def test_a_list_that_an_environment_overrides_does_not_count_there(write: Write) -> None:
    """Its lock file does not contradict: it does not read the entry."""
    path = Path("entra-config.yaml")
    override = "overrides: { appRoleAssignments: { api: { r: { groups: [Guild] } } } }"
    text = TWO.replace(f"prod: {{ {TENANT_LINE.strip()} }}", f"prod: {{ {TENANT_LINE.strip()}, {override} }}")
    write(text)
    _pin("prod", f'Team: {{ id: "{_id(3)}", was: Crew }}')
    edit.unassign(path, "api", "r", groups=["Team"]).write()
    assert path.read_text(encoding="utf-8") == text.replace("[Team, Crew]", "[Crew]")


def test_a_holder_of_an_override_is_reported_with_its_environment(root: Path) -> None:
    """The list of all environments does not have it."""
    with pytest.raises(UsageError, match="but in the overrides of `dev`: use -e dev"):
        edit.unassign(root, "api", "Admin", groups=["MyApp Developers"])


def test_one_environment_is_changed_in_its_overrides(root: Path) -> None:
    """A list that an override did not have begins as the list that it replaces."""
    edit.assign(root, "api", "Reader", groups=["On call"], environment="prod").write()
    dev, prod = loader.load_all(root)
    assert [named.name for named in prod.assignments["api", "Reader"].groups] == ["All Staff", "On call"]
    assert [named.name for named in dev.assignments["api", "Reader"].groups] == ["All Staff"]
    edit.unassign(root, "api", "Admin", groups=["MyApp Developers"], environment="dev").write()
    assert loader.load(root, "dev").assignments["api", "Admin"].groups == ()


def test_an_override_that_hides_the_change_is_told(root: Path) -> None:
    """Who edits the files' list hears which environments do not read it."""
    assert (
        "environment `dev` overrides who holds api/Admin"
        in edit.assign(root, "api", "Admin", groups=["X"]).notes[0]
    )
    assert edit.assign(root, "api", "Reader", groups=["X"]).notes == ()


BLOCK = """\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      # the first one
      Reader:
        description: Reads.      # everything
        allowedMemberTypes: [User]

      # the last one
      Admin:
        description: >-
          Administers
          everything.
appRoleAssignments:
  api:
    Reader:
      groups:
        - All Staff   # everybody
        - Others
"""


def test_block_style_is_kept(write: Write) -> None:
    """Comments, blank lines and folded texts stay; new lines take the style of their neighbours' level."""
    write(HEAD + BLOCK)
    path = Path("entra-config.yaml")
    assert _lines(edit.assign(path, "api", "Reader", groups=["New ones"])) == ["+        - New ones"]
    assert _lines(edit.unassign(path, "api", "Reader", groups=["All Staff"])) == [
        "-        - All Staff   # everybody"
    ]
    assert _lines(edit.add(path, "api", "New", description="x")) == [
        "+      New: { displayName: New, description: x, allowedMemberTypes: [User] }"
    ]
    assert _lines(edit.remove(path, "api", "Admin")) == [
        "-      # the last one",
        "-      Admin:",
        "-        description: >-",
        "-          Administers",
        "-          everything.",
    ]
    assert _lines(edit.rename(path, "api", "Reader", "Viewer", keep_value=True)) == [
        "-      Reader:",
        "+      Viewer:",
        "+        previously: Reader",
        "+        value: Reader",
        "-    Reader:",
        "+    Viewer:",
    ]


@pytest.mark.parametrize(
    "roles",
    [
        "",
        "    appRoles:\n",
        "    appRoles: {}\n",
        "    appRoles: { A: x }\n",
        "    appRoles: null\n",
        "    appRoles:\n      A: x",
    ],
)
def test_a_first_role_finds_its_place(write: Write, roles: str) -> None:
    """Whether the map is missing, empty, in flow style or the end of the file."""
    write(HEAD + "applications:\n  api:\n    type: api\n    displayName: API\n" + roles)
    path = Path("entra-config.yaml")
    edit.add(path, "api", "B", description="it's: {odd} # text").write()
    edit.assign(path, "api", "B", groups=["# odd: 'name'"]).write()
    manifest = loader.load(path)
    assert manifest.applications["api"].app_roles["B"].description == "it's: {odd} # text"
    assert manifest.assignments["api", "B"].groups[0].name == "# odd: 'name'"


def test_a_short_role_becomes_a_long_one(write: Write) -> None:
    """A rename needs room for the former label."""
    write(HEAD + "applications: { api: { type: api, displayName: API, appRoles: { A: Reads. } } }\n")
    edit.rename(Path("entra-config.yaml"), "api", "A", "B").write()
    role = loader.load(Path("entra-config.yaml")).applications["api"].app_roles["B"]
    assert (role.description, role.previously, role.breaking) == ("Reads.", "A", True)


def test_line_ends_stay(write: Write) -> None:
    """A file with Windows' line ends keeps them."""
    path = Path("entra-config.yaml")
    path.write_bytes((HEAD + BLOCK).replace("\n", "\r\n").encode())
    edit.add(path, "api", "New", description="x").write()
    raw = path.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") == (HEAD + BLOCK).count("\n") + 1


def test_an_empty_value_ends_where_it_stands() -> None:
    """The comment below it is the next entry's, and stays with that, whatever comes of the value."""
    text = "a:\n  b:\n  # of d\n  d: 1\n"

    assert put(text, ("a", "b"), ["v"]) == "a:\n  b: [v]\n  # of d\n  d: 1\n"
    assert remove(text, "a", "b") == "a:\n  # of d\n  d: 1\n"


def test_an_alias_keeps_its_value(write: Write) -> None:
    """Where a change of the anchor would reach further than it was meant, the alias is written out."""
    text = "applications:\n  a: { type: api, displayName: A, appRoles: &r { X: x } }\n  b: { type: api, displayName: B, appRoles: *r }\n"
    write(HEAD + text)
    assert _lines(edit.add(Path("entra-config.yaml"), "a", "Y", description="y"))[-2:] == [
        "+  a: { type: api, displayName: A, appRoles: &r { X: x, Y: { displayName: Y, description: y, allowedMemberTypes: [User] } } }",
        "+  b: { type: api, displayName: B, appRoles: { X: x } }",
    ]


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (
            lambda root: edit.add(root, "apj", "X", description="x"),
            "`apj` is not an application of .* Did you mean `api`?",
        ),
        (
            lambda root: edit.add(root, "api", "Reader", description="x"),
            "already has a role `Reader`: .*api.yaml:13:7",
        ),
        (lambda root: edit.rename(root, "api", "Raeder", "X"), "Did you mean `Reader`?"),
        (
            lambda root: edit.rename(root, "api", "Reader", "Admin"),
            "already has a role `Admin`: .*api.yaml:15:7",
        ),
        (lambda root: edit.remove(root, "api", "Nope"), "`Nope` is not a role of `api`"),
        (
            lambda root: edit.assign(root, "api", "Reader", groups=["All Staff"]),
            "already has api/Reader: .*access.yaml:6:24",
        ),
        (lambda root: edit.unassign(root, "api", "Reader", groups=["All Staf"]), "Did you mean `All Staff`?"),
        (
            lambda root: edit.assign(root, "api", "Reader", groups=["x"], environment="prd"),
            "Did you mean `prod`?",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(root: Path, run: Callable[[Path], Edit], message: str) -> None:
    """A label that is not there, or there already, changes nothing."""
    with pytest.raises(UsageError, match=message):
        run(root)


def test_an_anchor_that_is_removed_moves_to_its_first_alias(write: Write) -> None:
    """What the aliases mean stays, and they are one text as before."""
    types = "{ description: x, allowedMemberTypes: "
    roles = f"      X: {types}&m [User] }}\n      Y: {types}*m }}\n      Z: {types}*m }}\n"
    write(HEAD + "applications:\n  a:\n    type: api\n    displayName: A\n    appRoles:\n" + roles)

    assert _lines(edit.remove(Path("entra-config.yaml"), "a", "X")) == [
        f"-      X: {types}&m [User] }}",
        f"-      Y: {types}*m }}",
        f"+      Y: {types}&m [User] }}",
    ]


def test_several_documents_in_one_file_are_not_edited(write: Write) -> None:
    """A second document is no part of a manifest: it is told before anything changes."""
    write(HEAD + "applications: { a: { type: api, displayName: A } }\n---\napplications: {}\n")
    with pytest.raises(ManifestError, match="document"):
        edit.add(Path("entra-config.yaml"), "a", "X", description="x")
