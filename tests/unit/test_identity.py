"""The table of identification, row by row; what is injective is tried with drawn tenants too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_config.claimants import Candidates, Proofs, Rank
from entra_config.identity import Identified, identify
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from tests.unit.candidates import OURS, TENANT, app, app_id, declared


@dataclass(frozen=True)
class Row:
    """One row: what the manifest and the tenant have, and which object each key gets, with words of what
    is said.
    """

    name: str
    live: tuple[Mapping[str, Any], ...] = ()
    deleted: tuple[Mapping[str, Any], ...] = ()
    applications: str = "api: {}"
    removed: str = ""
    pins: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    rejected: tuple[str, ...] = ()
    proofs: Proofs = field(default_factory=Proofs)
    gets: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    problem: str = ""


PINNED = f"api: {{ type: api, displayName: A, appId: {app_id('a')} }}"
RENAMED = "portal: { type: api, displayName: A, previously: api }"
ROWS = (
    Row("nothing"),
    Row("marks", (app("a", *OURS),), gets={"api": "a"}),
    Row("marks and no key", (app("a", "p/dev"),), notices=("nobody's",)),
    Row("two keys", (app("a", "p/dev", "api", "web"),), notices=("nobody's",)),
    Row("two owners", (app("a", *OURS, "q/dev"),), notices=("nobody's",)),
    Row("another owner", (app("a", "q/dev", "api"),)),
    Row("another case", (app("a", "P/dev", "api"),), notices=("only in the case",)),
    Row("another case of the key", (app("a", "p/dev", "API"),), notices=("does not declare it",)),
    Row("the name alone", (app("a", unique_name="p.dev.api"),)),
    Row("a key of nobody", (app("a", "p/dev", "old"),), notices=("`previously: old`",)),
    Row("two by marks", (app("a", *OURS), app("b", *OURS)), problem="'a' .*, 'b' "),
    Row(
        "proven above marked",
        (app("a", *OURS), app("b", *OURS)),
        proofs=Proofs(proven=frozenset({app_id("b")})),
        gets={"api": "b"},
        notices=("'a' .* has the ownership tags of api too, but another one is proven",),
    ),
    Row(
        "two proven",
        (app("a", *OURS), app("b", *OURS)),
        proofs=Proofs(proven=frozenset(map(app_id, "ab"))),
        problem="'a' .*, 'b' ",
    ),
    Row(
        "made above proven",
        (app("a", *OURS), app("b", *OURS)),
        proofs=Proofs(frozenset({"id-a"}), frozenset({app_id("b")})),
        gets={"api": "a"},
        notices=("'b' .* but this run made another one",),
    ),
    Row(
        "pinned above all",
        (app("a"), app("b", *OURS)),
        applications=PINNED,
        proofs=Proofs(frozenset({"id-b"})),
        gets={"api": "a"},
        notices=("'b' .* but `appId` decides",),
    ),
    Row("pinned with another owner", (app("a", "q/dev", "api"),), applications=PINNED, gets={"api": "a"}),
    Row(
        "pinned and another key's marks",
        (app("a", "p/dev", "web"),),
        applications=PINNED + ", web: {}",
        gets={"api": "a"},
    ),
    Row("pinned and gone", (app("b", *OURS),), applications=PINNED, problem="has no such application"),
    Row(
        "pinned and deleted",
        (app("b", *OURS),),
        (app("a"),),
        applications=PINNED,
        gets={"api": "a"},
        notices=("'b' ",),
    ),
    Row(
        "two keys, one pin",
        (app("a"),),
        applications=PINNED + ", web: " + PINNED.removeprefix("api: "),
        problem="`web` and `api` are pinned",
    ),
    Row(
        "two keys, one pin, below one without",
        (app("a"),),
        applications="other: {}, " + PINNED + ", web: " + PINNED.removeprefix("api: "),
        problem="`web` and `api` are pinned",
    ),
    Row(
        "locked and gone",
        (app("b", *OURS),),
        pins={"api": "a"},
        gets={"api": "b"},
        notices=("the lock file pins api",),
    ),
    Row(
        "locked and renamed",
        (app("a", *OURS),),
        applications=RENAMED,
        pins={"api": "a"},
        gets={"portal": "a"},
    ),
    Row(
        "locked, and tagged as another declared key",
        (app("a", "p/dev", "portal"),),
        applications="portal: {}, api: {}",
        pins={"api": "a"},
        gets={"api": "a"},
    ),
    Row(
        "locked, and tagged as another key whose application is there",
        (app("a", "p/dev", "portal"), app("b", "p/dev", "portal")),
        applications="portal: {}, api: {}",
        pins={"api": "a"},
        gets={"api": "a", "portal": "b"},
    ),
    Row(
        "locked for a key that is not declared, and tagged as a declared one",
        (app("a", *OURS),),
        pins={"old": "a"},
        notices=("'a' .* is tagged as `api`, and the lock file pins it for `old`, .*`previously: old`",),
    ),
    Row(
        "locked for a key that is not declared, deleted, and tagged as a declared one",
        (),
        (app("a", *OURS),),
        pins={"old": "a"},
    ),
    Row(
        "locked for a key that leaves, and tagged as a declared one",
        (app("a", "p/dev", "web"),),
        applications="web: {}",
        removed="api: { destroy: true }",
        pins={"api": "a"},
        gets={"api": "a"},
    ),
    Row(
        "locked for a key that leaves, and another owner's",
        (app("a", "q/dev", "api"),),
        applications="web: {}",
        removed="api: { destroy: true }",
        pins={"api": "a"},
    ),
    Row(
        "locked under the former key, and tagged as a third one",
        (app("a", "p/dev", "web"),),
        applications=RENAMED + ", web: {}",
        pins={"api": "a"},
        gets={"portal": "a"},
    ),
    Row(
        "locked under the former key, and the new key has its own pin",
        (app("a", *OURS), app("b", "p/dev", "portal")),
        applications=RENAMED,
        pins={"api": "a", "portal": "b"},
        gets={"portal": "b"},
        notices=("key 'api'",),
    ),
    Row(
        "a pin under the former key decides",
        (app("a", *OURS), app("b", *OURS)),
        applications=RENAMED,
        pins={"api": "b"},
        gets={"portal": "b"},
        notices=("'a' ",),
    ),
    Row(
        "locked in another environment",
        (app("a", *OURS),),
        elsewhere={"api": "a"},
        notices=("'a' .* is tagged as `api` of dev, but it is `api` in .*entra-config.prod.lock.yaml",),
    ),
    Row(
        "locked in another environment, next to an unproven one",
        (app("a", *OURS), app("b", *OURS)),
        elsewhere={"web": "a"},
        gets={"api": "b"},
        notices=("'a' .* but it is `web` in ",),
    ),
    Row(
        "locked in another environment, of a key that leaves",
        (app("a", *OURS),),
        applications="web: {}",
        removed="api: { destroy: true }",
        elsewhere={"api": "a"},
        notices=("'a' .* but it is `api` in ",),
    ),
    Row("locked in another environment, deleted", (), (app("a", *OURS),), elsewhere={"api": "a"}),
    Row("rejected", (app("a", *OURS), app("b", *OURS)), rejected=("a",), gets={"api": "b"}),
    Row(
        "rejected and pinned",
        (app("a"),),
        applications=PINNED,
        rejected=("a",),
        problem="which the lock file rejects",
    ),
    Row("renamed", (app("a", *OURS),), applications=RENAMED, gets={"portal": "a"}),
    Row(
        "renamed and there",
        (app("a", *OURS), app("b", "p/dev", "portal")),
        applications=RENAMED,
        problem="'a' .*, 'b' ",
    ),
    Row("deleted", (), (app("a", *OURS),), gets={"api": "a"}),
    Row("deleted with another owner", (), (app("a", "q/dev", "api"),)),
    Row("deleted, the name alone", (), (app("a", unique_name="p.dev.api"),)),
    Row(
        "deleted and live",
        (app("b", *OURS),),
        (app("a", *OURS),),
        proofs=Proofs(proven=frozenset({app_id("a")})),
        gets={"api": "b"},
    ),
    Row("several deleted", (), (app("a", *OURS), app("b", *OURS)), problem="several deleted"),
    Row(
        "removed",
        (app("a", *OURS),),
        applications="web: {}",
        removed="api: { destroy: true }",
        gets={"api": "a"},
    ),
    Row(
        "removed and two by marks",
        (app("a", *OURS), app("b", *OURS)),
        applications="web: {}",
        removed="api: { destroy: true }",
        notices=("'a' .* nothing proves", "'b' .* nothing proves"),
    ),
    Row(
        "removed, another owner's",
        (app("a", "q/dev", "api"),),
        applications="web: {}",
        removed="api: { destroy: true }",
    ),
    Row(
        "removed and deleted",
        (),
        (app("a", *OURS),),
        applications="web: {}",
        removed="api: { destroy: true }",
    ),
)


def identified(row: Row, folder: Path) -> Identified:
    """Identify what a row has."""
    pins = Lock(
        applications={key: PinnedApplication(app_id(name)) for key, name in row.pins.items()},
        rejected=tuple(map(app_id, row.rejected)),
    )
    elsewhere = {key: PinnedApplication(app_id(name)) for key, name in row.elsewhere.items()}
    others = Lock(TENANT, applications=elsewhere) if elsewhere else None
    manifest = declared(folder, row.applications, row.removed, pins, others)
    return identify(manifest, Candidates(row.live, row.deleted), row.proofs)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_table(row: Row, tmp_path: Path) -> None:
    """Each row of the table gives the object that it says, and says what it says."""
    found = identified(row, tmp_path)
    if row.problem:
        assert _one(found.problems, row.problem), found.problems
        return
    assert not found.problems
    assert {key: body["displayName"] for key, body in found.applications.items()} == dict(row.gets)
    assert len(found.notices) == len(row.notices), found.notices
    for notice, words in zip(found.notices, row.notices, strict=True):
        assert _says(notice.message, words), notice.message


def _one(problems: tuple[Any, ...], words: str) -> bool:
    assert len(problems) == 1, problems
    return _says(problems[0].message, words)


def _says(message: str, words: str) -> bool:
    return re.search(words, message) is not None


def test_what_was_taken_over_and_how_it_is_known(tmp_path: Path) -> None:
    """A pinned application of another owner is told with that owner; one with a surplus mark is ours."""
    theirs = identified(Row("", (app("a", "q/dev", "api"),), applications=PINNED), tmp_path)
    assert (theirs.taken, theirs.ranks) == ({"api": "q/dev"}, {"api": Rank.PIN})
    surplus = identified(Row("", (app("a", *OURS, "q/dev"),), applications=PINNED), tmp_path)
    assert surplus.taken == {}


OBJECTS = st.lists(
    st.tuples(
        st.sampled_from(["p/dev", "P/dev", "q/dev"]),
        st.lists(st.sampled_from(["api", "web", "old", "API"]), max_size=2),
        st.booleans(),
        st.sampled_from(["", "proven", "made", "pinned", "elsewhere", "rejected"]),
    ),
    max_size=6,
)


@given(
    OBJECTS,
    st.sampled_from(["api: {}, web: {}", "api: {}, web: { type: api, displayName: A, previously: old }"]),
)
def test_one_object_one_key(objects: list[tuple[str, list[str], bool, str]], applications: str) -> None:
    """Whatever marks objects bear, a key gets one object at most and an object one key, and no stranger's
    is anybody's.
    """
    names = "abcdef"
    live, deleted, pins = [], [], {}
    for name, (owner, keys, gone, what) in zip(names, objects, strict=False):
        (deleted if gone else live).append(app(name, owner, *keys))
        if what == "pinned":
            pins.setdefault(keys[0] if keys and keys[0] in {"api", "web"} else "api", name)
    elsewhere = {
        f"key-{name}": name for name, each in zip(names, objects, strict=False) if each[3] == "elsewhere"
    }
    proven = {app_id(name) for name, each in zip(names, objects, strict=False) if each[3] == "proven"}
    made = {f"id-{name}" for name, each in zip(names, objects, strict=False) if each[3] == "made"}
    rejected = tuple(name for name, each in zip(names, objects, strict=False) if each[3] == "rejected")
    row = Row(
        "",
        tuple(live),
        tuple(deleted),
        applications,
        "",
        pins,
        elsewhere,
        rejected,
        Proofs(frozenset(made), frozenset(proven)),
    )
    with TemporaryDirectory() as folder:
        found = identified(row, Path(folder))
    ids = [body["id"] for body in found.applications.values()]
    assert len(ids) == len(set(ids))
    for key, body in found.applications.items():
        pinned = pins.get(key) == body["displayName"]
        assert body["displayName"] not in {*rejected, *elsewhere.values()}
        assert pinned or "entra-config:owner=p/dev" in body["tags"]
        assert not found.problems or len(found.problems) < len(row.live) + len(row.deleted)
