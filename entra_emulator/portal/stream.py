"""The traffic of Graph and of sign-in: as it comes, filtered, one request opened, asked again."""

import asyncio
import json
import shlex
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response, StreamingResponse

from entra_emulator.faults import ConnectionCutError
from entra_emulator.graph.call import HttpCall
from entra_emulator.login.known import known
from entra_emulator.portal import masking
from entra_emulator.portal.exchanges import SeenExchange
from entra_emulator.portal.objects import NamedObject, client, named
from entra_emulator.portal.visit import AGENT, Visit, protected, render_part
from entra_emulator.portal.words import count
from entra_emulator.traffic import Exchange

SHOWN = 100
_BEAT = 15.0


@dataclass(frozen=True)
class TrafficFilter:
    """What the address asks for."""

    words: str
    kind: str
    result: str

    def keeps(self, visit: Visit, one: SeenExchange) -> bool:
        """Tell whether a request is asked for."""
        if not of_tenant(visit, one) or (self.kind != "all" and one.raw.kind.casefold() != self.kind):
            return False
        if (self.result == "refused" and not one.refused) or (self.result == "writes" and not one.writes):
            return False
        return not self.words or self.words.casefold() in _searched(visit, one)


@dataclass(frozen=True)
class TrafficRow:
    """One line: the request with its people and clients named."""

    seen: SeenExchange
    who: str
    words: str
    address: str


def show(visit: Visit) -> Response:
    """Show the last requests, and the opened one beside them."""
    wanted = _filter(visit)
    rows = _rows(visit, wanted)
    number = visit.param("open")
    exchange = visit.held.emulator.traffic.find(number)
    opened = SeenExchange(exchange) if exchange else None
    if opened and not of_tenant(visit, opened):
        opened = None
    return visit.render(
        "traffic.html",
        here="traffic",
        wanted=wanted,
        rows=rows,
        opened=_opened(visit, opened) if opened else None,
        gone=bool(number) and opened is None,
        total=_words(visit),
        more=len(rows) == SHOWN,
    )


def stream(visit: Visit) -> Response:
    """Send each request that the filter keeps as it comes, as server-sent events."""
    response = StreamingResponse(_events(visit, _filter(visit)), media_type="text/event-stream")
    return protected(visit.held.door, response)


def clear(visit: Visit) -> Response:
    """Forget what came so far."""
    visit.held.emulator.traffic.clear()
    return visit.go(visit.path("traffic"))


async def again(visit: Visit) -> Response:
    """Ask Graph once more as the same caller; a write is asked about first."""
    number = visit.request.path_params["number"]
    exchange = visit.held.emulator.traffic.find(number)
    if exchange is None or exchange.kind != "Graph" or exchange.caller is None:
        return visit.render("gone.html", status=404, here="traffic")
    seen = SeenExchange(exchange)
    if seen.writes and visit.form.get("sure") != "yes":
        return visit.render("again.html", here="traffic", opened=_opened(visit, seen))
    headers = {**exchange.headers, "authorization": f"Bearer {visit.held.token_of(exchange.caller)}"}
    segments = [part for part in exchange.path.split("/") if part]
    call = HttpCall(exchange.method, segments, exchange.query, headers, exchange.body, visit.held.door.origin)
    # That a fault cut it, the line of the traffic says.
    with suppress(ConnectionCutError):
        await visit.held.emulator.call_graph(call)
    newest = visit.held.emulator.traffic.newest_first()[0]
    return visit.go(visit.path("traffic", open=newest.number))


def last(visit: Visit, number: int) -> list[TrafficRow]:
    """Return the last requests of anything."""
    seen = map(SeenExchange, visit.held.emulator.traffic.newest_first())
    return [row(visit, one) for one in islice((one for one in seen if of_tenant(visit, one)), number)]


def sign_ins(
    visit: Visit,
    number: int = 5,
    *,
    client_id: str = "",
    person_id: str = "",
    api: Mapping[str, Any] | None = None,
    role: str = "",
) -> list[TrafficRow]:
    """Return the last sign-ins of a client, of a person, or at an API, tokens and refusals alike; with
    `role`, the tokens alone that have it.
    """
    names = frozenset({str((api or {}).get("appId")), *((api or {}).get("servicePrincipalNames") or ())})

    def is_meant(one: SeenExchange) -> bool:
        if one.raw.kind != "Sign-in" or not (one.token or one.code) or not of_tenant(visit, one):
            return False
        if role and role not in one.roles:
            return False
        mine = (client_id and one.client_id == client_id) or (person_id and one.person_id == person_id)
        return bool(mine) or (api is not None and one.is_for(names))

    seen = map(SeenExchange, visit.held.emulator.traffic.newest_first())
    return [row(visit, one) for one in islice(filter(is_meant, seen), number)]


def of_tenant(visit: Visit, one: SeenExchange) -> bool:
    """Tell whether a request was about the tenant, or about none that is known."""
    if one.raw.caller is not None:
        return one.raw.caller.tid == visit.tenant.tenant_id
    found = visit.held.service.directory.find(_segment(one.raw.path))
    return found is None or found is visit.tenant


def row(visit: Visit, one: SeenExchange) -> TrafficRow:
    """Name who and what of one request."""
    who, by = person(visit, one), _client_name(visit, one)
    names = f"{who.name} at {by}" if who and by and who.name != by else (who.name if who else by)
    what = one.outcome or _parts(one)
    if not what and one.token:
        what = " ".join(filter(None, (one.scopes, ", ".join(one.roles))))
    words = " · ".join(filter(None, (names, what)))
    return TrafficRow(
        one, names, words, visit.path("traffic", **{**_requested(visit), "open": one.raw.number})
    )


def _client_name(visit: Visit, one: SeenExchange) -> str:
    if one.raw.headers.get("user-agent") == AGENT:
        return "the portal"
    return client(visit, one.client_id).name if one.client_id else ""


def _parts(one: SeenExchange) -> str:
    refused = sum(part.status >= 400 for part in one.parts)
    return f"{count(len(one.parts), 'part')}{f', {refused} refused' if refused else ''}" if one.parts else ""


def person(visit: Visit, one: SeenExchange) -> NamedObject | None:
    """Name the person, or the application that called by itself."""
    return named(visit, one.person_id) if one.person_id else None


async def _events(visit: Visit, wanted: TrafficFilter) -> AsyncIterator[str]:
    yield ": the traffic from now on\n\n"
    with visit.held.emulator.traffic.listening() as queue:
        while True:
            try:
                exchange: Exchange = await asyncio.wait_for(queue.get(), _BEAT)
            except TimeoutError:
                # Somebody who went away is noticed by the next write.
                yield ": still here\n\n"
                continue
            one = SeenExchange(exchange)
            if wanted.keeps(visit, one):
                html = render_part("request.html", row=row(visit, one), opened=0)
                yield f"data: {json.dumps({'html': html, 'words': _words(visit)})}\n\n"


def _rows(visit: Visit, wanted: TrafficFilter) -> list[TrafficRow]:
    found: list[TrafficRow] = []
    for exchange in visit.held.emulator.traffic.newest_first():
        one = SeenExchange(exchange)
        if wanted.keeps(visit, one):
            found.append(row(visit, one))
            if len(found) == SHOWN:
                break
    return found


def _opened(visit: Visit, one: SeenExchange) -> dict[str, Any]:
    raw = one.raw
    sent = raw.headers.get("content-type", "")
    return {
        "row": row(visit, one),
        "person": person(visit, one),
        "client": client(visit, one.client_id) if one.client_id else None,
        "query": masking.query(raw.query),
        "body": masking.body(raw.body, sent),
        "response": one.text
        if raw.response_type.startswith("text/html")
        else masking.body(raw.response, raw.response_type),
        "location": masking.location(raw.location),
        "agent": masking.text(raw.headers.get("user-agent", "")),
        "correlation": masking.text(correlation_of(one)),
        "curl": curl(visit, one),
        "known": known(visit.held.service, _segment(raw.path), one.form, one.code) if one.code else None,
        "again": raw.kind == "Graph" and raw.caller is not None,
    }


def correlation_of(one: SeenExchange) -> str:
    """Return the id that the client gave the request, or that its refusal named."""
    return one.raw.headers.get("client-request-id") or one.raw.sign_in.correlation_id


def _segment(path: str) -> str:
    return unquote(next((part for part in path.split("/") if part), ""))


def curl(visit: Visit, one: SeenExchange) -> str:
    """Write a request for a shell; what it kept secret is `masked`, the token a variable."""
    raw = one.raw
    query = "&".join(f"{name}={value}" for name, value in masking.query(raw.query))
    url = f"{visit.held.door.origin}{masking.text(raw.path)}" + (f"?{query}" if query else "")
    lines = [f'curl --cacert "$SSL_CERT_FILE" -X {shlex.quote(raw.method)}']
    if raw.kind == "Graph":
        lines.append('-H "Authorization: Bearer $TOKEN"')
    sent = raw.headers.get("content-type", "")
    if raw.body and sent.startswith("application/json"):
        lines.append(f"-H {shlex.quote(f'Content-Type: {sent}')}")
        lines.append(f"-d {shlex.quote(masking.body(raw.body, sent))}")
    elif raw.body:
        given = masking.body(raw.body, sent).splitlines()
        lines += [f"--data-urlencode {shlex.quote(line.replace(' = ', '=', 1))}" for line in given]
    return " \\\n  ".join([*lines, shlex.quote(url)])


def _filter(visit: Visit) -> TrafficFilter:
    return TrafficFilter(
        visit.param("q"),
        visit.param("kind", "all", "graph", "sign-in"),
        visit.param("result", "all", "refused", "writes"),
    )


def _requested(visit: Visit) -> dict[str, str]:
    given = {name: visit.param(name) for name in ("q", "kind", "result")}
    return {name: value for name, value in given.items() if value}


def _searched(visit: Visit, one: SeenExchange) -> str:
    raw = one.raw
    texts: Iterable[str] = (
        raw.method,
        raw.path,
        raw.query if raw.kind == "Graph" else "",
        one.label,
        row(visit, one).words,
        one.scopes,
        *one.roles,
        raw.sign_in.request_id,
        correlation_of(one),
    )
    return masking.text(" ".join((*texts, one.client_id, one.person_id, one.audience))).casefold()


def _words(visit: Visit) -> str:
    traffic = visit.held.emulator.traffic
    kept = [seen for seen in map(SeenExchange, traffic) if of_tenant(visit, seen)]
    refused = sum(seen.refused for seen in kept)
    return f"{traffic.total:,} requests since the start, {refused} of the last {len(kept)} refused"
