"""`schema` as it is typed: which schema is printed, where files go, and when one is not current."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import completing, version
from entra_config.cli.main import main
from entra_config.manifest.published import schema, schema_files, schema_fleet
from entra_config.testing import schema as of_tests
from tests.unit.cli.ran import without_variables

ROOT = """\
project: myapp
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 }, demo: {}, prod: {} }
applications:
  api: { type: api, displayName: API, appRoles: { Reader: Reads., Writer: Writes. } }
  spa: { type: spa, displayName: SPA }
enterpriseApplications: { crm: {} }
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a manifest's folder, with nothing in the environment."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    Path("manifests").mkdir()


@pytest.mark.parametrize(
    ("words", "built"), [([], schema), (["--tests"], of_tests), (["--fleet"], schema_fleet)]
)
def test_one_schema_is_printed(capsys: pytest.CaptureFixture[str], words: list[str], built: Any) -> None:
    """And nothing is written."""
    assert main(["schema", *words]) == 0
    assert capsys.readouterr() == (schema_files.text(built.build()), "")
    assert list(Path("manifests").iterdir()) == []


@pytest.mark.parametrize("word", ["--write", "--check", "--tests"])
def test_that_of_a_fleet_stands_alone(capsys: pytest.CaptureFixture[str], word: str) -> None:
    """It is of no manifest."""
    assert main(["schema", "--fleet", word]) == 1
    assert capsys.readouterr().err == "error: --fleet stands alone: it prints one schema\n"


def asked(manifest: str | None = None) -> Any:
    """Return what a shell asks on: the options that were typed so far."""
    params = [
        SimpleNamespace(name="other", default="x"),
        SimpleNamespace(name="manifest", default="manifests"),
    ]
    return SimpleNamespace(command=SimpleNamespace(params=params), params={"manifest": manifest})


@pytest.mark.parametrize(
    ("complete", "typed", "found"),
    [
        (completing.environments, "", ["dev", "demo", "prod"]),
        (completing.environments, "de", ["dev", "demo"]),
        (completing.applications, "", ["api", "spa"]),
        (completing.applications, "s", ["spa"]),
        (completing.switchable, "", ["api", "spa", "crm"]),
        (completing.roles, "", ["api/Reader", "api/Writer"]),
        (completing.roles, "api/W", ["api/Writer"]),
        (completing.addresses, "application.a", ["application.api"]),
        (completing.words, "d", ["delete", "dangerous"]),
        (completing.words, "delete,d", ["delete,dangerous"]),
        (completing.words, "many,last,l", []),
        (completing.words, "many,u", ["many,used", "many,unseen"]),
    ],
)
def test_what_is_typed_is_completed(tmp_path: Path, complete: Any, typed: str, found: list[str]) -> None:
    """From the manifest that is named, or the one that stands here; of none nothing is known."""
    path = tmp_path / "other.yaml"
    path.write_text(ROOT)
    assert complete(asked(str(path)), typed) == found
    Path("manifests/entra-config.yaml").write_text(ROOT)
    assert complete(asked(), typed) == found
    if complete is not completing.words:
        path.write_text("project: [")
        assert complete(asked(str(path)), typed) == []
        assert complete(asked(str(tmp_path / "gone.yaml")), typed) == []
        path.write_text("project: x\nenvironments: []\napplications: x\n")
        assert complete(asked(str(path)), typed) == []


@pytest.mark.parametrize(
    ("url", "checkout", "said"),
    [
        (None, None, "entra-config 1.2"),
        (None, "b" * 40, f"entra-config 1.2 (commit {'b' * 12})"),
        (
            json.dumps({"vcs_info": {"commit_id": "a" * 40}}),
            "b" * 40,
            f"entra-config 1.2 (commit {'a' * 12})",
        ),
        (json.dumps({"dir_info": {}}), None, "entra-config 1.2"),
        (json.dumps({"dir_info": {}}), "b" * 40, f"entra-config 1.2 (commit {'b' * 12})"),
    ],
)
@pytest.mark.parametrize("extras", [[], ["aws", "fleet"]])
def test_the_version_says_its_commit(
    monkeypatch: pytest.MonkeyPatch, url: str | None, checkout: str | None, said: str, extras: list[str]
) -> None:
    """Of what pip installed, else of the checkout; and which extras are here."""
    known = SimpleNamespace(version="1.2", read_text=lambda name: url if name == "direct_url.json" else None)
    monkeypatch.setattr(version, "distribution", lambda _: known)
    monkeypatch.setattr(version, "_checked_out", lambda _: checkout)
    monkeypatch.setattr("entra_config.extras.installed", lambda: extras)
    assert version.lines() == [said, f"extras: {', '.join(extras) or 'none'}"]


def test_a_wheel_is_of_no_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a folder that git knows nothing of."""
    assert version._checked_out(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert version._checked_out(tmp_path) is None
    done = SimpleNamespace(stdout="abc\n")
    calls: list[Any] = []

    def run(words: list[str], **settings: Any) -> Any:
        calls.append((words, settings))
        return done

    monkeypatch.setattr("subprocess.run", run)
    assert version._checked_out(tmp_path) == "abc"
    how = {"check": True, "capture_output": True, "text": True, "timeout": 5}
    assert calls == [(["git", "-C", str(tmp_path), "rev-parse", "HEAD"], how)]
