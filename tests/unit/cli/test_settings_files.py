"""The files that `settings` writes: current or not, whose they are, and where no path may lead."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import settings, wiring
from entra_config.cli.main import main
from entra_config.cli.options import Common
from entra_config.errors import UsageError
from entra_config.manifest import loader
from entra_config.settings import writers
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


def test_what_is_not_current_is_written(made: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing else; what is current is counted."""
    assert main(["settings"]) == 0
    assert capsys.readouterr() == ("", f"wrote {ONE}\nwrote {TWO}\n")
    assert {path: path.read_text() for path in FILES} == FILES
    assert main(["settings"]) == 0
    assert capsys.readouterr() == ("", "2 files are current\n")
    TWO.write_text("other")
    assert main(["settings", "--values", "--output", "o", "-e", "dev"]) == 0
    assert capsys.readouterr() == ("", f"wrote {TWO}\n")
    assert made == [None, None, ("dev", Path("o"))]


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


def test_values_go_where_it_is_said(made: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """Source files go where the manifest says."""
    assert main(["settings", "--output", "o"]) == 1
    assert capsys.readouterr().err == "error: --output is where values go: say --values too\n"
    assert made == []


def test_what_stands_in_the_way_is_an_error(tmp_path: Path) -> None:
    """A folder is no file, nor is a file a folder; what is no text is read all the same."""
    path = tmp_path / "a"
    assert settings._read(path / "b") is None
    path.mkdir()
    with pytest.raises(UsageError, match=rf"^{re.escape(str(path))} is not a file that this command wrote: "):
        settings._read(path)
    with pytest.raises(UsageError, match=rf"^{re.escape(str(path))} cannot be written: is not a file$"):
        settings._write(path, "x")
    file = tmp_path / "f"
    file.write_bytes(b"\xffx")
    assert settings._read(file) == "\ufffdx"
    assert settings._read(file / "below") is None
    settings._write(tmp_path / "new/deep/file", "x")
    assert (tmp_path / "new/deep/file").read_text() == "x"


def test_no_path_leads_through_a_link(tmp_path: Path) -> None:
    """Out of the project, or to another file of it; the project itself may be behind one."""
    (tmp_path / "real/src").mkdir(parents=True)
    (tmp_path / "project").symlink_to("real")
    base = tmp_path / "project"
    settings._check_links({base / "src/a.py": ""}, base)
    (tmp_path / "elsewhere").mkdir()
    for target in (tmp_path / "elsewhere", tmp_path / "real/src"):
        link = tmp_path / "real/linked"
        link.symlink_to(target)
        with pytest.raises(
            UsageError, match=r"linked/a\.py stands behind a link, which leads out of .* or else"
        ):
            settings._check_links({base / "src/a.py": "", base / "linked/a.py": ""}, base)
        link.unlink()


@pytest.mark.parametrize(
    ("before", "ours", "refused"),
    [(None, False, False), ("x", True, False), ("x", False, True), ("", False, True)],
)
def test_a_file_of_somebody_else_is_refused(
    tmp_path: Path, before: str | None, *, ours: bool, refused: bool
) -> None:
    """What is not there is nobody's."""
    path = tmp_path / "a"
    if before is not None:
        path.write_text(before)
    asked: list[tuple[str, str]] = []

    def whose(old: str, new: str) -> bool:
        asked.append((old, new))
        return ours

    check: Callable[[], None] = lambda: settings._check_ours({path: "new"}, whose)  # noqa: E731  # called in two ways
    if refused:
        with pytest.raises(UsageError, match=r"a is not a file that this command wrote; move it away first$"):
            check()
    else:
        check()
    assert asked == ([] if before is None else [(before, "new")])


@pytest.mark.parametrize(
    ("common", "loads"),
    [(Common(), False), (Common("dev"), True), (Common(tenant="t"), True), (Common("dev", tenant="t"), True)],
)
def test_a_misspelt_environment_is_an_error_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, common: Common, *, loads: bool
) -> None:
    """Although source files are of all of them; without any it is said."""
    loaded: list[Common] = []
    files = {tmp_path / "src/a.py": "x"}
    monkeypatch.setattr(wiring, "manifest", loaded.append)
    monkeypatch.setattr(wiring, "shard", lambda _: None)
    one = SimpleNamespace(root=str(tmp_path / "manifests/entra-config.yaml"))
    monkeypatch.setattr(loader, "load_all", lambda *_, **__: [one])
    monkeypatch.setattr(writers, "sources", lambda manifests: files if manifests == [one] else {})
    assert settings._sources(common) == files
    assert loaded == ([common] if loads else [])
    files.clear()
    with pytest.raises(UsageError, match=r"entra-config\.yaml declares no source file under `settings:`$"):
        settings._sources(common)


def test_the_project_is_the_folder_above_the_manifest_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However its path is written."""
    monkeypatch.chdir(tmp_path)
    assert settings._above("manifests/entra-config.yaml") == tmp_path
    assert settings._above("../x/./manifests/../manifests/entra-config.yaml") == tmp_path.parent / "x"
    assert settings._above("/a/b/entra-config.yaml") == Path("/a")
