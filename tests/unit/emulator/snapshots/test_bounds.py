"""JSON that may come from anybody: how large, deep and long it may be, and what is no JSON."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from entra_emulator.snapshots import bounds
from entra_emulator.snapshots.bounds import DEEPEST, LONGEST_TEXT, SnapshotFileError


def nested(depth: int) -> str:
    """Return lists in lists around a number that lies so deep."""
    return "[" * depth + "1" + "]" * depth


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, null, "é"], "b": {"a": 2.5}}', {"a": [1, None, "é"], "b": {"a": 2.5}}),
        ("7", 7),
        ('"\\ud83d\\ude00"', "😀"),
        ("{}", {}),
    ],
)
def test_json_is_read(text: str, value: Any) -> None:
    """Whatever it holds; a name may be there in several objects."""
    assert bounds.parse(text.encode(), "f") == value


def test_the_depth_that_may_be() -> None:
    """Down to 24 and no deeper, in lists and in objects."""
    bounds.parse(nested(DEEPEST).encode(), "f")
    bounds.parse(('{"a":' * DEEPEST + "1" + "}" * DEEPEST).encode(), "f")
    with pytest.raises(SnapshotFileError) as refused:
        bounds.parse(nested(DEEPEST + 1).encode(), "f")
    assert str(refused.value) == f"{'[0]' * 25}: is nested deeper than 24"
    with pytest.raises(SnapshotFileError) as refused:
        bounds.parse(('{"a":' * 25 + "1" + "}" * 25).encode(), "f")
    assert str(refused.value) == f"{'.'.join('a' * 25)}: is nested deeper than 24"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff", "f: is not UTF-8: "),
        (b"{", "f: is no JSON: "),
        (b"", "f: is no JSON: "),
        (b"1" + b"0" * 5000, "f: is no JSON: "),
        (b"NaN", "f: is no JSON: NaN is no number of JSON"),
        (b"[-Infinity]", "f: is no JSON: -Infinity is no number of JSON"),
        (b'{"b": 1, "a": 1, "a": 2}', "f: is no JSON: 'a' stands twice in one object"),
        (b"[" * 200_000, "f: is nested deeper than 24"),
        (b'{"a": "x\\u0000"}', "a: holds a character of number 0"),
        ('{"a": "é\\u0000"}'.encode(), "a: holds a character of number 0"),
        (b'{"a": [0, "\\ud800"]}', "a[1]: holds half a character"),
        (b'{"a": {"b\\u0000": 1}}', "a.b\0: holds a character of number 0"),
        (b'"\\ud800"', ": holds half a character"),
    ],
)
def test_what_is_no_json_of_ours(data: bytes, message: str) -> None:
    """Where it is, and what is wrong there."""
    with pytest.raises(SnapshotFileError) as refused:
        bounds.parse(data, "f")
    assert str(refused.value).startswith(message)
    assert f"{refused.value.where}: {refused.value.what}" == str(refused.value)


def test_how_long_a_text_may_be() -> None:
    """A million characters, names too; of a long name as much is said as names it."""
    longest = "x" * LONGEST_TEXT
    assert bounds.parse(f'{{"{longest}": "{longest}"}}'.encode(), "f") == {longest: longest}
    with pytest.raises(SnapshotFileError) as refused:
        bounds.parse(f'{{"a": {{"{longest}y": 1}}}}'.encode(), "f")
    assert str(refused.value) == f"a.{'x' * 80}: is a text of 1,000,001 characters, at most 1,000,000"
    with pytest.raises(SnapshotFileError) as refused:
        bounds.parse(f'{{"{longest}y": 1}}'.encode(), "f")
    assert refused.value.where == "x" * 80


@pytest.mark.parametrize(
    ("name", "most", "largest", "message"),
    [
        ("MOST_BYTES", 2_000_000, b" " * 1_999_999 + b"1", "f: is larger than 2 MB"),
        ("MOST_CONTAINERS", 3, b"[[],{}]", "f: has 4 objects and lists, at most 3"),
    ],
)
def test_how_large_a_file_may_be(
    name: str, most: int, largest: bytes, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many bytes, and so many objects and lists; not one more."""
    monkeypatch.setattr(bounds, name, most)
    bounds.parse(largest, "f")
    with pytest.raises(SnapshotFileError) as refused:
        bounds.parse(b"[" + largest + b"]", "f")
    assert str(refused.value) == message


def test_files_that_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A link, a folder, a pipe, nothing, and what is too large: of that no more is read than says it."""
    file = tmp_path / "f"
    file.write_bytes(b"[1]")
    assert bounds.load(file) == [1]
    (tmp_path / "link").symlink_to(file)
    opened = len(list(Path("/proc/self/fd").iterdir()))
    os.mkfifo(tmp_path / "pipe")
    for path, message in (
        (tmp_path / "link", "is a link: name the file itself"),
        (tmp_path, "is no file"),
        (tmp_path / "pipe", "is no file"),
        (tmp_path / "gone", "No such file or directory"),
    ):
        with pytest.raises(SnapshotFileError) as refused:
            bounds.load(path)
        assert str(refused.value) == f"{path}: {message}"
    assert len(list(Path("/proc/self/fd").iterdir())) == opened
    monkeypatch.setattr(bounds, "MOST_BYTES", 3)
    assert bounds.load(file) == [1]
    file.write_bytes(b"[1]" + b" " * 10)
    with pytest.raises(SnapshotFileError, match="is larger than 0 MB"):
        bounds.load(file)
    assert bounds._bytes(file) == b"[1] "
