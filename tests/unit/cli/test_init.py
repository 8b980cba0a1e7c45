"""`init`: a manifest of each kind that holds at once, and with the applications a project that does."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from entra_config.cli import init
from entra_config.manifest.published import starter
from tests.unit.cli.ran import Run


@pytest.fixture
def empty(folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    desk = tmp_path_factory.mktemp("desk")
    monkeypatch.chdir(desk)
    return desk


@pytest.mark.parametrize("kind", starter.KINDS)
def test_each_kind_validates_passes_its_tests_and_plans(run: Run, empty: Path, kind: str) -> None:
    """What was written is right as it is, without an edit."""
    assert run("init", "--project", "shop", "--kind", kind).code == 0
    for words in (("validate",), ("test",), ("lint",)):
        ran = run(*words)
        assert ran.code == 0, ran.err + ran.out
    again = run("init", "--project", "other", "--kind", kind)
    assert (again.code, "nothing was written" in again.err) == (1, True)
    assert "project: shop" in Path("manifests/entra-config.yaml").read_text()
    client = starter.KINDS[kind].client
    assert f"application {client} " in run("plan", "-e", "dev").out


def test_a_person_at_a_terminal_is_asked(run: Run, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer decides; an unknown one is told with those that are known."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("entra_config.cli.init._interactive", lambda: True)
    monkeypatch.setattr("sys.stdin", Terminal("nonsense\n"))
    wrong = run("init", "--project", "shop")
    monkeypatch.setattr("sys.stdin", Terminal("daemon\n"))
    right = run("init", "--project", "shop")

    assert (wrong.code, right.code) == (1, 0)
    assert "expected one of spa-api, api, web, daemon" in wrong.err
    assert (empty / "manifests/applications/daemon.yaml").is_file()


def test_with_the_applications_all_is_under_the_project_s_name(run: Run, empty: Path) -> None:
    """Nothing of the example's name, tenant or own tests is left; the manifest and its access tests hold."""
    tenant = "22222222-2222-2222-2222-222222222222"
    assert run("init", "--project", "shop", "--tenant-id", tenant, "--with-apps").code == 0

    written = {path.relative_to(empty).as_posix(): path for path in empty.rglob("*") if path.is_file()}
    texts = {name: path.read_text(encoding="utf-8") for name, path in written.items()}
    assert [name for name, text in texts.items() if re.search("myapp", text, re.IGNORECASE)] == []
    assert [name for name, text in texts.items() if "11111111-1111" in text] == []
    assert {"api/main.py", "spa/src/main.tsx", "dev/__main__.py", init.START} <= {*written}
    assert not [
        name
        for name in written
        if re.search(r"^(api|spa)/.*(tests/|\.test\.)|^dev/aws|node_modules|lock\.yaml", name)
    ]
    for words in (("validate",), ("test",), ("settings",), ("settings", "--check")):
        ran = run(*words)
        assert ran.code == 0, ran.err + ran.out
    named = re.findall(r"`((?:manifests|api|spa)/[^`]*)`", texts[init.START])
    assert len(named) > 8
    assert [each for each in named if not (empty / each).exists()] == []


def test_with_the_applications_nothing_is_overwritten(run: Run, empty: Path) -> None:
    """A file that is there, or a link, stops it before the first is written."""
    (empty / "spa").mkdir()
    (empty / "spa/index.html").symlink_to(empty / "nowhere")
    ran = run("init", "--project", "shop", "--with-apps")

    assert ran.code == 1
    assert "spa/index.html exists already; nothing was written" in ran.err
    assert [path.name for path in empty.rglob("*")] == ["spa", "index.html"]
