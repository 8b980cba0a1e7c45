"""A secret kept in a file that its owner alone reads, written whole or not at all."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from entra_config.errors import SinkError
from entra_config.hidden import Hidden
from entra_config.manifest.fields.sinks.file import FileKeeper
from entra_config.manifest.sinks import EMPTY, Content

VALUE = "s3cr3t~value-of-a-client"


def _copy(content: Content) -> str | None:
    return content.copy.reveal() if content.copy is not None else None


def test_what_is_kept_is_read_back_by_its_owner_alone(tmp_path: Path) -> None:
    """Whatever stood there before; nothing is left beside it."""
    keeper = FileKeeper(tmp_path / "secret")
    assert asyncio.run(keeper.content()) == EMPTY
    for value in ("older", VALUE):
        (tmp_path / ".secret.next").write_text("of a run that was killed")
        asyncio.run(keeper.keep(Hidden(value), "k"))
        content = asyncio.run(keeper.content())
        assert (_copy(content), content.kept) == (value, Content.of(value).kept)
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("before", [None, "kept"])
def test_a_proof_changes_nothing(tmp_path: Path, before: str | None) -> None:
    """Neither the file nor what is beside it, also where a run before was killed."""
    path = tmp_path / "secret"
    if before is not None:
        path.write_text(before)
    (tmp_path / ".secret.next").write_text("of a run that was killed")
    asyncio.run(FileKeeper(path).prove())
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == (
        [] if before is None else [("secret", before)]
    )


@pytest.mark.parametrize("link", ["there", "nowhere", "folder"])
def test_no_secret_is_written_through_a_link_or_into_what_is_no_file(tmp_path: Path, link: str) -> None:
    """A proof says so before there is a secret."""
    path = tmp_path / "secret"
    (tmp_path / "there").write_text("of others")
    if link == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / link)
    with pytest.raises(SinkError, match=r"secret is no file: a secret is not written through a link$"):
        asyncio.run(FileKeeper(path).prove())
    assert (tmp_path / "there").read_text() == "of others"


@pytest.mark.parametrize(("mode", "others"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True)])
def test_what_others_can_read_is_no_secret(tmp_path: Path, mode: int, others: bool) -> None:
    """Whether a group or everybody can."""
    path = tmp_path / "secret"
    path.write_text(f"{VALUE}\r\n\n")
    path.chmod(mode)
    if others:
        with pytest.raises(SinkError, match=r"can be read by others than its owner: chmod 600$"):
            asyncio.run(FileKeeper(path).content())
    else:
        assert _copy(asyncio.run(FileKeeper(path).content())) == VALUE


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    """Neither does one of line ends."""
    path = tmp_path / "secret"
    path.touch(0o600)
    assert asyncio.run(FileKeeper(path).content()) == EMPTY
    path.write_text("\r\n\n")
    assert asyncio.run(FileKeeper(path).content()) == EMPTY


def test_an_error_says_what_file_it_is_about(tmp_path: Path) -> None:
    """And nothing of what is kept."""
    keeper = FileKeeper(tmp_path / "missing/secret")
    message = rf"^{tmp_path}/missing/secret cannot be written: {os.strerror(2)}$"
    with pytest.raises(SinkError, match=message):
        asyncio.run(keeper.prove())
    with pytest.raises(SinkError, match=message):
        asyncio.run(keeper.keep(Hidden(VALUE), "k"))
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(SinkError, match=rf"^{loop} cannot be read: "):
        asyncio.run(FileKeeper(loop).content())
