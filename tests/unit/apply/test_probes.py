"""What a probe sees in an answer, and what of it a replica that lags may show."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from entra_config.apply.past import past
from entra_config.apply.probes import ProbeResult, fetch, seen
from entra_config.apply.readback import current
from entra_config.graph.request import Request, Response
from entra_config.plan.steps import (
    Absent,
    Among,
    Bears,
    Contains,
    Expectation,
    Holds,
    Listed,
    Looked,
    Present,
    Probe,
    Step,
)
from entra_config.resource import Ref
from tests.unit.apply.ground import ROLE, app, create, patch
from tests.unit.graph.doors import Door, graph

READ = Request("GET", "/applications/1")
OURS = {"id": "1", "tags": ["ours"], "web": {"uris": [{"name": "a", "n": 1}]}}
GONE = Response(404, {})
ITEMS = [{"id": "1", "displayName": "A"}, {"id": "2", "userPrincipalName": "b@x", "displayName": "B"}]
LATE = "the mark of this look is not there yet"
BARE = Among(({"name": "a"},), "web.uris")


@pytest.mark.parametrize(
    ("expect", "response", "moved", "item"),
    [
        (Present(), Response(200, OURS), "", OURS),
        (Present(), GONE, "it is not there", {}),
        (Absent(), Response(200, OURS), "it is there", OURS),
        (Absent(), GONE, "", {}),
        (Absent({"id": "2"}), Response(200), "it is there", ITEMS[1]),
        (Absent({"id": "3"}), Response(200), "", None),
        (Listed({"id": "2"}), Response(200), "", ITEMS[1]),
        (Listed({"id": "3"}), Response(200), "it is not listed", None),
        (Bears("ours"), Response(200, OURS), "", OURS),
        (Bears("theirs"), Response(200, OURS), "it is not there, or lacks the tag", OURS),
        (Bears("ours"), GONE, "it is not there, or lacks the tag", None),
        (Bears("ours"), Response(200, {"tags": None}), "it is not there, or lacks the tag", {"tags": None}),
        (Among(({"id": "1"}, {"id": "2"})), Response(200), "", None),
        (Among(({"id": "1"},)), Response(200), "'b@x' is there", ITEMS[1]),
        (Among(()), Response(200), "'A' is there", ITEMS[0]),
        (Among(()), GONE, "it is not there", None),
        (BARE, Response(200, OURS), "", None),
        (replace(BARE, matches=()), Response(200, OURS), "'a' is there", {"name": "a", "n": 1}),
        (BARE, Response(200, {}), "", None),
        (Among((), "x"), Response(200, {"x": [{"y": 1}]}), "'something' is there", {"y": 1}),
        (Contains("web.uris", {"name": "a", "n": 1}), Response(200, OURS), "", OURS),
        (
            Contains("web.uris", {"name": "a", "n": 2}),
            Response(200, OURS),
            "web.uris[a].n is 1, expected 2",
            OURS,
        ),
        (Contains("web.uris", {"name": "b"}), Response(200, OURS), "web.uris lacks b", OURS),
        (Contains("web.uris", {"name": "b"}), GONE, "it is not there", {}),
        (Holds({"tags": ["ours"]}), Response(200, OURS), "", OURS),
        (Holds({"tags": ["ours", "m:2"]}, ("m:",)), Response(200, OURS), "", OURS),
        (Holds({"tags": ["ours", "m:2"]}), Response(200, OURS), "tags lacks 'm:2'", OURS),
        (Holds({"tags": ["ours"]}), GONE, "it is not there", None),
        (Holds({"n": 1}, ("m:",)), Response(200, {"n": 2}), "n is 2, expected 1", {"n": 2}),
        (Holds({"n": ["a", 3, "m:2"]}, ("m:",)), Response(200, {"n": ["a", 3]}), "", {"n": ["a", 3]}),
        (Holds({"n": {"a": 1}}), Response(200, {"n": [1]}), "n is [1], expected {'a': 1}", {"n": [1]}),
        (Holds({"n": [1]}), Response(200, {"n": {"a": 1}}), "n is {'a': 1}, expected [1]", {"n": {"a": 1}}),
        (Holds({"n": 1}), Response(200), "n is None, expected 1", None),
        (Bears("ours"), Response(200), "it is not there, or lacks the tag", None),
        (
            Holds({"n": ["a"]}, ("m:",)),
            Response(200, {"n": ["b", "m:1"]}),
            "n has 'b'; n lacks 'a'",
            {"n": ["b", "m:1"]},
        ),
        (
            Holds({"n": [1, 1]}),
            Response(200, {"n": [1]}),
            "n holds an entry another number of times",
            {"n": [1]},
        ),
        (Looked("ours", (BARE,)), Response(200, OURS), "", None),
        (
            Looked("ours", (BARE, replace(BARE, matches=()))),
            Response(200, OURS),
            "'a' is there",
            {"name": "a", "n": 1},
        ),
        (Looked("theirs", (BARE,)), Response(200, OURS), LATE, None),
        (Looked("ours", ()), Response(200, {"tags": None}), LATE, None),
    ],
)
def test_what_a_probe_sees(expect: Expectation, response: Response, moved: str, item: Any) -> None:
    """It holds where nothing moved; what it saw is the object, or the item of a list."""
    what = seen(Probe(READ, expect), response, ITEMS)
    assert (what.moved, what.holds, what.item) == (moved, not moved, item)
    assert what.late is (moved == LATE)
    assert what.error is None


@pytest.mark.parametrize("expect", [Absent(), Present(), Among(()), Looked("ours", ())])
def test_a_refused_probe_sees_nothing(expect: Expectation) -> None:
    """Whatever it asks for: that it is not there is not said by a refusal."""
    what = seen(Probe(READ, expect), Response(403, {}), [])
    assert not what.holds
    assert what.error is not None


def test_long_values_are_shown_from_shortly_before_they_part() -> None:
    """Up to 120 characters whole; of longer ones as many, and what is left out has its mark."""
    for length, whole in ((118, True), (119, False)):
        one, other = "a" * length, "b" + "a" * (length - 1)
        said = seen(Probe(READ, Holds({"n": other})), Response(200, {"n": one}), []).moved
        assert (said == f"n is {one!r}, expected {other!r}") is whole
        assert ("…" in said) is not whole
    long, start = "x" * 200, "x" * 29
    said = seen(Probe(READ, Holds({"n": long + "b" * 300})), Response(200, {"n": long + "a"}), []).moved
    assert said == f"n is …x{start}a', expected …x{start}{'b' * 90}…"


@pytest.mark.parametrize(
    ("expect", "holds"),
    [
        (Listed({"id": "2"}), True),
        (Listed({"id": "3"}), False),
        (Absent({"id": "2"}), False),
        (Absent({"id": "3"}), True),
        (Among(({"id": "1"},)), False),
        (Among(({"id": "1"}, {"id": "2"})), True),
        (Present(), True),
        (Absent(), False),
        (Among((), "value"), False),
    ],
)
def test_a_list_is_read_to_its_last_page_and_the_same_read_is_sent_once(
    expect: Expectation, holds: bool
) -> None:
    """Where one object is looked at, its first page is all that is read."""
    first, second = "/owners", "/owners?$skiptoken=x"
    pages = {
        first: {"value": [{"id": "1"}], "@odata.nextLink": f"{Door.base_url}{second}"},
        second: {"value": [{"id": "2"}]},
    }
    door = Door(lambda request: Response(200, pages[str(request.path)]))
    probe = Probe(Request("GET", first), expect)
    assert [each.holds for each in asyncio.run(fetch(graph(door), [probe, probe]))] == [holds, holds]
    whole = isinstance(expect, Listed) or expect in (Absent({"id": "2"}), Absent({"id": "3"}))
    whole = whole or (isinstance(expect, Among) and not expect.path)
    assert [path for _, path in door.requests()] == ([first, second] if whole else [first])


KNOWN = {Ref(app("a")): "1"}
EDITED = patch("a", {"notes": "new", "web": {"x": 1}}, before={"notes": "old"})
AROUND = replace(EDITED, fallback=(Request("PATCH", "/applications/1?q", {"notes": "half"}),))


@pytest.mark.parametrize(
    ("step", "path", "item", "lags"),
    [
        (EDITED, "/applications/1", {"notes": "old"}, True),
        (EDITED, "/applications/1?$select=notes", {"notes": "new"}, True),
        (EDITED, "/applications/1", {"notes": None}, True),
        (EDITED, "/applications/1", {}, True),
        (EDITED, "/applications/1", {"notes": "newest"}, True),
        (EDITED, "/applications/1", {"notes": "theirs"}, False),
        (EDITED, "/applications/1", {"notes": "old", "more": "theirs"}, False),
        (EDITED, "/applications/2", {"notes": "old"}, False),
        (EDITED, "/applications/1", {"notes": "half"}, False),
        (AROUND, "/applications/1", {"notes": "half"}, True),
        (replace(EDITED, guard=None), "/applications/1", {"notes": "old"}, False),
        (replace(EDITED, guard=Probe(READ, Present())), "/applications/1", {"notes": "old"}, False),
    ],
)
def test_what_a_replica_that_lags_may_show(step: Step, path: str, item: Any, lags: bool) -> None:
    """What was there before, what this run wrote between, or nothing; all else is an attacker's."""
    probe = Probe(Request("GET", path), Holds({"notes": "newest", "more": "m"}))
    run = past([step], KNOWN)
    assert run.may_show(probe, ProbeResult(False, item)) is lags
    assert run.may_show(probe, ProbeResult(False, None))
    assert run.may_show(replace(probe, expect=Present()), ProbeResult(False, item))


def left(*expects: Expectation | None) -> list[tuple[str, Expectation]]:
    """Return what is looked for after writes that left so much behind, each with its write."""
    steps = [
        replace(create(str(number)), visible=Probe(Request("GET", "/x?y"), expect) if expect else None)
        for number, expect in enumerate(expects)
    ]
    return [(trace.step.chain.partition(".")[2], trace.probe.expect) for trace in current(steps, {})]


def test_of_two_writes_only_what_the_later_left_is_looked_for() -> None:
    """A deletion ends all of an object, that an object is there is said by what it holds."""
    one, two, both = Holds({"a": 1}, ("m",)), Holds({"b": 2}), Holds({"a": 3, "b": 4}, ("m",))
    assert left(one, two) == [("0", one), ("1", two)]
    assert left(both, two) == [("0", Holds({"a": 3}, ("m",))), ("1", two)]
    assert left(one, both) == [("1", both)]
    assert left(Present(), one) == [("1", one)]
    assert left(Present(), Present()) == [("1", Present())]
    assert left(one, Present()) == [("0", one), ("1", Present())]
    assert left(one, Present(), Absent()) == [("2", Absent())]
    gone = Absent({"id": "1"})
    assert left(one, gone) == [("0", one), ("1", gone)]
    assert left(None, one, None) == [("1", one)]


def test_expectations_hold_as_they_say() -> None:
    """Present and Absent look at the status, Holds at paths, all against the same object."""
    there, gone = Response(200, {"web": {"redirectUris": ["b", "a"]}, "notes": None}), Response(404, {})
    read = Request("GET", "/applications/1")
    assert seen(Probe(read, Present()), there, []).holds
    assert not seen(Probe(read, Present()), gone, []).holds
    assert seen(Probe(read, Absent()), gone, []).holds
    assert seen(
        Probe(read, Holds({"web.redirectUris": ["a", "b"], "notes": None, "spa.redirectUris": None})),
        there,
        [],
    ).holds
    assert seen(Probe(read, Holds({"notes": "x"})), there, []).moved == "notes is None, expected 'x'"
    assert seen(Probe(read, Holds({"notes": "x"})), gone, []).moved == "it is not there"


def test_what_moved_is_told_where_it_differs() -> None:
    """Entries that one side lacks by their name, entries that both have by the property that differs, long
    texts from there.
    """
    read, long = Request("GET", "/applications/1"), "x" * 200
    body = {
        "appRoles": [{**ROLE, "description": long + "theirs"}, {**ROLE, "id": "2"}],
        "identifierUris": ["b", "c"],
    }
    wanted = {
        "appRoles": [{**ROLE, "description": long + "ours"}, {**ROLE, "id": "3"}],
        "identifierUris": ["a", "b"],
    }
    moved = seen(Probe(read, Holds(wanted)), Response(200, body), []).moved.split("; ")
    assert moved == [
        f"appRoles[{ROLE['id']}].description is …{'x' * 30}theirs', expected …{'x' * 30}ours'",
        "appRoles has 2",
        "appRoles lacks 3",
        "identifierUris has 'c'",
        "identifierUris lacks 'a'",
    ]
    twice = seen(Probe(read, Holds({"appRoles": [ROLE, ROLE]})), Response(200, {"appRoles": [ROLE]}), [])
    assert (twice.holds, twice.moved) == (False, "appRoles holds an entry another number of times")
