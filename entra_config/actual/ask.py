"""Named requests in, their answers out: all of one level side by side, page after page, absence being an answer."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from entra_config.actual import shape
from entra_config.graph.errors import refusal
from entra_config.graph.paging import Pages
from entra_config.graph.request import Request, Response, Usage
from entra_config.graph.token import Identity

Key = tuple[str, ...]
Answers = dict[Key, list[dict[str, Any]]]


class Reader(Protocol):
    """The part of Graph that reading needs."""

    @property
    def base_url(self) -> str:
        """Return the address of Graph in this cloud."""

    @property
    def tenant_id(self) -> str:
        """Return the tenant that the token is for."""

    @property
    def identity(self) -> Identity:
        """Return who is signed in."""

    @property
    def usage(self) -> Usage:
        """Return what was spent so far."""

    async def send(self, requests: list[Request]) -> list[Response]:
        """Send requests side by side."""

    def page(self, request: Request, answer: Response) -> tuple[list[dict[str, Any]], Request | None]:
        """Return the items of a list's page, and the request of the next one."""


async def ask(graph: Reader, questions: Mapping[Key, Request], *, optional: Collection[Key] = ()) -> Answers:
    """Return the items of each list, the one item of each read by key, nothing where Graph says 404.

    What is `optional` and refused has no answer at all, and a plan goes on without it.
    """
    found: Answers = {key: [] for key in questions}
    pages = dict(questions)
    bounds: dict[Key, Pages] = {key: Pages() for key in questions}
    while pages:
        answers = await graph.send(list(pages.values()))
        following: dict[Key, Request] = {}
        for (key, request), answer in zip(pages.items(), answers, strict=True):
            if answer.status == 404:
                continue
            if key in optional and answer.status in {400, 403}:
                del found[key]
                continue
            if not answer.ok:
                raise refusal(request, answer)
            if isinstance(answer.body, dict) and "value" not in answer.body:
                shape.check(request, answer, [answer.body])
                found[key].append(answer.body)
                continue
            items, link = graph.page(request, answer)
            shape.check(request, answer, items)
            found[key].extend(items)
            if link := bounds[key].follow(request, items, link):
                following[key] = link
        pages = following
    return found
