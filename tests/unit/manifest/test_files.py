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


def test_a_link_out_of_the_folder_is_an_error(
    problems: Problems, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A symbolic link is no way out either."""
    outside = tmp_path_factory.mktemp("outside") / "a.yaml"
    outside.write_text(APP)
    Path("a.yaml").symlink_to(outside)
    assert "leads out of" in problems(HEAD + "files: [a.yaml]\n")[0]


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


def test_a_file_that_is_no_text_is_an_error(problems: Problems, folder: Path) -> None:
    """Bytes that are no UTF-8 have a place too."""
    (folder / "a.yaml").write_bytes(b"\xff\xfe\x00")
    assert problems(HEAD + "files: [a.yaml]\n") == ["a.yaml:1:1: not UTF-8"]
