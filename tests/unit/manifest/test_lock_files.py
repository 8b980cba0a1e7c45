"""What a lock file may be on disk, and what is written beside an appId."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from entra_config.characters import invisible
from entra_config.manifest import loader
from entra_config.manifest.environments import lock
from entra_config.manifest.environments.lock import LARGEST
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.reading.node import to_data
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.yaml import read
from tests.unit.candidates import app_id
from tests.unit.manifest.conftest import TENANT

APP_ID = "5c1b2f7e-0000-4000-8000-000000000001"
OTHER = "5c1b2f7e-0000-4000-8000-000000000002"
# Names that are the same once they are normalized are one key to the loader.
NAMES = (
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
    .map(lambda name: unicodedata.normalize("NFC", name))
    .filter(lambda name: "\0" not in name)
)


def problems(path: Path) -> list[str]:
    """Read a lock file and return what is wrong with it."""
    found = Problems()
    assert lock.read(path, found) == Lock()
    return [problem.message for problem in found.found]


def test_a_link_is_not_followed_and_what_it_leads_to_is_not_quoted(tmp_path: Path) -> None:
    """A pull request cannot make a pipeline print a file of its machine."""
    secret = tmp_path / "secret"
    secret.write_text("hunter2: [", encoding="utf-8")
    path = tmp_path / "entra-config.dev.lock.yaml"
    path.symlink_to(secret)
    [message] = problems(path)
    assert message == "cannot be read: a lock file is no link"
    with pytest.raises(OSError, match="is a link"):
        lock.save(path, Lock(TENANT), "dev")
    assert secret.read_text(encoding="utf-8") == "hunter2: ["
    assert path.is_symlink()


def test_what_never_ends_is_not_read(tmp_path: Path) -> None:
    """A pipe, a folder and a file larger than any lock file are refused at once."""
    pipe = tmp_path / "pipe.lock.yaml"
    os.mkfifo(pipe)
    assert problems(pipe) == ["cannot be read: not a file"]
    assert problems(Path("/dev/zero")) == ["cannot be read: not a file"]
    [folder] = problems(tmp_path)
    assert folder.startswith("cannot be read: ")
    large = tmp_path / "large.lock.yaml"
    large.write_bytes(b"#" * (LARGEST + 1))
    assert problems(large) == [f"cannot be read: larger than {LARGEST} bytes"]


@pytest.mark.parametrize(
    ("note", "written"),
    [
        ("created 2026-11-25 by x", "  # created 2026-11-25 by x"),
        ("a\nrejected: []", "  # arejected: []"),
        ("", ""),
    ],
)
def test_the_comment_beside_an_app_id_lasts_and_is_one(tmp_path: Path, note: str, written: str) -> None:
    """It is read and written again, and nothing in it becomes YAML."""
    path = tmp_path / "x.lock.yaml"
    lock.save(path, Lock(TENANT, applications={"api": PinnedApplication(APP_ID, note=note)}), "dev")
    assert f"    appId: {APP_ID}{written}\n" in path.read_text(encoding="utf-8")
    held = lock.read(path, Problems())
    assert lock.write(held, "dev") == path.read_text(encoding="utf-8")


def test_what_was_accepted_belongs_to_an_app_id(tmp_path: Path) -> None:
    """Owners and key ids count for the object that was looked at; under another appId they are nobody's."""
    root = tmp_path / "entra-config.yaml"
    root.write_text(
        f"project: p\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n"
        "applications: { api: { type: api, displayName: A } }\n",
        encoding="utf-8",
    )
    pins = Lock(
        TENANT,
        applications={"api": PinnedApplication(None, (OTHER,)), "old": PinnedApplication(APP_ID, (OTHER,))},
    )
    manifest = loader.load(root, "dev", pins=pins)
    assert manifest.accepted == {APP_ID: {OTHER}}


def test_rejected_ids_live_in_the_lock_file(tmp_path: Path) -> None:
    """What is rejected is written and read again."""
    path = tmp_path / "x.dev.lock.yaml"
    path.write_text(lock.write(Lock(TENANT, rejected=(app_id("a"),)), "dev"), encoding="utf-8")
    assert lock.read(path, Problems()).rejected == (app_id("a"),)


def test_what_people_wrote_into_a_lock_file_stays(folder: Path) -> None:
    """Comments above and behind entries, for as long as the entry is there; notes of this tool are its own."""
    path = folder / "entra-config.dev.lock.yaml"
    ids = [f"5c1b2f7e-0000-4000-8000-00000000000{number}" for number in range(5)]
    path.write_text(
        f"""\
# Written by `entra-config lock -e dev`. The ids decide, whoever bears the names: review changes like code.
# Reviewed by the platform team.
tenantId: {TENANT}
users:
  # On leave until May.
  ann@a.org: {ids[0]}
  bob@a.org: {ids[1]}  # the other Bob
  cid@a.org: {ids[2]}  # leaves with Cid
applications:
  api:
    appId: {ids[3]}  # created 2026-01-01
    # accepted after the audit
    owners:
      - {ids[4]}  # Ann's second account
# The end.
""",
        encoding="utf-8",
    )
    problems = Problems()
    pins = lock.read(path, problems)
    assert not problems.found
    users = {name: pin for name, pin in pins.users.items() if name != "cid@a.org"}
    lock.save(path, replace(pins, users={"aaa@a.org": Pin(ids[2]), **users}), "dev")
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[1:] == [
        "# Reviewed by the platform team.",
        f"tenantId: {TENANT}",
        "users:",
        f'  "aaa@a.org": {ids[2]}',
        "  # On leave until May.",
        f'  "ann@a.org": {ids[0]}',
        f'  "bob@a.org": {ids[1]}  # the other Bob',
        "applications:",
        "  api:",
        f"    appId: {ids[3]}  # created 2026-01-01",
        "    # accepted after the audit",
        "    owners:",
        f"      - {ids[4]}  # Ann's second account",
        "# The end.",
    ]
    lock.save(path, lock.read(path, problems), "dev")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    "char", ["\ufe0f", "\U000e0101", "\u200b", "\u00ad", "\u3164", "\u00a0", "\u2800", "\u202e"]
)
def test_an_invisible_character_is_written_as_an_escape(char: str, folder: Path) -> None:
    """Variation selectors too: two names that look alike differ in the lock file, which can be read again."""
    path = folder / "entra-config.dev.lock.yaml"
    pins = Lock(TENANT, groups={f"Staff{char}": Pin(TENANT), "Staff": Pin(TENANT)})
    lock.save(path, pins, "dev")
    text = path.read_text(encoding="utf-8")
    assert char not in text
    assert f'"Staff\\U{ord(char):08x}"' in text
    problems = Problems()
    assert lock.read(path, problems) == pins
    assert not problems.found


@given(st.lists(NAMES, min_size=1, max_size=4, unique=True))
@example(["yes", "on", "y", "~", "null", "1e3", "0b1", "1_000", "2026-01-01", "12:30", "=", "<<"])
@example(
    ["a: b", "*x", "&x", "- a", "#", "a #b", "'", '"', "\\", "{", "[a]", "%a", "@a", "`a", "!a", "|", ">"]
)
def test_every_reader_of_yaml_reads_the_names_that_were_written(names: list[str]) -> None:
    """Readers of YAML 1.1 take `yes` and `2026-01-01` for something else, unless they are quoted."""
    ids = [str(UUID(int=number)) for number in range(len(names))]
    pins = {name: Pin(id_, was=name) for name, id_ in zip(names, ids, strict=True)}
    written = Lock(TENANT, users={name: Pin(pin.id) for name, pin in pins.items()}, groups=pins)
    text = lock.write(written, "dev")

    in_1_1 = yaml.safe_load(text)
    assert in_1_1["users"] == dict(zip(names, ids, strict=True))
    assert in_1_1["groups"] == {name: {"id": pin.id, "was": name} for name, pin in pins.items()}
    document = read(text, "lock")
    assert document is not None
    in_1_2 = to_data(document)
    assert (in_1_2["users"], in_1_2["groups"]) == (in_1_1["users"], in_1_1["groups"])
    for char in text:
        assert char == "\n" or not invisible(char)
    assert text.count('"') >= 6 * len(names)
