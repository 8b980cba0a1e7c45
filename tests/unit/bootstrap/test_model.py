"""Files of a pipeline as they are and as they shall be: what changes, what is shown, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.bootstrap.model import MARK, MARKED_LINES, SHOWN, Files, is_ours, on_disk, text_of
from entra_config.errors import UsageError

OURS = f"# {MARK}\nold\n"


def test_only_what_is_otherwise_is_changed() -> None:
    """Hold that paths are in order, and what stands there already is none."""
    files = Files({"b": "new", "a": "new", "c": "same"}, {"a": "old", "c": "same"})
    assert files.changed == ("a", "b")


def test_a_new_file_is_shown_where_its_lines_decide() -> None:
    """Hold that one which was there is shown in any case, and another new one is not."""
    shown, other = f"x/y{SHOWN[0] if isinstance(SHOWN, tuple) else SHOWN}", "x/y.other"
    files = Files({shown: "one\n", other: "two\n", "z": "a\nb\nc\n"}, {"z": "a\nx\nc\n"})

    assert files.diff == (
        f"--- /dev/null\n+++ {shown}\n@@ -0,0 +1 @@\n+one\n--- z\n+++ z\n@@ -1,3 +1,3 @@\n a\n-x\n+b\n c\n"
    )


@pytest.mark.parametrize(
    ("before", "paths", "refused"),
    [
        ({"a": "mine", "b": "mine"}, ["a", "b"], "a, b: bootstrap did not write this"),
        ({"a": "mine", "b": OURS}, ["a", "b"], "a: bootstrap did not write this"),
        ({"a": "mine"}, [], ""),
        ({}, ["a", "b"], ""),
        ({"a": "new"}, ["a"], ""),
        ({"a": OURS}, ["a"], ""),
    ],
    ids=["both are somebody's", "one is", "nobody asks", "none is there", "it is so already", "it is ours"],
)
def test_what_somebody_wrote_is_not_written_over(
    before: dict[str, str], paths: list[str], refused: str
) -> None:
    """Hold that only files which would change and were not written by bootstrap are refused."""
    files = Files({"a": "new", "b": "new"}, before)
    if not refused:
        files.check(paths)
        return
    with pytest.raises(UsageError) as error:
        files.check(paths)
    assert str(error.value).startswith(refused)


def test_what_is_there_is_read_of_the_disk(tmp_path: Path) -> None:
    """Hold that a folder is no file, and that what is not there is not known."""
    (tmp_path / "x" / "folder").mkdir(parents=True)
    (tmp_path / "x" / "a").write_text("text", encoding="utf-8")
    after = {"x/a": "new", "x/b": "new", "x/folder": "new"}

    assert on_disk(tmp_path, after, ["kept"]) == Files(after, {"x/a": "text"}, ("kept",))


@pytest.mark.parametrize("link", ["x", "x/a"])
def test_nothing_is_read_through_a_link(link: str, tmp_path: Path) -> None:
    """Hold that a folder that is a link is refused as a file is."""
    target = tmp_path / "elsewhere"
    target.mkdir()
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(target)
    with pytest.raises(UsageError) as error:
        on_disk(tmp_path, {"x/a": "new"})
    assert str(error.value) == f"{tmp_path / link} is a link: bootstrap writes through none"


def test_files_are_written_below_new_folders_and_old_ones(tmp_path: Path) -> None:
    """Hold that what is as desired is left alone."""
    (tmp_path / "x").mkdir()
    Files({"x/a": "1", "y/z/b": "2", "same": "3"}, {"same": "3"}).write(tmp_path)

    assert [(tmp_path / path).exists() for path in ("x/a", "y/z/b", "same")] == [True, True, False]
    assert (tmp_path / "y/z/b").read_text(encoding="utf-8") == "2"


def test_the_first_lines_say_whose_a_file_is() -> None:
    """Hold that a mark further down is somebody's words."""
    assert is_ours("\n" * (MARKED_LINES - 1) + MARK)
    assert not is_ours("\n" * MARKED_LINES + MARK)


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """Hold that a file that is not there is empty."""
    (tmp_path / "a").write_bytes(b"\xff")
    assert text_of(tmp_path / "b") == ""
    with pytest.raises(UsageError, match="cannot be read as text: not UTF-8"):
        text_of(tmp_path / "a")
    with pytest.raises(UsageError, match="cannot be read as text: Is a directory"):
        text_of(tmp_path)
