"""The script of a fleet's task: what it takes out of the bucket, what it brings, and what it is told."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.infra.templates import ROOT

SCRIPT = runpy.run_path(str(ROOT / "infra/scripts/fleet_task.py"))
TOLD = {"FLEET_BUCKET": "results", "FLEET_DO": "apply", "FLEET_RUN": "a-1", "FLEET_CHUNK": "2"}


class Bucket:
    """A client of S3 with one bucket, as far as the script calls it."""

    def __init__(self, *keys: str) -> None:
        self.objects = dict.fromkeys(keys, b"before")
        self.brought: list[str] = []

    def get_paginator(self, _: str) -> Bucket:
        """Return what lists."""
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> list[dict[str, Any]]:  # noqa: N803  # boto3's names
        """List below a prefix, a page a key."""
        assert Bucket == "results"
        return [{"Contents": [{"Key": key}]} for key in self.objects if key.startswith(Prefix)] or [{}]

    def download_file(self, _: str, key: str, path: str) -> None:
        """Give one."""
        Path(path).write_bytes(self.objects[key])

    def upload_file(self, path: str, _: str, key: str) -> None:
        """Take one."""
        self.brought.append(key)
        self.objects[key] = Path(path).read_bytes()

    def delete_object(self, *, Bucket: str, Key: str) -> None:  # noqa: N803  # boto3's names
        """Forget one."""
        del self.objects[Key]


def test_only_what_is_wanted_is_taken_and_only_what_changed_is_brought(tmp_path: Path) -> None:
    """What an apply left is taken away when it left it; a key that is no plain name is never a file."""
    own = ["applies/contoso.myapp.a-1.json", "applies/_begun.contoso.myapp.json"]
    others = [
        "applies/fabrikam.myapp.a-1.json",
        "applies/../contoso.myapp.a-1.json",
        "plans/contoso.myapp.json",
    ]
    bucket = Bucket(*own, *others)
    folder = SCRIPT["Folder"](bucket, "results", tmp_path)
    wanted = SCRIPT["_any"](["contoso.myapp.a-1.json", re.compile(r"_begun\.contoso\.myapp\.json")])

    folder.take("applies", wanted)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(each[8:] for each in own)
    folder.bring("applies", wanted)
    assert bucket.brought == []

    (tmp_path / "contoso.myapp.a-1.json").write_bytes(b"after that")
    (tmp_path / "_begun.contoso.myapp.json").unlink()
    (tmp_path / "_lock.contoso").touch()
    folder.bring("applies", wanted)
    folder.bring("applies", wanted)
    assert bucket.brought == [own[0]]
    assert bucket.objects == {own[0]: b"after that", **dict.fromkeys(others, b"before")}


@pytest.mark.parametrize(
    ("changes", "reported"),
    [
        ({"FLEET_RUN": "$(id)"}, "FLEET_RUN is not of the form"),
        ({"FLEET_CHUNK": "1;id"}, "FLEET_CHUNK is not of the form"),
        ({"FLEET_APPROVAL": "../x"}, "FLEET_APPROVAL is not of the form"),
        ({"FLEET_DO": "lock"}, "FLEET_DO is not of the form"),
        ({"FLEET_BUCKET": "a/b"}, "FLEET_BUCKET is not of the form"),
        ({}, "not told: FLEET_APPROVAL, FLEET_CHUNKS, FLEET_WAVE"),
        ({"FLEET_DO": "check", "FLEET_WAVE": "1"}, "not told: FLEET_APPROVAL"),
    ],
)
def test_what_is_told_has_one_form(changes: dict[str, str], reported: str) -> None:
    """Else nothing is read; nothing of it reaches a shell or a path."""
    with pytest.raises(SCRIPT["TaskError"], match=re.escape(reported)):
        SCRIPT["said"](TOLD | changes)
