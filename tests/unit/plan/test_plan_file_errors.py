"""A plan file that is edited, broken or not there is an error with its place, and none makes a traceback."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from entra_config.apply import saved as saving
from entra_config.errors import EntraConfigError, UsageError
from entra_config.plan import file
from tests.unit.plan.plans import PLAN, TIMED


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", ":1:1"),
        (b"{", ":1:2"),
        (b"[]", "the file"),
        (b"null", "the file"),
        (b'{"version": 2}', "entra-config plan -e ENV --out FILE"),
        (b'{"version": true}', "version"),
        (b'{"version": 3, "project": 3}', "project"),
        (b"\xff\xfe", "byte 0"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"version": ' + b"9" * 10_000 + b"}", "numbers too long"),
        ((b'{"version": 3, "project": "", "environment": "", "tenantId": "", "digest": "", "content": '
b'{"a": 1}}'), "content['a']"),
        ((b'{"version": 3, "project": "", "environment": "", "tenantId": "", "digest": "", "content": '
b'{}, "x": 1}'), "x"),
        ((b'{"version": 3, "project": "\\ud800", "environment": "", "tenantId": "", "digest": "", '
b'"content": {}}'), "digest"),
    ],
)  # fmt: skip
def test_a_broken_file_is_an_error_with_its_place(tmp_path: Path, text: bytes, place: str) -> None:
    """The message names the file and where in it."""
    path = tmp_path / "plan.json"
    path.write_bytes(text)
    with pytest.raises(UsageError) as caught:
        saving.read(path)
    assert str(path) in str(caught.value)
    assert place in str(caught.value)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Missing, or a folder, or not writable: named."""
    with pytest.raises(UsageError, match="cannot be read"):
        saving.read(tmp_path / "none.json")
    with pytest.raises(UsageError, match="cannot be read"):
        saving.read(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        saving.write(tmp_path / "no" / "plan.json", PLAN)


def refusal(path: Path) -> str:
    """Give the message with which a file is refused, "" where it is not."""
    try:
        file.compare(saving.read(path), PLAN)
    except EntraConfigError as error:
        return str(error)
    return ""


def json_of(data: bytes) -> Any:
    """Read JSON; None where it is none."""
    try:
        return json.loads(data)
    except ValueError:
        return None


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Change a file somewhere, by bytes or by JSON."""
    if chance.random() < 0.5:
        text = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            where = chance.randrange(len(text))
            text[where : where + chance.randint(0, 6)] = bytes(
                chance.randrange(256) for _ in range(chance.randint(0, 4))
            )
        return bytes(text)
    tree = json.loads(data)
    node: Any = tree
    while isinstance(node, dict | list) and node:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = chance.choice(keys)
        if chance.random() < 0.4 or not isinstance(node[key], dict | list):
            if chance.random() < 0.3:
                del node[key]
            else:
                node[key] = chance.choice(
                    [None, 0, -1, True, [], {}, "", "x" * 50, [[]], {"$ref": "x"}, 1e308]
                )
            break
        node = node[key]
    return json.dumps(tree).encode()


@pytest.mark.parametrize("seed", range(10))
def test_mutated_files_are_refused_without_a_traceback(saved: Path, seed: int) -> None:
    """500 mutated plan files: each is refused with the file's name, or is the same plan after all."""
    _mutated(saved, seed, 50)


def _mutated(saved: Path, seed: int, times: int) -> None:
    chance = random.Random(seed)
    original = saved.read_bytes()
    for _ in range(times):
        saved.write_bytes(mutate(original, chance))
        same = json_of(saved.read_bytes()) == json_of(original)
        assert same or str(saved) in refusal(saved)


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("at", "soon", "at"),
        ("at", "2027-02-01", "at"),
        ("at", "0001-01-01T00:00:00+14:00", "at"),
        ("at", 3, "at"),
        ("overSince", None, "overSince"),
        ("overSince", "2027-01-30", "digest"),
    ],
)
def test_an_instant_that_is_none_is_an_error(tmp_path: Path, key: str, value: Any, place: str) -> None:
    """Neither is edited unnoticed, as far as it decides anything."""
    path = tmp_path / "plan.json"
    saving.write(path, TIMED)
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(UsageError, match=place):
        saving.read(path)
