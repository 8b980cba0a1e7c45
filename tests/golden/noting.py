"""A plugin of pytest that writes the broken files of each test and the errors that the tool has for them:
`--record-to FOLDER`.

What a test meets in `pytest.raises` counts, so the file is the same whatever makes the error. Tests with
drawn input are left out.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import EntraConfigError
from tests.golden.running import file_name

INPUT = {".yaml", ".yml", ".json", ".toml"}
LONGEST = 20_000


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--record-to", type=Path, help="write the errors that each test meets below this folder")


@pytest.fixture(autouse=True)
def _noted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Write the files and the errors of each `pytest.raises` of the test, in order."""
    notes: list[str] = []
    raises = pytest.raises
    # Tests without a folder of their own name their files themselves.
    folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None

    @contextlib.contextmanager
    def noted(*expected: Any, **options: Any) -> Iterator[Any]:
        with raises(*expected, **options) as caught:
            yield caught
        if isinstance(caught.value, EntraConfigError):
            notes.append(_note(caught.value, folder))

    monkeypatch.setattr(pytest, "raises", noted)
    yield
    is_drawn = hasattr(request.function, "hypothesis")
    if notes and not is_drawn:
        path = request.config.getoption("--record-to") / file_name(request.node.nodeid, "tests/unit/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(notes), encoding="utf-8", errors="backslashreplace")


def _note(error: EntraConfigError, folder: Path | None) -> str:
    text = f"=== {type(error).__name__}\n{error}\n"
    if folder is None:
        return text
    paths = (path for path in sorted(folder.rglob("*")) if path.suffix in INPUT and path.is_file())
    inputs = (f"=== {path.relative_to(folder)}\n{_shortened(path.read_bytes())}" for path in paths)
    note = "".join((*inputs, text))
    return note.replace(f"{folder}/", "").replace(str(folder), ".").replace(str(folder.parent), "..")


def _shortened(content: bytes) -> str:
    if len(content) > LONGEST:
        return f"{len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()[:12]}\n"
    return content.decode("utf-8", "backslashreplace")
