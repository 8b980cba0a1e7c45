"""JSON batches: up to twenty requests in one body in, their answers out."""

import base64
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol
from urllib.parse import urlsplit

from entra_emulator.callers import Caller
from entra_emulator.graph import metadata
from entra_emulator.graph.call import AlternateKey, Call, CollectionResponse, HttpCall
from entra_emulator.graph.errors import ODataError, bad_request, no_segment, not_allowed, not_json
from entra_emulator.graph.reading import WITH_BODY, media_type, read_body, read_query
from entra_emulator.graph.routing import describe, split

MOST = 20


@dataclass
class BatchPart:
    """One request of a batch."""

    method: str
    segments: list[str | AlternateKey]
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    id: str = ""
    depends_on: list[str] = field(default_factory=list)


class Runner(Protocol):
    """What runs the parts."""

    def call(self, http: HttpCall, caller: Caller, part: BatchPart) -> Call:
        """Make the call of a part."""
        ...

    def run(self, call: Call) -> CollectionResponse:
        """Answer a part."""
        ...

    def refuse(self, headers: dict[str, str], error: ODataError) -> CollectionResponse:
        """Answer a refusal."""
        ...


def run(service: Runner, http: HttpCall, caller: Caller) -> CollectionResponse:
    """Answer a batch: 200 where it can be read, whatever its parts become."""
    if http.method != "POST":
        raise not_allowed()
    parts = _read(http)
    statuses: dict[str, int] = {}
    responses = []
    for part in parts:
        if isinstance(part, _Broken):
            served = service.refuse(http.headers, part.error)
        elif any(statuses[need] >= 400 for need in part.depends_on):
            # A failed dependency fails what waits for it.
            served = service.refuse(part.headers, ODataError(424, "FailedDependency", "Failed dependency."))
        else:
            served = service.run(service.call(http, caller, part))
        statuses[part.id.casefold()] = served.status
        path = part.url if isinstance(part, _Broken) else f"/{describe(part.segments)}"
        http.parts.append(f"{part.method} {path} {served.status}")
        responses.append(_response(part.id, served))
    # The answers come in an order of their own: clients must go by id.
    return CollectionResponse(200, {"responses": responses[::-1]})


@dataclass
class _Broken:
    id: str
    method: str
    url: str
    error: ODataError
    depends_on: list[str] = field(default_factory=list)


def _response(part_id: str, served: CollectionResponse) -> dict[str, Any]:
    headers = dict(served.headers)
    if served.body is not None:
        headers["Content-Type"] = (
            "application/json" if served.status >= 400 else metadata.content_type(none=served.bare)
        )
    response: dict[str, Any] = {"id": part_id, "status": served.status, "headers": headers}
    if served.text is not None:
        response["body"] = int(served.text)
    if served.picture is not None:
        # In the JSON of a batch it is base64 (json-batching documentation).
        content, headers["Content-Type"] = served.picture
        response["body"] = base64.b64encode(content).decode()
    if served.body is not None:
        response["body"] = served.body
    return response


def _read(http: HttpCall) -> list[BatchPart | _Broken]:
    body = read_body(http)
    items = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise bad_request("Invalid batch payload format.", "BadRequest")
    if not items:
        raise bad_request("Invalid batch payload format.", "BadRequest")
    if len(items) > MOST:
        raise bad_request(f"Number of batch request steps exceeds the maximum value of {MOST}.", "BadRequest")
    seen: set[str] = set()
    parts: list[BatchPart | _Broken] = []
    for item in items:
        part_id = _id(item.get("id"))
        if not part_id:
            raise bad_request("Batch request id must be unique and not empty.", "BadRequest")
        if part_id.casefold() in seen:
            # microsoft-graph-docs#4449: without regard to case
            raise bad_request(f"Request Id {part_id} has to be unique in a batch.", "BadRequest")
        needs = [] if item.get("dependsOn") is None else item["dependsOn"]
        if not isinstance(needs, list) or not all(_id(need) for need in needs):
            raise bad_request("Invalid batch payload format.", "BadRequest")
        seen.add(part_id.casefold())
        parts.append(_part(part_id, item, [_id(need).casefold() for need in needs]))
    _check_order(parts)
    return parts


def _id(value: Any) -> str:
    """Return the id of a part as text, which some clients write as a number; nothing where it is neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _check_order(parts: list[BatchPart | _Broken]) -> None:
    """Refuse dependencies of another shape than Graph's: none, each on the one before it, or all that have
    one on the same.
    """
    before: set[str] = set()
    for part in parts:
        if not before.issuperset(part.depends_on):
            # microsoftgraph/msgraph-sdk-dotnet-core#891
            raise bad_request(f"Invalid dependency for request Id '{part.id}'.", "BadRequest")
        before.add(part.id.casefold())
    needs = [part.depends_on for part in parts if part.depends_on]
    serial = all(part.depends_on == [last.id.casefold()] for last, part in pairwise(parts))
    if needs and not serial and (len(needs[0]) > 1 or any(each != needs[0] for each in needs)):
        # microsoftgraph/microsoft-graph-docs#16280
        raise bad_request("Batch should be either fully sequential or fully parallel.", "BadRequest")


def _part(part_id: str, item: dict[str, Any], needs: list[str]) -> BatchPart | _Broken:
    method, url = item.get("method"), item.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise bad_request("Invalid batch payload format.", "BadRequest")
    headers = {} if item.get("headers") is None else item["headers"]
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise bad_request("Invalid batch payload format.", "BadRequest")
    folded = {name.casefold(): value for name, value in headers.items()}
    if (
        item.get("body") is not None
        and method.upper() in WITH_BODY
        and not media_type(folded.get("content-type", ""))
    ):
        # Softeria/ms-365-mcp-server#677
        raise bad_request(
            f"Write request with id '{part_id}' does not contain a Content-Type header.", "BadRequest"
        )
    if len(folded) != len(headers):
        # Of two values that differ, nobody can tell which is meant.
        return _Broken(
            part_id,
            method,
            url,
            bad_request("A header of the request was found more than once.", "BadRequest"),
            needs,
        )
    try:
        target = urlsplit(url)
    except ValueError:
        return _Broken(
            part_id, method, url, bad_request("Invalid batch payload format.", "BadRequest"), needs
        )
    raw = [segment for segment in target.path.split("/") if segment]
    method = method.upper()
    if target.scheme or target.netloc:
        # msgraph-sdk-python#1015: the URL is read as a path; older reports have the whole batch refused.
        return _Broken(
            part_id, method, url, no_segment(f"{target.scheme}:" if target.scheme else target.netloc), needs
        )
    if target.fragment:
        return _Broken(part_id, method, url, no_segment(f"{raw[-1] if raw else ''}#{target.fragment}"), needs)
    body = item.get("body")
    if body is not None and method in WITH_BODY and media_type(folded["content-type"]) != "application/json":
        return _Broken(part_id, method, url, not_json(), needs)
    try:
        query = read_query(target.query)
    except ODataError as error:
        return _Broken(part_id, method, url, error, needs)
    return BatchPart(method, split(raw), query, folded, body, part_id, needs)
