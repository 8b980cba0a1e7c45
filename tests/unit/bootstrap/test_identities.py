"""The identities of a pipeline: the least for this manifest, one tenant, no more ways in than Entra takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.bootstrap import declared, deploying, github, identities, standing, tool
from entra_config.bootstrap.model import on_disk
from entra_config.errors import UsageError
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest, Named

ROOT = Path(__file__).parents[3]
REPOSITORY = github.repository("example/myapp", "1", "2")
ROOT_FILE = """\
project: shop
files: [{ path: apps.yaml }]
environments:
  live:
    tenantId: 11111111-1111-1111-1111-111111111111
    deployers: [{ name: Shop Writer (live), id: 22222222-2222-2222-2222-222222222222 }]
"""
READS = "applications: { web: { type: web, displayName: Web } }\n"
ASKS = (
    "applications: { web: { type: web, displayName: Web, "
    "apiPermissions: { Microsoft Graph: { delegated: [User.Read], adminConsent: true } } } }\n"
)


def manifests(folder: Path, text: str) -> list[Manifest]:
    """Return the environments of a small manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "entra-config.yaml").write_text(ROOT_FILE)
    (folder / "apps.yaml").write_text(text)
    return loader.load_all(folder)


def made(found: list[Manifest]) -> identities.Pipeline:
    """Return the pipeline of a manifest."""
    names = [each.environment for each in found]
    return identities.pipeline(
        found, github.sign_ins(REPOSITORY, names), deployers=[Named("a@b.c")], title="Shop"
    )


def test_a_writer_has_what_its_manifest_needs_and_no_more(tmp_path: Path) -> None:
    """One that consents to nothing and assigns nobody may do neither."""
    (small,) = made(manifests(tmp_path / "small", READS)).writers
    (larger,) = made(manifests(tmp_path / "larger", ASKS)).writers

    assert small.permissions == ("Application.ReadWrite.OwnedBy", "Directory.Read.All")
    assert larger.permissions == (
        "Application.ReadWrite.OwnedBy",
        "DelegatedPermissionGrant.ReadWrite.All",
        "Directory.Read.All",
    )


def test_what_the_manifest_needs_by_now_is_said(tmp_path: Path) -> None:
    """A pipeline that was made for less lacks it, by name; one that was made for it lacks nothing."""
    small, larger = manifests(tmp_path / "small", READS), manifests(tmp_path / "larger", ASKS)
    for path, text in declared.files(made(small), "github").items():
        (tmp_path / path).write_text(text)
    pipeline = loader.load(tmp_path)

    assert list(standing.declared(pipeline, small)) == []
    (found,) = standing.declared(pipeline, larger)
    assert found.state == "bad"
    assert "needs DelegatedPermissionGrant.ReadWrite.All by now" in found.text


def test_a_pin_that_is_another_principal_is_said(tmp_path: Path) -> None:
    """`deployers` means whoever the lock file says: it must be the identity that jobs sign in as."""
    found = manifests(tmp_path / "m", READS)
    for path, text in declared.files(made(found), "github").items():
        (tmp_path / path).write_text(text)
    pipeline = loader.load(tmp_path)

    (good,) = standing.pins(pipeline, found, {"writer-live": "22222222-2222-2222-2222-222222222222"})
    (bad,) = standing.pins(pipeline, found, {"writer-live": "33333333-3333-3333-3333-333333333333"})

    assert good.state == "good"
    assert bad.state == "bad"
    assert "live pins Shop Writer (live) as 22222222-" in bad.text
    assert "its service principal is 33333333-" in bad.text
    assert list(standing.pins(pipeline, found, {})) == []


def test_a_writer_that_is_named_with_its_id_is_named(tmp_path: Path) -> None:
    """`deployers` may have it as a map: it is not added twice."""
    pipeline = made(manifests(tmp_path, READS))

    assert deploying.named(tmp_path, pipeline).diff == ""


def test_a_writer_that_is_named_in_another_case_is_named(tmp_path: Path) -> None:
    """Entra knows no case in names: the same writer is not added beside itself."""
    pipeline = made(manifests(tmp_path, READS))
    root = tmp_path / "entra-config.yaml"
    root.write_text(
        ROOT_FILE.replace(
            "{ name: Shop Writer (live), id: 22222222-2222-2222-2222-222222222222 }", "SHOP writer (live)"
        )
    )

    assert deploying.named(tmp_path, pipeline).diff == ""


def test_several_tenants_are_refused(tmp_path: Path) -> None:
    """An identity is of one tenant."""
    (one,) = manifests(tmp_path, READS)
    other = replace(one, environment="other", tenant_id="33333333-3333-3333-3333-333333333333")

    with pytest.raises(UsageError, match="one tenant"):
        made([one, other])


def test_more_ways_in_than_entra_takes_are_refused(tmp_path: Path) -> None:
    """Twenty federated credentials are the most."""
    (one,) = manifests(tmp_path, READS)

    assert len(made([replace(one, environment=f"e{number}") for number in range(17)]).reader.sign_ins) == 20
    with pytest.raises(UsageError, match="21 federated credentials"):
        made([replace(one, environment=f"e{number}") for number in range(18)])


def test_the_pipeline_of_another_project_is_not_touched(tmp_path: Path) -> None:
    """What stands in `pipeline/` and was not written for this project stops it."""
    for path, text in declared.files(made(manifests(tmp_path / "m", READS)), "github").items():
        (tmp_path / path).write_text(text)

    assert (
        declared.kept(tmp_path, "shop", "11111111-1111-1111-1111-111111111111").names["reader"]
        == "Shop Reader"
    )
    for project, tenant in (("other", "11111111-1111-1111-1111-111111111111"), ("shop", "3" * 8)):
        with pytest.raises(UsageError):
            declared.kept(tmp_path, project, tenant)


def test_the_jobs_install_one_wheel(tmp_path: Path) -> None:
    """By hash; another version's, or none where none is known, stops; the one that stands there is kept."""
    wheel = tmp_path / "entra_config-1.2.3-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    with pytest.raises(UsageError, match="--wheel FILE"):
        tool.files(tmp_path, "github", "1.2.3", None)
    with pytest.raises(UsageError, match=r"expected entra_config-1\.2\.4-"):
        tool.files(tmp_path, "github", "1.2.4", wheel)

    for path, text in tool.files(tmp_path, "github", "1.2.3", wheel).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)

    lock = f"{tool.FOLDERS['github']}/{tool.LOCK}"
    assert tool.files(tmp_path, "github", "1.2.3", None)[lock] == (tmp_path / lock).read_text()
    with pytest.raises(UsageError, match="--wheel FILE"):
        tool.files(tmp_path, "github", "1.2.4", None)
    assert tool.files(ROOT, "github", "1.2.3", None) == {}, (
        "this repository's jobs install what they check out"
    )


@pytest.mark.parametrize("link", [".github", ".github/workflows", ".github/workflows/entra-plan.yml"])
def test_nothing_is_written_through_a_link(tmp_path: Path, link: str) -> None:
    """A repository may lead somewhere else by a link, at any height, that is dangling or not."""
    elsewhere, root = tmp_path / "elsewhere", tmp_path / "root"
    (root / link).parent.mkdir(parents=True)
    (root / link).symlink_to(elsewhere)

    with pytest.raises(UsageError, match="is a link"):
        on_disk(root, {".github/workflows/entra-plan.yml": "text"})
    assert not elsewhere.exists()


def test_what_is_protected_is_applied_last(tmp_path: Path) -> None:
    """Else as the root file has it: whoever lists prod first does not have it applied first."""
    (one,) = manifests(tmp_path, READS)
    listed = [("prod", True), ("dev", False), ("stage", False), ("audit", True)]
    found = identities.in_order(
        [replace(one, environment=name, protected=protected) for name, protected in listed]
    )

    assert [each.environment for each in found] == ["dev", "stage", "prod", "audit"]
