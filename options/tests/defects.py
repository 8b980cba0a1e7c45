"""Mistakes that a server could have; each made in one that runs, as long as a block does."""

from __future__ import annotations

import copy
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import uvicorn

from api.auth import alb, claims, page, proxy, signature
from options.alb.stand_in import app as stand_in
from options.alb.stand_in.deployed import Deployed
from options.alb.tests.world import ARN
from options.httpd.tests.world import HERE as HTTPD
from options.tests.estate import Estate
from options.tests.places import OUTSIDE, Place, run_task

#: A task, and what it is started with besides.
IN_PROCESS: dict[str, tuple[int, dict[str, Any]]] = {
    "B page!": (0, {"callers": "alb", "alb_arn": ARN}),
    "D!": (1, {}),
    "E API!": (2, {"callers": "proxy"}),
}


@dataclass(frozen=True)
class Defect:
    """A mistake, the place that has it, the attacks that must notice, and how it is made."""

    name: str
    place: str
    rows: tuple[str, ...]
    made: Callable[[Estate, Place, pytest.MonkeyPatch], Any]
    passes: bool = True


def in_the_api(*changes: tuple[Any, str, Any]) -> Callable[[Estate, Place, pytest.MonkeyPatch], Any]:
    """Make it in a task of the API that starts with these changes to its modules."""

    @contextmanager
    def made(estate: Estate, place: Place, patch: pytest.MonkeyPatch) -> Iterator[Place]:
        world, server = IN_PROCESS[place.key]
        if place.key == "B page!":
            server = {**server, "alb_keys_url": estate.region}
        with ExitStack() as ending:
            for module, name, value in changes:
                patch.setattr(module, name, value)
            peer = OUTSIDE if place.key == "E API!" else ""
            name = f"defect-{len(list(estate.folder.iterdir()))}"
            port, records = run_task(ending, estate.worlds[world].base, estate.folder, name, peer, **server)
            yield replace(place, door=replace(place.door, port=port), database=records, logs=())

    return made


def in_the_bff(*lines: str) -> Callable[[Estate, Place, pytest.MonkeyPatch], Any]:
    """Make it in option C's server, which runs these lines before it starts."""

    @contextmanager
    def made(estate: Estate, place: Place, patch: pytest.MonkeyPatch) -> Iterator[Place]:
        del patch
        world = estate.worlds[1]
        code = "\n".join([*lines, "import runpy", "runpy.run_module('options.bff', run_name='__main__')"])
        try:
            world.stop()
            world.command = ("-c", code)
            world.start()
            estate.forget("C")
            yield place
        finally:
            world.stop()
            world.command = ("-m", "options.bff")
            world.start()
            estate.forget("C")

    return made


@contextmanager
def in_httpd(estate: Estate, place: Place, patch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Leave out what httpd says of `Connection`."""
    del patch
    world = estate.worlds[2]
    there = world.folder / "common.conf"
    text = there.read_text(encoding="utf-8")
    behind = {"BACKEND": f"http://127.0.0.1:{world.api_port}"}
    without = "".join(
        each for each in text.splitlines(keepends=True) if "SetEnvIfNoCase Connection" not in each
    )
    assert without != text
    try:
        there.write_text(without, encoding="utf-8")
        world.stop("api")
        world.start("api", behind, world.api_httpd_port)
        yield place
    finally:
        shutil.copy(HTTPD / "common.conf", there)
        world.stop("api")
        world.start("api", behind, world.api_httpd_port)


class Keeping(stand_in.LoadBalancer):
    """A load balancer that passes on what a client says in its own headers' names."""

    async def _signed_in(self, action: Any, passing: Any) -> Any:
        said = [each for each in passing.headers if each[0].startswith(stand_in.OIDC)]
        stopped = await super()._signed_in(action, passing)
        passing.headers += said
        return stopped


@contextmanager
def in_the_balancer(estate: Estate, place: Place, patch: pytest.MonkeyPatch) -> Iterator[Place]:
    """Run one that keeps headers, in the place of the stand-in."""
    del patch
    world = estate.worlds[0]
    task = estate.places["B page!"].door.port  # It takes the word of the key that signs here.
    rules = copy.deepcopy(world.rules)
    for each in (each for group in rules["TargetHealthDescriptions"].values() for each in group):
        if each["Target"]["Port"] == world.api_port:
            each["Target"]["Port"] = task
    made = Deployed.read(rules)
    world.stop("balancer")
    http = httpx.AsyncClient(timeout=120, verify=str(place.base.tls.ca))
    balancer = Keeping(made, http, targets=http)
    balancer.signer = estate.signer
    tls = place.base.tls
    config = uvicorn.Config(
        balancer,
        host="127.0.0.1",
        port=place.door.port,
        ssl_certfile=str(tls.certificate),
        ssl_keyfile=str(tls.key),
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.05)
        estate.forget("B page")
        yield place
    finally:
        server.should_exit = True
        thread.join(120)
        world.start_balancer()
        estate.forget("B page")


class Everything(frozenset[str]):
    """A set that has whatever one looks for."""

    def __contains__(self, what: object) -> bool:
        """Tell that it is there."""
        return True


def _any_audience(rules: Any) -> Any:
    return lambda settings: replace(rules(settings), audiences=Everything())


def _own_issuer_alone(given: Any, rules: Any) -> None:
    if given["aud"] not in rules.audiences:
        raise AssertionError(given)


def _unsigned(token: str, key: Any, kid: str) -> Any:
    import jwt

    del key, kid
    return jwt.decode(token, options={"verify_signature": False})


def _any_signer(reader: Any, header: Any) -> None:
    del reader, header


_KEPT_VALUE = """
import options.bff.sessions as sessions
begin = sessions.Sessions.begin
async def kept(self, person, before):
    real, sessions.secrets = sessions.secrets, sessions.secrets
    made = sessions.secrets.token_urlsafe
    values = [before or made(32)]
    class Fixed:
        @staticmethod
        def token_urlsafe(n):
            return values.pop() if values else made(n)
    sessions.secrets = Fixed
    try:
        return await begin(self, person, before)
    finally:
        sessions.secrets = real
sessions.Sessions.begin = kept
"""
_ANY_STATE = """
import msal
take = msal.ConfidentialClientApplication.acquire_token_by_auth_code_flow
msal.ConfidentialClientApplication.acquire_token_by_auth_code_flow = (
    lambda self, flow, answer, **more: take(self, flow, {**answer, "state": flow["state"]}, **more))
"""
_GUARDS = "import options.bff.guards as guards"

DEFECTS = (
    Defect(
        "the audience is not looked at",
        "D!",
        ("another API's (`aud`)", "an audience that begins alike"),
        in_the_api((claims.Rules, "of", staticmethod(_any_audience(claims.Rules.of)))),
    ),
    Defect(
        "the tenant is not looked at",
        "D!",
        ("another tenant's (`tid` and `iss`)", "another tenant's `iss`"),
        in_the_api((claims, "_check_origin", _own_issuer_alone)),
    ),
    Defect(
        "`none` is an algorithm",
        "D!",
        ("`alg: none`", "HS256 with the public key as PEM", "no signature"),
        in_the_api(
            (signature, "verify", _unsigned),
            (signature, "kid_of", lambda token: __import__("jwt").get_unverified_header(token)["kid"]),
        ),
    ),
    Defect(
        "times are not looked at",
        "D!",
        ("a second after its end", "an hour before its begin"),
        in_the_api((claims, "_check_times", lambda given, now: None)),
    ),
    Defect(
        "any load balancer is believed",
        "B page!",
        ("another load balancer's of this region (`signer`)", "for another client"),
        in_the_api((alb.AlbReader, "_check", _any_signer)),
    ),
    Defect(
        "writes of other sites are let in",
        "B page!",
        ("a write without the page's header", "a write without `Origin`", "a write of a sibling host"),
        in_the_api((page, "admit", lambda request, user, page_url: None)),
    ),
    Defect(
        "whoever connects is the proxy",
        "E API!",
        ("`X-Auth-*` of a Writer, from nobody", "`X-Forwarded-For: 127.0.0.1` with `X-Auth-*`"),
        in_the_api((proxy, "_is_beside_us", lambda request: True)),
    ),
    Defect(
        "the load balancer keeps its headers when a client sends them",
        "B page",
        ("beside a good request, for what a Reader may not", "on an open path"),
        in_the_balancer,
        passes=False,
    ),
    Defect(
        "claims may be dropped by `Connection`",
        "E api!",
        ("the attacker's own claim token named in `Connection`",),
        in_httpd,
    ),
    Defect(
        "the session's cookie is without `__Host-`",
        "C",
        ("a cookie planted before it",),
        in_the_bff("import options.bff.context as context", "context.SESSION_COOKIE = 'session'"),
    ),
    Defect(
        "the session's value is not made anew",
        "C",
        ("a cookie planted before it", "the cookie from before a second one"),
        in_the_bff(_KEPT_VALUE),
    ),
    Defect(
        "CSRF is not looked at",
        "C",
        ("a write without the page's header", "a write with another person's header"),
        in_the_bff(_GUARDS, "guards.unproven = lambda request, session: ''"),
    ),
    Defect(
        "the way back leads anywhere",
        "C",
        ("back to `//evil.example`", "back to `https://localhost@evil.example`", "back to `javascript:`"),
        in_the_bff(_GUARDS, "guards.way_back = lambda text: text"),
    ),
    Defect("the state is not looked at", "C", ("an answer with another `state`",), in_the_bff(_ANY_STATE)),
)
