"""`schema` in a folder with a manifest: its files written, compared, and through no link."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.ran import Run


def test_schema_is_written_and_checked(run: Run, folder: Path) -> None:
    """The schemas beside the root file are current or exit code 2."""
    assert json.loads(run("schema").out)["title"] == "entra-config manifest"
    assert json.loads(run("schema", "--tests").out)["title"] == "entra-config access tests"
    for name in ("entra-config.schema.json", "entra-config.tests.schema.json"):
        (folder / "manifests" / name).write_text("{}")
        assert run("schema", "--check").code == 2
        assert run("schema", "--write").code == 0
        assert run("schema", "--check").code == 0


def test_what_is_written_beside_the_manifest_goes_through_no_link(run: Run, folder: Path) -> None:
    """A committed link in the schema's place is an error, and one that leads to nothing yet is no free
    place for `init`.
    """
    kept = folder / "kept"
    kept.write_text("kept\n")
    path = folder / "manifests/entra-config.schema.json"
    path.unlink(missing_ok=True)
    path.symlink_to(kept)
    refused = run("schema", "--write")
    assert (refused.code, "is a link" in refused.err) == (1, True)
    assert (kept.read_text(), path.is_symlink()) == ("kept\n", True)
    (folder / "mine").mkdir()
    (folder / "mine/access.yaml").symlink_to(folder / "made")
    assert run("init", "-f", "mine", "--project", "shop").code == 1
    assert [each.name for each in (folder / "mine").iterdir()] == ["access.yaml"]
    assert not (folder / "made").exists()
