"""The Graph service: an HTTP call in; authentication, faults, routing and rendering; an HTTP reply out."""

import json
from dataclasses import replace
from urllib.parse import unquote

from entra_emulator.callers import Caller, TokenRejectedError, VerifyToken, from_claims
from entra_emulator.clock import Clock
from entra_emulator.deeds import watched
from entra_emulator.directory import Tenants
from entra_emulator.faults import ConnectionCutError, FaultResponse, Faults
from entra_emulator.graph import batch, metadata, options
from entra_emulator.graph.authorization import check
from entra_emulator.graph.call import AlternateKey, Call, CollectionResponse, HttpCall, HttpReply
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.expanding import names_of_list
from entra_emulator.graph.reading import read_body, read_query
from entra_emulator.graph.routes import ROUTER
from entra_emulator.graph.routing import describe, split
from entra_emulator.graph.units import cost, is_write
from entra_emulator.identifiers import Identifiers
from entra_emulator.tenant import Tenant

# The first month in which a recorded error has the client's request id (2020-08 and before: none has).
_CLIENT_ID_SINCE = "2022-05"


class GraphService:
    """Microsoft Graph over a directory."""

    def __init__(
        self, directory: Tenants, *, clock: Clock, faults: Faults, verify_token: VerifyToken | None = None
    ) -> None:
        self.directory = directory
        self.clock = clock
        self.faults = faults
        self.verify_token = verify_token
        self._requests = Identifiers("requests")

    async def serve(self, http: HttpCall) -> HttpReply:
        """Answer one HTTP request, a batch included."""
        path = "/" + "/".join(http.segments)
        number = self.faults.calls + 1
        fate = self.faults.call(http.method, path)
        if self.faults.on_call is not None:
            self.faults.on_call(number, "before", http.method, path)
        if fate.delay:
            await self.clock.sleep(fate.delay)
        if fate.cut_before:
            raise ConnectionCutError
        if fate.refusal is not None:
            reply = self._reply(http, self.refuse(http.headers, _as_error(fate.refusal)))
        else:
            reply = self._reply(http, self._response(http))
        if self.faults.on_call is not None:
            self.faults.on_call(number, "after", http.method, path)
        if fate.cut_after:
            raise ConnectionCutError
        return reply

    def run(self, call: Call) -> CollectionResponse:
        """Answer one request, or one part of a batch; refusals become answers."""
        try:
            route, params = ROUTER.find(call.method, call.segments)
            if call.query:
                call.options = options.parse(call, route.options)
            refusal = self._hindrance(call)
            if refusal is not None:
                raise _as_error(refusal)
            call.params = params
            check(call, route.access)
            if call.method == "GET":
                response = route.handler(call)
                options.refuse_unread(call)
            else:
                with watched(call.tenant, actor=call.caller.oid, now=call.now):
                    response = route.handler(call)
            if response.body is not None and metadata.wants_none(call):
                response = replace(response, body=metadata.bare(response.body), bare=True)
            return replace(response, units=cost(call), headers=(*response.headers, *self._use(call)))
        except ODataError as error:
            return self.refuse(call.headers, error)

    def refuse(self, headers: dict[str, str], error: ODataError) -> CollectionResponse:
        """Turn a refusal into an answer."""
        request_id = self._requests.guid()
        client_id = headers.get("client-request-id", request_id)
        if self.directory.month < _CLIENT_ID_SINCE:
            client_id = ""
        extra = (*error.headers, ("request-id", request_id))
        return CollectionResponse(
            error.status, error.body(self.clock.now(), request_id, client_id), headers=extra
        )

    def call(self, http: HttpCall, caller: Caller, part: "batch.BatchPart") -> Call:
        """Make the call of a request or of a part."""
        tenant = self.directory.tenants[caller.tid]
        return Call(
            graph=self,
            tenant=tenant,
            caller=caller,
            method=part.method,
            version=http.segments[0].casefold(),
            segments=_below_tenant(part.segments, tenant),
            query=part.query,
            headers=part.headers,
            body=part.body,
            base_url=http.base_url,
            correlation_id="",
            batched=bool(part.id),
        )

    def _response(self, http: HttpCall) -> CollectionResponse:
        try:
            caller = http.caller = self._authenticate(http)
            if len(http.segments) == 2 and unquote(http.segments[1]).casefold() == "$batch":
                options.refuse_all(read_query(http.query))
                return batch.run(self, http, caller)
            part = batch.BatchPart(
                method=http.method,
                segments=split(http.segments[1:]),
                query=read_query(http.query),
                headers=http.headers,
                body=read_body(http),
            )
        except ODataError as error:
            return self.refuse(http.headers, error)
        return self.run(self.call(http, caller, part))

    def _use(self, call: Call) -> tuple[tuple[str, str], ...]:
        """Report how much of its quota an application used, above 0.8 (throttling-limits, 2025-01-14)."""
        used = self.faults.used(call.caller.appid)
        return (("x-ms-throttle-limit-percentage", f"{used:.2f}"),) if used > 0.8 else ()

    def _hindrance(self, call: Call) -> FaultResponse | None:
        faults = self.faults
        if call.batched:
            refusal = faults.part(call.method, f"/{call.version}/{describe(call.segments)}")
            if refusal is not None:
                return refusal
        if any(name in faults.plan.refused_lists for name in names_of_list(call)):
            return FaultResponse(400, "Request_UnsupportedQuery", "The query is not supported.")
        write = is_write(call)
        audit = str(call.segments[0]).casefold() == "auditlogs"
        units, now = cost(call), self.clock.now()
        refusal = faults.charge(call.caller.appid, units, write=write, now=now, audit=audit)
        if refusal is None and write and faults.write_conflict():
            # nais/azurerator#448
            text = "Error due to concurrent requests being made to the tenant. Please wait briefly and retry."
            return FaultResponse(409, "Directory_ConcurrencyViolation", text)
        return refusal

    def _authenticate(self, http: HttpCall) -> Caller:
        scheme, _, token = http.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "bearer" or not token.strip():
            raise _unauthenticated("Access token is empty.")
        if self.verify_token is None:
            raise _unauthenticated("Access token validation failure.")
        try:
            return from_claims(self.directory, self.verify_token(token.strip()))
        except TokenRejectedError as error:
            raise _unauthenticated(str(error)) from error

    def _reply(self, http: HttpCall, response: CollectionResponse) -> HttpReply:
        request_id = next((value for name, value in response.headers if name == "request-id"), None)
        headers = [
            ("request-id", request_id or self._requests.guid()),
            ("cache-control", "no-cache"),
            ("strict-transport-security", "max-age=31536000"),
            ("x-ms-ags-diagnostic", '{"ServerInfo":{"DataCenter":"entra-emulator"}}'),
            ("x-ms-resource-unit", str(response.units)),
            ("date", self.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT")),
        ]
        if "client-request-id" in http.headers:
            headers.append(("client-request-id", http.headers["client-request-id"]))
        headers += [(name, value) for name, value in response.headers if name != "request-id"]
        if response.picture is not None:
            content, type_ = response.picture
            return HttpReply(response.status, [*headers, ("Content-Type", type_)], content)
        if response.text is not None:
            return HttpReply(
                response.status, [*headers, ("Content-Type", "text/plain")], response.text.encode()
            )
        if response.body is None:
            return HttpReply(response.status, headers, b"")
        is_error = response.status >= 400
        headers.append(
            ("Content-Type", "application/json" if is_error else metadata.content_type(none=response.bare))
        )
        headers.append(("vary", "Accept-Encoding"))
        if not is_error:
            headers.append(("odata-version", "4.0"))
        return HttpReply(response.status, headers, json.dumps(response.body, separators=(",", ":")).encode())


def _below_tenant(segments: list[str | AlternateKey], tenant: Tenant) -> list[str | AlternateKey]:
    """Return a path without the caller's tenant, which CLI for Microsoft 365 writes first."""
    names = {"myorganization", tenant.tenant_id, *tenant.domains}
    first = segments[0] if segments else ""
    return segments[1:] if isinstance(first, str) and first.casefold() in names else segments


def _as_error(refusal: FaultResponse) -> ODataError:
    return ODataError(refusal.status, refusal.code, refusal.message, headers=refusal.headers)


def _unauthenticated(message: str) -> ODataError:
    challenge = ("WWW-Authenticate", 'Bearer realm="", authorization_uri="", error="invalid_token"')
    return ODataError(401, "InvalidAuthenticationToken", message, headers=(challenge,))
