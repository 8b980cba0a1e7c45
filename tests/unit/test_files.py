"""What is written where a file, a link, a device or nothing is."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from entra_config.files import write_output, write_source


def test_a_report_is_written_through_a_link(tmp_path: Path) -> None:
    """The link stays, and the file that it names has the report, complete and for its owner alone."""
    target, path = tmp_path / "target", tmp_path / "report"
    target.write_text("old")
    path.symlink_to(target)

    write_output(path, "ünï\n", mode=0o600)

    assert path.is_symlink()
    assert target.read_text(encoding="utf-8") == "ünï\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["report", "target"]


def test_a_report_is_written_into_a_device_and_a_pipe(tmp_path: Path) -> None:
    """`--out /dev/stdout` is a file name too."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_output(pipe, "text")
    assert os.read(reader, 10) == b"text"
    os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    write_output(Path("/dev/null"), "text")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_a_report_joins_the_other_output_in_a_file_of_the_shell(tmp_path: Path, name: str) -> None:
    """`--out /dev/stdout >all.txt`: the file is not replaced, so it has what is printed before and after."""
    program = (
        "import sys; from pathlib import Path; from entra_config.files import write_output; "
        "print('before'); write_output(Path(sys.argv[1]), 'report\\n'); print('after')"
    )
    with (tmp_path / "all.txt").open("wb") as file:
        subprocess.run([sys.executable, "-c", program, name], stdout=file, check=True)
    assert (tmp_path / "all.txt").read_text() == "before\nreport\nafter\n"
    assert [path.name for path in tmp_path.iterdir()] == ["all.txt"]


def test_a_link_that_leads_nowhere_makes_the_file_that_it_names(tmp_path: Path) -> None:
    """As a shell's redirection does."""
    (tmp_path / "link").symlink_to(tmp_path / "new")
    write_output(tmp_path / "link", "text")
    assert (tmp_path / "new").read_text() == "text"


@pytest.mark.parametrize("there", ["a link", "a link that leads nowhere", "a device", "a folder"])
def test_a_manifest_is_written_through_no_link_and_into_no_device(tmp_path: Path, there: str) -> None:
    """A checkout may be somebody else's: what its link names stays as it is, and so does the link."""
    target, path = tmp_path / "target", tmp_path / "manifest.yaml"
    target.write_text("theirs")
    if there == "a folder":
        path.mkdir()
    else:
        path.symlink_to({"a link": target, "a device": Path("/dev/null")}.get(there, tmp_path / "nowhere"))
    before = sorted(each.name for each in tmp_path.iterdir())

    with pytest.raises(OSError, match=r"manifest\.yaml"):
        write_source(path, "ours")

    assert target.read_text() == "theirs"
    assert sorted(each.name for each in tmp_path.iterdir()) == before
    assert path.is_symlink() is (there != "a folder")


def test_a_file_keeps_its_mode_and_its_line_breaks(tmp_path: Path) -> None:
    """Nothing of it changes but its text; a new file is as others are."""
    path = tmp_path / "manifest.yaml"
    path.write_text("old")
    path.chmod(0o640)
    write_source(path, "a\r\nb\n")
    assert path.read_bytes() == b"a\r\nb\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    write_source(tmp_path / "picture", b"\x00")
    assert (tmp_path / "picture").read_bytes() == b"\x00"


def test_an_error_names_the_file_that_was_to_be_written(tmp_path: Path) -> None:
    """A full disk, a folder that is a file, one that is not there: no draft is left."""
    (tmp_path / "file").write_text("old")
    (tmp_path / "full").symlink_to("/dev/full")
    for path in (tmp_path / "full", tmp_path / "file/below", tmp_path / "missing/below"):
        with pytest.raises(OSError) as caught:  # noqa: PT011  # its file name is what counts
            write_output(path, "x" * 100_000)
        assert caught.value.filename == str(path)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "full"]
