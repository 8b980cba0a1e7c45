"""Quotas are kept on this side: never overrun, never slower than needed, and said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from entra_config.graph.client import Graph
from entra_config.graph.pacing import QUOTAS, Pacing, Quota, audit_reads, key_reads, resource_units, writes
from entra_config.graph.request import Request, Response
from entra_config.graph.retry import retry_after
from tests.unit.graph.doors import Clock, Door, get, graph

ONE_EACH = Quota("reads", 10, 10.0, lambda _: 1)


def test_what_fits_passes_at_once() -> None:
    """A quota that is not used up costs no time."""
    clock = Clock()
    asyncio.run(
        graph(Door(lambda _: Response(200)), clock, quotas=(ONE_EACH,)).send([get(n) for n in range(10)])
    )
    assert clock.slept == []


def test_no_window_of_any_position_sees_more_than_the_quota() -> None:
    """100 requests under 10 in 10 seconds: every window of 10 seconds holds at most 10."""
    clock = Clock()
    times: list[float] = []

    def response(_: Request) -> Response:
        times.append(clock.now)
        return Response(200)

    client = graph(Door(response), clock, quotas=(ONE_EACH,), in_flight=1)

    async def talk() -> None:
        for start in range(0, 100, 5):
            await client.send([get(n) for n in range(start, start + 5)])

    asyncio.run(talk())
    assert len(times) == 100
    assert max(sum(start <= t < start + 10 for t in times) for start in times) <= 10
    assert clock.now - 1000 <= 100


def test_a_wait_names_its_quota() -> None:
    """Whoever listens learns what is waited for and how long."""
    clock = Clock()
    said: list[tuple[str, float]] = []
    pacing = Pacing([ONE_EACH], clock=clock, sleep=clock.sleep, waiting=lambda *what: said.append(what))

    async def talk() -> None:
        (await pacing.admit([get(n) for n in range(10)]))()
        clock.now += 4
        (await pacing.admit([get(1)]))()

    asyncio.run(talk())
    assert said == [("the quota of reads", 6.0)]


def test_a_call_that_costs_more_than_the_quota_goes_alone() -> None:
    """One batch may ask for more than a window gives; it waits for an empty one and is not stuck."""
    clock = Clock()
    pacing = Pacing([ONE_EACH], clock=clock, sleep=clock.sleep, waiting=lambda *_: None)

    async def talk() -> None:
        (await pacing.admit([get(1)]))()
        (await pacing.admit([get(n) for n in range(15)]))()

    asyncio.run(talk())
    assert clock.slept == [10.0]


@pytest.mark.parametrize(
    ("request_", "units"),
    [
        (Request("GET", "/applications"), 2),
        (Request("GET", "/applications?$select=id"), 1),
        (Request("GET", "/applications?$expand=owners"), 3),
        (Request("GET", "/groups/1/members"), 3),
        (Request("GET", "/oauth2PermissionGrants"), 2),
        (Request("GET", "/oauth2PermissionGrants?$filter=a&$select=id"), 1),
        (Request("GET", "/oauth2PermissionGrants/1"), 2),
        (Request("GET", "/users/1/transitiveMemberOf"), 2),
        (Request("GET", "/users/1/appRoleAssignments"), 1),
        (Request("GET", "/users/1"), 1),
        (Request("GET", "/servicePrincipals/1/appRoleAssignedTo"), 1),
        (Request("GET", "/servicePrincipals/1/appRoleAssignments"), 2),
        (Request("GET", "/applications/1/federatedIdentityCredentials"), 1),
        (Request("GET", "/applications/1"), 1),
        (Request("GET", "/groups/1/transitiveMembers"), 5),
        (Request("GET", "/subscribedSkus"), 3),
        (Request("POST", "/directoryObjects/getByIds"), 3),
        (Request("GET", "/organization"), 1),
        (Request("POST", "/applications"), 1),
    ],
)
def test_resource_units_are_the_published_ones(request_: Request, units: int) -> None:
    """What Graph charges is what is counted."""
    assert resource_units(request_) == units


def test_writes_and_reads_of_keys_are_counted_apart() -> None:
    """GetByIds is a read, as Microsoft's table lists it; the bytes of certificates have their own quota."""
    assert [writes(Request(method, "/applications/1")) for method in ("GET", "POST", "PATCH", "DELETE")] == [
        0,
        1,
        1,
        1,
    ]
    assert writes(Request("POST", "/directoryObjects/getByIds")) == 0
    assert key_reads(Request("GET", "/applications?$select=id,keyCredentials")) == 1
    assert key_reads(Request("GET", "/applications?$select=id")) == 0
    assert audit_reads(Request("GET", "/auditLogs/directoryAudits?$top=1")) == 1
    assert audit_reads(Request("GET", "/applications")) == 0
    assert key_reads(Request("POST", "/applications/1/keyCredentials")) == 0
    assert {quota.name: quota.limit for quota in QUOTAS}["writes"] == 3000


@pytest.mark.parametrize(
    ("in_flight", "at", "count", "waits"),
    [
        (0, 6.0, 3, [4.0]),
        (0, 6.0, 4, [4.0]),
        (0, 6.0, 5, [6.0]),
        (0, 6.0, 8, [6.0]),
        (0, 6.0, 9, [9.0]),
        (0, 6.0, 15, [9.0]),
        (0, 10.0, 4, []),
        (0, 10.0, 5, [2.0]),
        (0, 10.0 - 2**-20, 1, [0.001]),
        (0, 15.0, 10, []),
        (3, 10.0, 1, []),
        (3, 10.0, 2, [2.0]),
        (3, 12.0, 6, [3.0]),
        (3, 15.0, 7, []),
        (3, 15.0, 8, [0.1, 0.1, 9.9]),  # what is in flight is asked for often, and counts from its answer
        (3, 15.0, 15, [0.1, 0.1, 9.9]),
    ],
)
def test_a_request_waits_until_enough_of_the_quota_is_back(
    in_flight: int, at: float, count: int, waits: list[float]
) -> None:
    """4, 4 and 2 were answered at 0, 2 and 5 seconds, of 10 in 10; others are answered two tries later."""
    clock = Clock()
    start = clock.now
    settles: list[Callable[[], None]] = []
    said: list[float] = []

    def hears(name: str, seconds: float) -> None:
        said.append(seconds)
        assert name == "the quota of reads"
        if len(said) == 2:
            for settle in settles:
                settle()

    pacing = Pacing([ONE_EACH], clock=clock, sleep=clock.sleep, waiting=hears)

    async def talk() -> None:
        for when, spent in ((0.0, 4), (2.0, 4), (5.0, 2)):
            clock.now = start + when
            (await pacing.admit([get(n) for n in range(spent)]))()
        clock.now = start + at
        if in_flight:
            settles.append(await pacing.admit([get(n) for n in range(in_flight)]))
        said.clear()
        await pacing.admit([get(n) for n in range(count)])

    asyncio.run(talk())
    assert said == pytest.approx(waits)


def test_of_several_quotas_the_longest_wait_is_named_and_what_costs_nothing_is_not_asked() -> None:
    """A read waits for no quota of writes."""
    clock = Clock()
    said: list[tuple[str, float]] = []
    quotas = [Quota("reads", 1, 10.0, lambda _: 1), Quota("calls", 1, 20.0, lambda _: 1)]
    quotas.append(Quota("writes", 1, 30.0, writes))
    pacing = Pacing(quotas, clock=clock, sleep=clock.sleep, waiting=lambda *what: said.append(what))

    async def talk() -> None:
        (await pacing.admit([Request("POST", "/applications")]))()
        (await pacing.admit([get(1)]))()

    asyncio.run(talk())
    assert said == [("the quota of calls", 20.0)]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("-3", None),
        ("1.5", 1.5),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("Thu, 01 Jan 1970 00:01:00 GMT", 50.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    """Both forms of the header are read; nonsense is ignored."""
    assert retry_after({"retry-after": text}, lambda: 10.0) == seconds


def test_the_size_of_a_tenant_is_asked_before_the_first_wait_and_decides_the_quota() -> None:
    """A large tenant allows 8,000 resource units; who may not count users waits as in a small one."""
    for count, waits in (
        (Response(200, b"501"), []),
        (Response(200, 50), [10.0]),
        (Response(403), [10.0, 10.0]),
    ):
        clock = Clock()
        door = Door(lambda request, count=count: count if request.path == "/users/$count" else Response(200))
        client = graph(door, clock)

        async def talk(client: Graph = client) -> None:
            for _ in range(3):
                await client.send([get(number) for number in range(2500)])

        asyncio.run(talk())
        assert clock.slept == pytest.approx(waits)
        assert [path for _, path in door.requests() if path == "/users/$count"] == ["/users/$count"]


def test_what_others_spent_of_the_same_quota_is_counted() -> None:
    """Graph reports above 0.8 how much of the quota is used, whoever used it."""
    clock = Clock()
    reply = Response(200, headers={"x-ms-throttle-limit-percentage": "0.95"})
    client = graph(Door(lambda _: reply), clock, quotas=(Quota("reads", 100, 10.0, lambda _: 1),))

    async def talk() -> None:
        await client.send([get(1)])
        await client.send([get(number) for number in range(6)])

    asyncio.run(talk())
    assert clock.slept == [10.0]


@pytest.mark.parametrize("value", ["", "x", "nan", "-1", "0.5", "1e9"])
def test_a_use_of_the_quota_that_graph_does_not_report_is_ignored(value: str) -> None:
    """It is between 0.8 and 1.8, or it is not what Microsoft documents."""
    clock = Clock()
    reply = Response(200, headers={"x-ms-throttle-limit-percentage": value})
    client = graph(Door(lambda _: reply), clock, quotas=(Quota("reads", 10, 10.0, lambda _: 1),))

    asyncio.run(client.send([get(1)]))
    asyncio.run(client.send([get(number) for number in range(9)]))
    assert clock.slept == []
