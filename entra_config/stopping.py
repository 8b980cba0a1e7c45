"""A manifest, a key and Graph in; that application disabled or enabled by its switches, and read back,
out.

switch                             it stops                                        where
`accountEnabled` of the enterprise signing in as it and to it, and tokens for it   this tenant
`isDisabled` of the registration   the same                                        every tenant; of ours alone
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from entra_config.actual.found import Found
from entra_config.actual.read import read
from entra_config.checks import trust
from entra_config.errors import GraphError, RefusedError, UsageError
from entra_config.graph.client import Graph
from entra_config.graph.errors import refusal
from entra_config.graph.request import Request
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Live
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Manifest, Setting
from entra_config.manifest.reading.problems import near

ENTERPRISE, REGISTRATION = "accountEnabled", "isDisabled"
ROUNDS, SECONDS = 30, 2.0  # how often, and how far apart, what was written is looked for


@dataclass(frozen=True, slots=True)
class Switch:
    """One property of one object, what it is and what it is to be; `said` is what the manifest says of it."""

    collection: str
    object_id: str
    name: str
    before: bool
    wanted: bool
    declared: Setting | None = None

    @property
    def path(self) -> str:
        """Return the address of the object."""
        return f"/{self.collection}/{self.object_id}"

    @property
    def against(self) -> bool:
        """Tell whether the manifest says otherwise."""
        return self.declared is not None and bool(self.declared.value) != self.wanted


@dataclass(frozen=True, slots=True)
class Stop:
    """An application that was found, with its switches; `remarks` are what else is to be known of it."""

    key: str
    name: str
    app_id: str
    enabled: bool
    switches: tuple[Switch, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Switched:
    """What became of the switches: written and read back, written and not seen yet, refused."""

    done: tuple[Switch, ...] = ()
    unseen: tuple[Switch, ...] = ()
    failed: tuple[tuple[Switch, GraphError], ...] = ()


async def find(manifest: Manifest, graph: Graph, key: str, *, enabled: bool) -> Stop:
    """Return an application of the manifest, ours or others', with its switches as they are."""
    known = {**manifest.applications, **manifest.enterprise_applications}
    if key not in known:
        raise UsageError(f"`{key}` is not an application of {manifest.owner}.{near(key, known)}")
    # What is wrong elsewhere, in the manifest's names or in the tenant, is no reason to let this one go on.
    found = await read(graph, manifest, KINDS, mending=True)
    live = found.directory.live.get(key)
    if live is not None and live.subject.deleted:
        application = live.subject.application or {}
        raise UsageError(
            f"{key} ('{application['displayName']}', appId {application['appId']}) is deleted, so nobody can "
            f"sign in as it or to it. To restore it:\n{manifest.command('apply')}"
        )
    if live is None:
        others = manifest.enterprise_applications.get(key)
        place = others.named.position if others is not None and others.named is not None else None
        reported = "; ".join(
            each.message
            for each in found.problems
            if f"`{key}`" in each.message or (place is not None and each.position == place)
        )
        raise UsageError(
            f"{key}: this tenant has no application that is known to be it"
            + (f": {reported}" if reported else "")
        )
    _check_not_itself(manifest, found, key, live)
    switches = await _switches(manifest, graph, live, enabled=enabled)
    against = next((each for each in switches if each.against), None)
    if enabled and against is not None and against.declared is not None:
        raise RefusedError(
            f"{against.declared.position}: the manifest says that {key} is disabled: change it there, "
            "and apply"
        )
    body = live.subject.application or live.subject.service_principal or {}
    remarks = tuple(_remarks(manifest, found, key, against))
    return Stop(key, str(body["displayName"]), str(body["appId"]), enabled, switches, remarks)


async def switch(
    stop: Stop, graph: Graph, *, sleep: Callable[[float], Awaitable[None]], rounds: int = ROUNDS
) -> Switched:
    """Write each switch that is not as desired, and look until it can be read back; one that is
    refused stops no other.
    """
    due = [each for each in stop.switches if each.before != each.wanted]
    requests = [Request("PATCH", each.path, {each.name: each.wanted}) for each in due]
    responses = await graph.send(requests) if due else []
    results = list(zip(due, requests, responses, strict=True))
    failed = tuple(
        (each, refusal(request, response)) for each, request, response in results if not response.ok
    )
    left = [each for each, _, response in results if response.ok]
    written = tuple(left)
    for _ in range(rounds):
        seen = await _read(graph, left) if left else []
        left = [each for each, value in zip(left, seen, strict=True) if value != each.wanted]
        if not left:
            break
        await sleep(SECONDS)
    return Switched(tuple(each for each in written if each not in left), tuple(left), failed)


def _check_not_itself(manifest: Manifest, found: Found, key: str, live: Live) -> None:
    """Refuse to stop whoever applies the manifest: nobody could let it go on from here."""
    principal = str((live.subject.service_principal or {}).get("id", ""))
    if principal and principal in found.directory.deployers | {found.signed_in}:
        raise RefusedError(f"{key} is an identity that applies {manifest.owner}: it does not stop itself")


async def _switches(manifest: Manifest, graph: Graph, live: Live, *, enabled: bool) -> tuple[Switch, ...]:
    key, principal, application = live.subject.key, live.subject.service_principal, live.subject.application
    own = manifest.applications.get(key)
    enterprise = own.enterprise if own is not None else manifest.enterprise_applications.get(key)
    switches = []
    # A deleted service principal has no switch, and nobody gets a token as it.
    if principal is not None and not live.subject.parked:
        declared = enterprise.settings.get(ENTERPRISE) if enterprise is not None else None
        switches.append(
            Switch("servicePrincipals", principal["id"], ENTERPRISE, not enabled, enabled, declared)
        )
    if application is not None:
        declared = own.settings.get(REGISTRATION) if own is not None else None
        switches.append(
            Switch("applications", application["id"], REGISTRATION, enabled, not enabled, declared)
        )
    # A plan may not have asked for them, or some time ago.
    values = await _read(graph, switches)
    return tuple(
        Switch(each.collection, each.object_id, each.name, value, each.wanted, each.declared)
        for each, value in zip(switches, values, strict=True)
    )


async def _read(graph: Graph, switches: list[Switch]) -> list[bool]:
    requests = [Request("GET", f"{each.path}?$select=id,{each.name}") for each in switches]
    values = []
    for each, request, response in zip(switches, requests, await graph.send(requests), strict=True):
        if not response.ok:
            raise refusal(request, response)
        value: Any = response.body.get(each.name)
        # Graph leaves `isDisabled` null where nobody ever wrote it.
        values.append(value is not False if each.name == ENTERPRISE else value is True)
    return values


def _remarks(manifest: Manifest, found: Found, key: str, against: Switch | None) -> Iterator[str]:
    if against is not None and against.declared is not None:
        yield (
            f"{against.declared.position}: the manifest says otherwise, and the next apply follows it: "
            "change it there too"
        )
    if key in trust.doubts(manifest, found.directory) and key not in found.directory.vouched:
        yield (
            f"{key} is doubted: nothing proves that this is the application that is meant; compare its appId"
        )
    if found.directory.live[key].subject.parked:
        yield f"the service principal of {key} is deleted: `entra-config apply` restores it"
    place = application_address(key)
    yield from (str(each.message) for each in found.notices if each.address == place)
