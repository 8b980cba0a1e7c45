"""The file that `logo` names: what is read of it, and all that is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.kinds import logo
from entra_config.kinds.logo import Logo
from entra_config.manifest.reading.files import Files
from entra_config.manifest.reading.node import Scalar
from tests.unit.manifest.one_value import found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, so that problems name files shortly."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def picture(name: Any) -> tuple[Logo | None, list[str]]:
    """Read a picture that an application in `apps/a.yaml` names."""
    written = Scalar(name, Position("apps/a.yaml", 3, 9))
    files = Files(Path("entra-config.yaml"))
    value, noted = found(lambda reader, it: logo.read(it, files, reader), written)
    return value, noted


PNG = b"\x89PNG\r\n\x1a\n..."
OUTSIDE = "pictures stand below the root file's folder, named relative to this file"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"GIF87a.", "image/gif"),
        (b"GIF89a.", "image/gif"),
        (b"\xff\xd8\xff.", "image/jpeg"),
        (PNG, "image/png"),
        (b"<svg/>", None),
        (b"", None),
    ],
)
def test_a_picture_is_what_its_first_bytes_say(folder: Path, content: bytes, expected: str | None) -> None:
    """Whatever it is called; what Graph does not take is noted."""
    (folder / "apps").mkdir()
    (folder / "apps/logo.svg").write_bytes(content)

    if expected:
        assert picture("logo.svg") == (Logo(content, expected), [])
    else:
        assert picture("logo.svg") == (
            None,
            ["apps/a.yaml:3:9: `logo`: `logo.svg` is not a GIF, JPEG or PNG file"],
        )


@pytest.mark.parametrize(
    ("name", "noted"),
    [
        (7, ["`logo`: expected a string (write it in quotes), found the number 7"]),
        ("../../logo.png", [f"`logo`: `../../logo.png`: {OUTSIDE}"]),
        ("/etc/logo.png", [f"`logo`: `/etc/logo.png`: {OUTSIDE}"]),
        ("none.png", ["`logo`: `apps/none.png` cannot be read: no such file"]),
        ("a\x00.png", ["`logo` holds a control character"]),
        ("large.png", ["`logo`: `apps/large.png` is larger than 100 KB, which is all that Graph takes"]),
    ],
)
def test_what_is_no_picture_is_noted(folder: Path, name: Any, noted: list[str]) -> None:
    """It stands in a file below the root file's folder, of a size that Graph takes."""
    (folder / "apps").mkdir()
    (folder / "apps/large.png").write_bytes(PNG + bytes(100 * 1024 + 1 - len(PNG)))

    assert picture(name) == (None, [f"apps/a.yaml:3:9: {each}" for each in noted])


def test_a_picture_may_be_as_large_as_graph_takes(folder: Path) -> None:
    """And stand in another folder of the manifest, but not be named by its whole path."""
    content = PNG + bytes(100 * 1024 - len(PNG))
    (folder / "apps").mkdir()
    (folder / "logo.png").write_bytes(content)

    assert picture("../logo.png") == (Logo(content, "image/png"), [])
    whole = str(folder / "logo.png")
    assert picture(whole) == (None, [f"apps/a.yaml:3:9: `logo`: `{whole}`: {OUTSIDE}"])
