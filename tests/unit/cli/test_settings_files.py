"""The files that `settings` writes: current or not, whose they are, and where no path may lead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import settings
from entra_config.cli.main import main
from entra_config.cli.options import Common
from tests.unit.cli.ran import without_variables

ONE, TWO = Path("out/one.py"), Path("out/two.py")
FILES = {ONE: "1\n", TWO: "2\n"}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Any]:
    """Stand in an empty folder, where two files are to be; collect how they are made."""
    monkeypatch.chdir(tmp_path)
    without_variables(monkeypatch)
    calls: list[Any] = []

    def values(common: Common, output: Path | None) -> dict[Path, str]:
        calls.append((common.environment, output))
        return FILES

    def sources(common: Common) -> dict[Path, str]:
        calls.append(common.environment)
        return FILES

    monkeypatch.setattr(settings, "_values", values)
    monkeypatch.setattr(settings, "_sources", sources)
    return calls


@pytest.mark.parametrize(
    ("words", "again"),
    [
        ("", "entra-config settings"),
        ("-e dev", "entra-config settings"),
        ("--values", "entra-config settings --values"),
        ("--values -e dev", "entra-config settings --values -e dev"),
        (
            "--values -e dev --output o --cloud usgov",
            "entra-config settings --values -e dev --output o --cloud usgov",
        ),
        ("--values --output o", "entra-config settings --values --output o"),
    ],
)
def test_a_check_says_what_makes_it_current(
    made: list[Any], capsys: pytest.CaptureFixture[str], words: str, again: str
) -> None:
    """Each file that is not; exit code 2, and nothing is written."""
    ONE.parent.mkdir()
    ONE.write_text(FILES[ONE])
    assert main(["settings", "--check", *words.split()]) == 2
    said = f"{TWO} is not what the manifest says; run `{again}`"
    assert " ".join(capsys.readouterr().err.split()) == said
    assert not TWO.exists()
    TWO.write_text(FILES[TWO])
    assert main(["settings", "--check", *words.split()]) == 0
    assert capsys.readouterr() == ("", "")
    assert len(made) == 2


def test_the_project_is_the_folder_above_the_manifest_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However its path is written."""
    monkeypatch.chdir(tmp_path)
    assert settings._above("manifests/entra-config.yaml") == tmp_path
    assert settings._above("../x/./manifests/../manifests/entra-config.yaml") == tmp_path.parent / "x"
    assert settings._above("/a/b/entra-config.yaml") == Path("/a")
