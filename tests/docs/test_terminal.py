"""The pictures of docs/terminal.md: they are there, load nothing, and their script still takes them."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs/images"


@pytest.fixture(scope="module")
def pictures() -> ModuleType:
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "tools/terminal/pictures.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["pictures"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_the_page_shows_what_is_kept(pictures: ModuleType) -> None:
    """Each picture that `make terminal` keeps, on both grounds, and no other."""
    page = (ROOT / "docs/terminal.md").read_text(encoding="utf-8")
    shown = set(re.findall(r'"images/([^"]+)"', page))
    kept = {f"{name}-80-{ground}.svg" for name in pictures.KEPT for ground in pictures.GROUNDS}

    assert shown == kept == {path.name for path in IMAGES.glob("*-80-*.svg")}
    assert page.count('alt="') == len(pictures.KEPT)


def test_a_picture_loads_nothing_and_is_small() -> None:
    """No font of another host, no script; what one costs is less than a photograph."""
    for path in IMAGES.glob("*-80-*.svg"):
        text = re.sub(r"<!--.*?-->", "", path.read_text(encoding="utf-8"))
        requested = re.findall(r'(?:href|src|url\(|xmlns)="?(https?:[^"]*)', text)
        assert requested == ["http://www.w3.org/2000/svg"], path
        assert not re.search(r"@font-face|<script|url\((?!#)", text), path
        assert path.stat().st_size < 60_000, path


@pytest.mark.docs
@pytest.mark.xdist_group("shell")
def test_a_picture_is_taken(pictures: ModuleType, tmp_path: Path) -> None:
    """In tmux, with the colours of the ground; what is awaited and does not come is an error with what was
    there.
    """
    scene = pictures.Scene("plan -e dev --target application.devClient")
    dark, light = (pictures.shown(scene, 80, ground) for ground in pictures.GROUNDS)

    assert "application devClient" in dark
    assert re.sub(r"\x1b\[[0-9;]*m", "", dark) == re.sub(r"\x1b\[[0-9;]*m", "", light)
    assert dark != light, "other colours"
    assert "devClient" in pictures.svg(dark, scene, 80, "dark")
    with pytest.raises(TimeoutError, match="was not to be taken"):
        pictures.shown(pictures.Scene("plan -e nowhere", while_shown="never"), 80, "dark")
