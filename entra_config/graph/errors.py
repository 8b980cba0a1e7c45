"""A refused request in, what it means out, by the catalogue; and the error that a person sees."""

from __future__ import annotations

import re

from entra_config.errors import GraphError
from entra_config.graph import privileges
from entra_config.graph.catalogue import NO_RESPONSE, OTHER, REGISTRATION, RULES, UNUSABLE
from entra_config.graph.meanings import Meaning, ResponseRule
from entra_config.graph.request import TOO_DEEP, TOO_LARGE, Request, Response
from entra_config.graph.retry import SERVER

_READ_BY_POST = ("/getByIds", "/checkMemberGroups", "/getMemberGroups", "/validateProperties")
_AT_ONCE = frozenset({Meaning.THROTTLED, Meaning.SERVER, Meaning.BUSY, Meaning.TOKEN})


def is_read(request: Request) -> bool:
    """Tell whether a request changes nothing, so that it may be repeated at will."""
    path = str(request.path).partition("?")[0]
    return request.method == "GET" or (request.method == "POST" and path.endswith(_READ_BY_POST))


def may_repeat(request: Request, rule: ResponseRule) -> bool:
    """Tell whether the same request may simply be sent again: it was not done, or doing it twice is doing it
    once.

    A POST without an answer makes a second object when repeated, so whoever knows how to look for the first
    is asked.
    """
    return rule.meaning in _AT_ONCE and (
        rule.meaning is not Meaning.SERVER or request.method != "POST" or is_read(request)
    )


def classify(request: Request, response: Response) -> ResponseRule | None:
    """Return the row of the catalogue that a refusal is; None when it is none."""
    if response.ok:
        return None
    if response.status == 0:
        return UNUSABLE if response.code in {TOO_LARGE, TOO_DEEP} else NO_RESPONSE
    return next((rule for rule in RULES if _fits(rule, request, response)), OTHER)


def refusal(request: Request, response: Response) -> GraphError:
    """Return the error of a refused request: Graph's words, its request id, what to do."""
    rule = classify(request, response) or OTHER
    message = response.message or (f"HTTP {response.status}" if response.status else "no response came")
    path = str(request.path).partition("?")[0]
    return GraphError(
        f"{message} ({request.method} {path})",
        status=response.status,
        code=response.code,
        request_id=response.request_id,
        advice=_advice(request, response, rule),
        rule=rule.id,
    )


def _advice(request: Request, response: Response, rule: ResponseRule) -> str:
    """Return what to do; where the caller lacks a permission, which ones allow this very request."""
    needed = (
        privileges.reported(request)
        if response.status == 403 and rule.name in {"not allowed", "forbidden", REGISTRATION.name}
        else ""
    )
    reported = f"An application needs {needed} for this; a user, a directory role besides. " if needed else ""
    seconds = response.headers.get("retry-after", "")
    if rule.meaning is Meaning.THROTTLED and seconds.isdecimal():
        bound = f"this program waits {SERVER.patience:.0f} s in all"
        return f"Graph asks to wait {seconds} s, and {bound}: run the same again after that."
    return f"{reported}{rule.advice}"


def _fits(rule: ResponseRule, request: Request, response: Response) -> bool:
    return (
        response.status in rule.status
        and (not rule.method or request.method in rule.method.split())
        and (not rule.path or re.search(rule.path, str(request.path).partition("?")[0]) is not None)
        and (
            not rule.code or any(code.endswith(rule.code) for code in (response.code, *response.detail_codes))
        )
        and rule.text in response.message.casefold()
    )
