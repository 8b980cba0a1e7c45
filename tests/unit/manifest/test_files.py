"""Root file, other files, merging, fences."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from tests.unit.manifest.conftest import HEAD, TENANT, Load, Problems

APP = "applications: { api: { type: api, displayName: API } }\n"


def test_a_root_file_alone_is_a_manifest(load: Load) -> None:
    """Everything may stand in the root file."""
    manifest = load(APP)
    assert (manifest.owner, manifest.tenant_id, list(manifest.applications)) == ("myapp/dev", TENANT, ["api"])


def test_maps_merge_across_files(load: Load) -> None:
    """One application may stand in several files, each with its keys."""
    manifest = load(
        HEAD + "files: [a.yaml, { path: parts/*.yaml }]\n",
        a="applications: { api: { type: api, displayName: API, appRoles: { A: First. } } }\n",
        parts__b="applications: { api: { appRoles: { B: Second. } } }\n",
    )
    assert list(manifest.applications["api"].app_roles) == ["A", "B"]


@pytest.mark.parametrize("value", ["displayName: Other", "identifierUris: []"])
def test_a_value_in_two_files_is_an_error_with_both_places(problems: Problems, value: str) -> None:
    """A scalar or a list has exactly one file."""
    key = value.split(":", maxsplit=1)[0]
    found = problems(
        HEAD + "files: [a.yaml, b.yaml]\n",
        a="applications: { api: { type: api, displayName: API, identifierUris: ['api://${appId}'] } }\n",
        b=f"applications:\n  api:\n    {value}\n",
    )
    assert len(found) == 1
    assert found[0].startswith(f"b.yaml:3:5: `applications.api.{key}` is set here and at a.yaml:1:")
    assert "exactly one file" in found[0]


def test_a_glob_that_matches_nothing_is_an_error(problems: Problems) -> None:
    """A moved folder does not silently empty the manifest."""
    assert problems(HEAD + "files: [nowhere/*.yaml]\n") == [
        "entra-config.yaml:3:9: `nowhere/*.yaml` matches no file below ."
    ]


@pytest.mark.parametrize("path", ["../other.yaml", "/etc/passwd"])
def test_files_stay_below_the_root_file(problems: Problems, path: str) -> None:
    """A manifest reads nothing outside of its folder."""
    assert "stay below its folder" in problems(HEAD + f"files: [{path}]\n")[0]


def test_a_link_out_of_the_folder_is_an_error(
    problems: Problems, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A symbolic link is no way out either."""
    outside = tmp_path_factory.mktemp("outside") / "a.yaml"
    outside.write_text(APP)
    Path("a.yaml").symlink_to(outside)
    assert "leads out of" in problems(HEAD + "files: [a.yaml]\n")[0]


@pytest.mark.parametrize("key", ["project", "files", "environments", "removed", "settings"])
def test_what_is_of_the_root_stands_only_there(problems: Problems, key: str) -> None:
    """Another file cannot add environments, or release from them."""
    assert problems(HEAD + "files: [a.yaml]\n", a=f"{key}: {{}}\n") == [
        f"a.yaml:1:1: `{key}` stands only in the root file"
    ]


def test_all_problems_are_told_at_once_with_near_misses(problems: Problems) -> None:
    """Unknown keys everywhere are one error, in the order of the files."""
    found = problems(
        HEAD + "aplications: {}\nfiles: [a.yaml]\n",
        a="applications:\n  api:\n    type: ap\n    displayNam: API\n    appRoles:\n      R: { descripton: x }\n",
    )
    assert [line.split(": ")[0] for line in found] == [
        "a.yaml:3:5",
        "a.yaml:3:11",
        "a.yaml:4:5",
        "a.yaml:6:10",
        "a.yaml:6:12",
        "entra-config.yaml:3:1",
    ]
    text = "\n".join(found)
    for offer in (
        "Did you mean `applications`?",
        "Did you mean `api`",
        "Did you mean `displayName`",
        "Did you mean `description`",
    ):
        assert offer in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "applications: { web: { type: web, displayName: Web, enterpriseApplication: { note: x, notes: y } } }\n",
            "`note` is not a key of `enterpriseApplication`",
        ),
        (
            "enterpriseApplications: { partner: { displayName: Partner, appID: 1 } }\n",
            "`appID` is not a key of an enterprise application",
        ),
    ],
)
def test_a_key_that_no_enterprise_application_has_is_an_error(
    problems: Problems, text: str, message: str
) -> None:
    """Of our own and of others: what is misspelled would be a setting that nobody makes."""
    (found,) = problems(text)

    assert message in found
    assert "Did you mean" in found


@pytest.mark.parametrize(
    ("root", "message"),
    [
        (
            "environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }\n",
            "`project` is missing",
        ),
        ("project: my app\nenvironments: { dev: {} }\n", "`my app` (project) is no key"),
        ("project: p\nenvironments: {}\n", "`environments` is empty"),
        ("project: p\n", "`environments` is missing"),
        ("project: p\nenvironments: { dev: {} }\n", "`tenantId` of environment `dev` is missing"),
        ("project: p\nenvironments: { dev: { tenantId: x } }\n", "`tenantId`: expected an id like"),
        (
            "project: p\nenvironments: { d/v: { tenantId: 11111111-1111-1111-1111-111111111111 } }\n",
            "`d/v` (an environment) is no key",
        ),
        (
            "- a\n",
            "expected a map of applications, enterpriseApplications, appRoleAssignments, lists, found a list",
        ),
    ],
)
def test_a_root_file_says_project_environments_and_tenants(
    problems: Problems, root: str, message: str
) -> None:
    """What a root file must hold is told where it is missing."""
    Path("entra-config.yaml").write_text(root)
    with pytest.raises(ManifestError) as caught:
        loader.load(Path("entra-config.yaml"))
    assert message in str(caught.value)


def test_no_root_file_is_an_error_with_advice() -> None:
    """Who has no manifest is told how to start one."""
    with pytest.raises(
        ManifestError, match=r"entra-config.yaml:1:1: there is no such file; `entra-config init`"
    ):
        loader.load(Path())


FENCED = (
    HEAD
    + "files:\n  - main.yaml\n  - { path: team.yaml, mayDeclare: [applications/api/appRoles/Billing.*, appRoleAssignments/api/Billing.*] }\n"
)
MAIN = "applications: { api: { type: api, displayName: API, appRoles: { Admin: All. } } }\n"


def test_a_fenced_file_declares_what_it_may(load: Load) -> None:
    """All below a match is included."""
    manifest = load(
        FENCED,
        main=MAIN,
        team="applications: { api: { appRoles: { Billing.Read: { description: Reads., allowedMemberTypes: [User] } } } }\n"
        "appRoleAssignments: { api: { Billing.Read: { groups: [Billing] } } }\n",
    )
    assert list(manifest.applications["api"].app_roles) == ["Admin", "Billing.Read"]
    assert ("api", "Billing.Read") in manifest.assignments


@pytest.mark.parametrize(
    ("team", "path"),
    [
        ("applications: { api: { appRoles: { Sales: Reads. } } }", "applications/api/appRoles/Sales"),
        ("applications: { api: { notes: mine } }", "applications/api/notes"),
        ("applications: { api: null }", "applications/api"),
        ("applications: { mine: { appRoles: { Billing.A: x } } }", "applications/mine/appRoles/Billing.A"),
        (
            "appRoleAssignments: { api: { Admin: { users: [mallory@contoso.com] } } }",
            "appRoleAssignments/api/Admin/users",
        ),
        ("enterpriseApplications: { x: Partner }", "enterpriseApplications/x"),
    ],
)
def test_a_key_outside_of_the_fence_is_an_error(problems: Problems, team: str, path: str) -> None:
    """`*` stays in its segment, and whole branches cannot be replaced from below."""
    found = problems(FENCED, main=MAIN, team=team + "\n")
    assert any(
        line.startswith("team.yaml:1:") and f"`{path}` is outside of what this file may declare" in line
        for line in found
    )


@pytest.mark.parametrize(
    "field", ["value: Admin2", "previously: Admin", "id: 5c1b2f7e-0000-4000-8000-000000000000"]
)
def test_a_label_inside_takes_over_no_role_outside(problems: Problems, field: str) -> None:
    """A role of a restricted file cannot become another team's by its value, its old label or its id."""
    role = f"{{ description: Reads., {field} }}"
    found = problems(
        FENCED, main=MAIN, team=f"applications: {{ api: {{ appRoles: {{ Billing.A: {role} }} }} }}\n"
    )
    assert any("may declare" in line or "without `mayDeclare`" in line for line in found)


def test_a_fence_holds_for_a_file_that_an_open_glob_names_too(problems: Problems) -> None:
    """The stricter entry wins, in either order."""
    for files in (
        "[{ path: t.yaml, mayDeclare: [applications/x] }, '*.yaml']",
        "['*.yaml', { path: t.yaml, mayDeclare: [applications/x] }]",
    ):
        assert "outside of what this file may declare" in problems(HEAD + f"files: {files}\n", t=APP)[0]


def test_a_file_that_is_no_text_is_an_error(problems: Problems, folder: Path) -> None:
    """Bytes that are no UTF-8 have a place too."""
    (folder / "a.yaml").write_bytes(b"\xff\xfe\x00")
    assert problems(HEAD + "files: [a.yaml]\n") == ["a.yaml:1:1: not UTF-8"]
