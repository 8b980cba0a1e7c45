"""`entra-config lint` as a user runs it: what it shows and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.cli.main import main

TENANT = "11111111-1111-1111-1111-111111111111"
ROOT = f"""\
project: myapp
environments:
  dev: {{ tenantId: {TENANT} }}
  prod: {{ tenantId: {TENANT}, protected: true }}
applications:
  app:
    type: spa
    displayName: App
    redirectUris:
      - https://app.example.com/
      - https://localhost:5173/    # Vite
    owners: [alice@contoso.com, bob@contoso.com]
"""
TOLD = """\
warning[redirect-localhost-prod]: `https://localhost:5173/` is of a developer's machine, here in production
  --> entra-config.yaml:11:9
   |
11 |       - https://localhost:5173/    # Vite
   |         ^^^^^^^^^^^^^^^^^^^^^^^
   = in prod
   = help: Keep it in the environments of development: a variable for the address, or `overrides`.

1 warning found in dev, prod.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with one manifest."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "entra-config.yaml").write_text(ROOT, encoding="utf-8")
    return tmp_path


def lint(*arguments: str) -> int:
    """Run the command on the folder's manifest."""
    return main(["lint", "-f", "entra-config.yaml", *arguments])


def test_a_finding_is_shown_with_its_line_a_caret_and_help(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a compiler shows it; exit code 1."""
    assert lint() == 1
    out = capsys.readouterr().out

    assert TOLD.partition("\n\n")[0] in out


@pytest.mark.parametrize(
    ("arguments", "code"), [((), 1), (("--min-severity", "E"), 0), (("-e", "dev"), 0), (("-e", "prod"), 1)]
)
def test_the_exit_code_is_of_what_was_asked_for(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    """From the least severity on, in the environments that are named."""
    assert lint(*arguments) == code


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("json", '{\n  "version": 2,\n  "kind": "lint",'),
        ("sarif", '{\n  "$schema": "https://docs.oasis-open.org/sarif/'),
        ("github", "::warning file=entra-config.yaml,line=11,col=9,title=redirect-localhost-prod::"),
        ("junit", '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>'),
    ],
)
def test_every_format_goes_to_stdout(
    folder: Path, capsys: pytest.CaptureFixture[str], form: str, begins: str
) -> None:
    """With the same exit code."""
    assert lint("--format", form) == 1
    assert capsys.readouterr().out.startswith(begins)


@pytest.mark.parametrize("command", ["lint", "validate", "plan", "drift"])
def test_what_does_not_hold_is_annotated(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """On stdout as annotations, on stderr as ever."""
    (folder / "entra-config.yaml").write_text(ROOT.replace("type: spa", "type: spy"), encoding="utf-8")
    environment = ("-e", "dev") if command in {"plan", "drift"} else ()

    assert main([command, "-f", "entra-config.yaml", "--format", "github", *environment]) == 1
    out, err = capsys.readouterr()
    assert out.startswith(
        "::error file=entra-config.yaml,line=7,col=11,title=entra-config::`type`: `spy` is none of"
    )
    assert "entra-config.yaml:7:11" in err


def test_fix_shows_the_diff_and_lints_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --dry-run nothing is written; what is left decides the exit code."""
    text = ROOT.replace("type: spa", "type: api").partition("    redirectUris")[0]
    text += (
        "    owners: [alice@contoso.com, bob@contoso.com]\n    scopes: { read: Reads. }\n    "
        "accessTokenVersion: 1\n"
    )
    (folder / "entra-config.yaml").write_text(text, encoding="utf-8")

    assert lint("--fix", "--dry-run") == 1
    out = capsys.readouterr().out
    assert "-    accessTokenVersion: 1\n+    accessTokenVersion: 2\n" in out
    assert "warning[token-v1]" in out
    assert (folder / "entra-config.yaml").read_text(encoding="utf-8") == text
    assert lint("--fix") == 0
    assert (folder / "entra-config.yaml").read_text(encoding="utf-8") == text.replace(
        "Version: 1", "Version: 2"
    )
