"""How a request to sign in or for a token ended, read out of the response."""

import html
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import jwt
from jwt.types import Options

from entra_emulator.login.service import SignIn


@dataclass
class Outcome:
    """How a request to sign in or for a token ended."""

    kind: str
    status: int
    code: int = 0
    error: str = ""
    text: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    id_claims: dict[str, Any] = field(default_factory=dict)


def read(response: httpx.Response, service: SignIn) -> Outcome:
    """Classify a response."""
    if response.status_code == 302:
        parts = urlsplit(response.headers["location"])
        body = dict(parse_qsl(parts.query or parts.fragment))
        return Outcome(
            "redirect", 302, _code(body.get("error_description", "")), body.get("error", ""), body=body
        )
    if "json" in response.headers.get("content-type", ""):
        return _json(response, service)
    titles = {"Permissions requested": "consent", "Need admin approval": "approval", "Sign in": "sign-in"}
    title = re.search(r"<h1>(.*?)</h1>", response.text)
    text = html.unescape(response.text)
    return Outcome(
        titles.get(title[1] if title else "", "page"), response.status_code, _code(text), text=text
    )


def _json(response: httpx.Response, service: SignIn) -> Outcome:
    body = response.json()
    if "error" in body:
        code = body["error_codes"][0]
        return Outcome("refusal", response.status_code, code, body["error"], body["error_description"], body)
    outcome = Outcome("token", response.status_code, body=body)
    if "access_token" in body:
        outcome.claims = service.keys.verify(body["access_token"])
    if "id_token" in body:
        outcome.id_claims = _signed(body["id_token"], service)
    return outcome


def _signed(token: str, service: SignIn) -> dict[str, Any]:
    # Of an id_token for max_age=0 nothing but the signature can be checked: it ends as it begins.
    entry = next(
        key for key in service.keys.jwks(service.origin)["keys"] if key["kid"] == header(token)["kid"]
    )
    unchecked = Options(verify_aud=False, verify_exp=False, verify_nbf=False, verify_iat=False)
    return dict(jwt.decode(token, jwt.PyJWK(entry, "RS256"), algorithms=["RS256"], options=unchecked))


def refused(outcome: Outcome, code: int, error: str, status: int) -> bool:
    """Tell whether an outcome is that refusal."""
    return (outcome.kind, outcome.code, outcome.error, outcome.status) == ("refusal", code, error, status)


def ending(outcome: Outcome) -> str:
    """Name how a request to sign in ended: a code, the number of a refusal, or a page."""
    if outcome.kind == "redirect":
        return "code" if "code" in outcome.body else str(outcome.code)
    return outcome.kind


def hidden(response: httpx.Response, name: str) -> str:
    """Return a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.text)
    assert found, f"no field {name} in {response.text}"
    return html.unescape(found[1])


def action(response: httpx.Response) -> str:
    """Return where a page's form goes."""
    found = re.search(r'<form method="post" action="([^"]*)"', response.text)
    assert found, f"no form in {response.text}"
    return html.unescape(found[1])


def header(token: str) -> dict[str, Any]:
    """Return a token's header."""
    return dict(jwt.get_unverified_header(token))


def _code(text: str) -> int:
    found = re.search(r"AADSTS(\d+)", text)
    return int(found[1]) if found else 0
