"""Files of a pipeline on disk: each whole or as it was, whenever the writing ends."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from entra_config.bootstrap.model import on_disk
from entra_config.errors import UsageError

LARGE = "x" * 300_000


def listed(root: Path) -> dict[str, str]:
    """Return all that lies below a folder."""
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("before", [{}, {"a/b.sh": "mine"}], ids=["new", "there already"])
def test_a_file_that_cannot_be_written_whole_is_as_it_was(tmp_path: Path, before: dict[str, str]) -> None:
    """A disk that is full in the middle of a file: no half of it is there, and no draft."""
    for path, text in before.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(text)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(UsageError, match="cannot be written"):
            on_disk(tmp_path, {"a/b.sh": LARGE}).write(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert listed(tmp_path) == before
    on_disk(tmp_path, {"a/b.sh": LARGE}).write(tmp_path)
    assert listed(tmp_path) == {"a/b.sh": LARGE}


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    """A script that somebody made executable is executable still."""
    (tmp_path / "b.sh").write_text("old")
    (tmp_path / "b.sh").chmod(0o755)

    on_disk(tmp_path, {"b.sh": "new"}).write(tmp_path)

    assert (tmp_path / "b.sh").stat().st_mode & 0o777 == 0o755
