"""`LoadBalancer`: an ASGI application that does what the first rule says whose conditions a request meets."""

import logging
import random
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from options.alb.stand_in import deployed, matching
from options.alb.stand_in.claims import Signer
from options.alb.stand_in.deployed import Deployed, Json
from options.alb.stand_in.matching import Requested
from options.alb.stand_in.sealed import Seal
from options.alb.stand_in.sign_in import BACK, RefusedError, SignIn
from options.alb.stand_in.validation import Validator

log = logging.getLogger("alb")

Headers = list[tuple[bytes, bytes]]
OIDC = b"x-amzn-oidc-"
_VALID = re.compile(rb"[-A-Za-z0-9]+")
_OF_CONNECTION = frozenset(
    {b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
_FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-port"})


@dataclass
class _Passing:
    """A request on its way through a rule."""

    rule: Json
    request: Request
    requested: Requested
    headers: Headers
    cookies: list[str] = field(default_factory=list)


class LoadBalancer:
    """One listener."""

    def __init__(
        self,
        made: Deployed,
        http: httpx.AsyncClient,
        *,
        targets: httpx.AsyncClient,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Serve what was deployed; `http` reaches keys and the identity provider, and checks who answers."""
        self._made = made
        self._targets = targets
        self._now = now
        self._sign_in = SignIn(http, Seal(secrets.token_bytes(32)), now)
        self._validator = Validator(http)
        self._port = "443" if made.protocol == "https" else "80"
        self.signer = Signer(made.arn)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        host = request.headers.get("host", "")
        requested = Requested(scope["method"], host, raw.decode("latin-1"), request.url.query, headers)
        try:
            response = await self._response(request, requested)
        except RefusedError as refusal:
            log.warning("%s %s", requested.path, refusal.reason)
            response = _plain(refusal.status)
        await response(scope, receive, send)

    async def _response(self, request: Request, requested: Requested) -> Response:
        if _is_ambiguous(request, requested):
            raise RefusedError(400, "a request that two servers would read differently")
        if requested.path == BACK:
            return await self._come_back(request, requested)
        rule = next(each for each in self._made.rules if matching.meets(each, requested))
        passing = _Passing(rule, request, requested, self._taken(request))
        *checks, end = deployed.actions(rule)
        for action in checks:
            check = self._signed_in if action["Type"] == "authenticate-oidc" else self._validated
            if (stopped := await check(action, passing)) is not None:
                return stopped
        if end["Type"] == "redirect":
            return matching.redirect(
                end["RedirectConfig"], requested, protocol=self._made.protocol, port=self._port
            )
        if end["Type"] == "fixed-response":
            return matching.fixed(end["FixedResponseConfig"])
        return await self._forward(end, passing)

    async def _signed_in(self, action: Json, passing: "_Passing") -> Response | None:
        """Say by headers who is signed in; answer in the target's place where nobody is who must be."""
        config = action["AuthenticateOidcConfig"]
        passing.headers = [each for each in passing.headers if not each[0].startswith(OIDC)]
        person = await self._sign_in.person(config, passing.request.cookies)
        if person is None:
            todo = config.get("OnUnauthenticatedRequest", "authenticate")
            if todo == "authenticate":
                return self._sign_in.leave(passing.rule["RuleArn"], config, passing.requested)
            return _plain(401) if todo == "deny" else None
        passing.cookies = person.cookies
        said = self.signer.data(
            person.claims, issuer=config["Issuer"], client=config["ClientId"], now=self._now()
        )
        passing.headers += [
            (OIDC + b"accesstoken", person.access_token.encode()),
            (OIDC + b"identity", person.claims["sub"].encode()),
            (OIDC + b"data", said.encode()),
        ]
        return None

    async def _validated(self, action: Json, passing: "_Passing") -> Response | None:
        """Answer in the target's place where the token is not good; it goes on as it is where it is."""
        given = passing.request.headers.get("authorization", "")
        wrong = await self._validator.wrong(action["JwtValidationConfig"], given, self._now())
        if wrong:
            log.warning("%s jwt-validation: %s", passing.requested.path, wrong)
            return _plain(401)
        return None

    async def _come_back(self, request: Request, requested: Requested) -> Response:
        query = request.query_params
        state = self._sign_in.began(query, request.cookies, requested.host)
        config = self._made.sign_in(state["rule"])
        if config is None:
            raise RefusedError(401, "AuthInvalidStateParam")
        return await self._sign_in.back(config, state, query)

    def _taken(self, request: Request) -> Headers:
        """Return what goes on: nothing of one connection, nor what is invalid where that is dropped."""
        kept = [
            (name.lower(), value)
            for name, value in request.headers.raw
            if name.lower() not in _OF_CONNECTION | _FORWARDED
            and (not self._made.drop_invalid_header_fields or _VALID.fullmatch(name))
        ]
        client = request.client.host if request.client else ""
        before = request.headers.get("x-forwarded-for", "")
        forwarded = f"{before}, {client}" if before else client
        return [
            *kept,
            (b"x-forwarded-for", forwarded.encode("latin-1")),
            (b"x-forwarded-proto", self._made.protocol.encode()),
            (b"x-forwarded-port", self._port.encode()),
        ]

    async def _forward(self, action: Json, passing: "_Passing") -> Response:
        origin = self._target(action)
        if origin is None:
            return _plain(503)
        request, requested = passing.request, passing.requested
        path = matching.rewritten(passing.rule, requested.path)
        target = f"{path}{'?' if requested.query else ''}{requested.query}"
        url = httpx.URL(origin).copy_with(raw_path=target.encode("latin-1"))
        body = request.stream() if _has_body(request) else None
        # Made here and not by the client, which would add headers of its own.
        # The path goes on as it came: the client would take `/./` out of it.
        raw = {"target": target.encode("latin-1")}
        sent = httpx.Request(request.method, url, headers=passing.headers, content=body, extensions=raw)
        try:
            served = await self._targets.send(sent, stream=True)
        except httpx.HTTPError as error:
            log.warning("%s: %r", origin, error)
            return _plain(502)
        response = StreamingResponse(
            served.aiter_raw(), served.status_code, background=BackgroundTask(served.aclose)
        )
        for name, value in served.headers.raw:
            if name.lower() not in _OF_CONNECTION:
                response.headers.append(name.decode("latin-1"), value.decode("latin-1"))
        for each in passing.cookies:
            response.headers.append("Set-Cookie", each)
        return response

    def _target(self, action: Json) -> str | None:
        groups = action.get("ForwardConfig", {}).get("TargetGroups") or [
            {"TargetGroupArn": action["TargetGroupArn"]}
        ]
        weights = [int(each.get("Weight", 1)) for each in groups]
        if not any(weights):
            return None
        (group,) = random.choices(groups, weights)  # noqa: S311  # which task answers is no secret
        targets = self._made.targets.get(group["TargetGroupArn"], ())
        return random.choice(targets) if targets else None  # noqa: S311  # the same


def _is_ambiguous(request: Request, requested: Requested) -> bool:
    """Tell whether it has two ends, or another address in the place of its path."""
    return not requested.path.startswith("/") or {"content-length", "transfer-encoding"} <= set(
        request.headers
    )


def _has_body(request: Request) -> bool:
    return "content-length" in request.headers or "transfer-encoding" in request.headers


def _plain(status: int) -> Response:
    return Response(f"<html><body><h1>{status}</h1></body></html>\n", status, media_type="text/html")
