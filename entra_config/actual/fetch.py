"""Questions with their requests in, their answers out: a level side by side, page after page, absence
being an answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from entra_config.actual import shape
from entra_config.actual.question import About, Item, Question
from entra_config.graph.errors import refusal
from entra_config.graph.paging import Pages
from entra_config.graph.request import Request, Response, Usage
from entra_config.graph.token import Identity
from entra_config.kinds.details import Detail, Row

AnyQuestion = TypeVar("AnyQuestion", bound=Question[Any])
Questions = dict[Question[Any], Request]


class Responses:
    """What Graph answered so far, by question; a question that was refused, and might be, has no answer."""

    def __init__(self) -> None:
        """Begin with no answer."""
        # By type of question, those of kinds by what they ask: whoever wants all of a type looks at no other.
        self._items: defaultdict[object, dict[Question[Any], list[Any]]] = defaultdict(dict)

    def __contains__(self, question: Question[Any]) -> bool:
        """Tell whether a question has an answer, were it that there is nothing."""
        return question in self._items[_type(question)]

    def __getitem__(self, question: Question[Item]) -> list[Item]:
        """Return the items of an answer; none where the question was not asked."""
        return self._items[_type(question)].get(question, [])

    def first(self, question: Question[Item]) -> Item | None:
        """Return the one item of an answer, None where there is none."""
        return next(iter(self[question]), None)

    def questions(self, type_: type[AnyQuestion]) -> list[AnyQuestion]:
        """Return the questions of a type that have an answer."""
        return [question for question in self._items[type_] if isinstance(question, type_)]

    def every(self, type_: type[Question[Item]]) -> Iterator[Item]:
        """Yield the items of all questions of a type."""
        for items in self._items[type_].values():
            yield from items

    def firsts(self, type_: type[Question[Item]]) -> Iterator[Item]:
        """Yield the first item of each question of a type that has one."""
        yield from (items[0] for items in self._items[type_].values() if items)

    def details(self, detail: Detail[Row]) -> Iterator[Row]:
        """Yield what a kind's question about any application found."""
        for items in self._items[detail].values():
            yield from items

    def about(self) -> Iterator[tuple[About[Any], list[Any]]]:
        """Yield the kinds' questions about applications with their answers."""
        for found in self._items.values():
            yield from ((question, items) for question, items in found.items() if isinstance(question, About))

    def add(self, question: Question[Any], items: list[Any]) -> None:
        """Add items, not yet read, to the answer of a question."""
        self._items[_type(question)].setdefault(question, []).extend(map(question.read, items))

    def drop(self, question: Question[Any]) -> None:
        """Forget the answer of a question."""
        self._items[_type(question)].pop(question, None)

    def keep(self, wanted: Callable[[About[Any]], bool]) -> None:
        """Forget what was asked about applications, but where it is wanted."""
        for question in [question for question, _ in self.about() if not wanted(question)]:
            self.drop(question)

    def take(self, other: Responses) -> None:
        """Take over other answers; where both have one, theirs."""
        for type_, found in other._items.items():
            self._items[type_] |= found


class TenantReader(Protocol):
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

    async def send(self, requests: list[Request], *, tries: int | None = None) -> list[Response]:
        """Send requests side by side; with `tries`, each at most so often while Graph is in trouble."""

    def page(self, request: Request, response: Response) -> tuple[list[dict[str, Any]], Request | None]:
        """Return the items of a list's page, and the request of the next one."""

    def note(self, text: str) -> None:
        """Tell listeners how something is read."""


def _type(question: Question[Any]) -> object:
    return question.detail if isinstance(question, About) else type(question)


async def fetch(
    graph: TenantReader,
    questions: Mapping[Question[Any], Request],
    *,
    optional: Collection[Question[Any]] = (),
) -> Responses:
    """Return the items of each list, the one item of each read by key, nothing where Graph says 404.

    What is `optional`, and refused or not served in this cloud, has no answer at all, and a plan goes on
    without it.
    """
    found = Responses()
    for question in questions:
        found.add(question, [])
    pages = dict(questions)
    bounds = {question: Pages() for question in questions}
    while pages:
        responses = await graph.send(list(pages.values()))
        following: Questions = {}
        for (question, request), response in zip(pages.items(), responses, strict=True):
            if question in optional and response.status in {400, 403, 404, 501}:
                found.drop(question)
                continue
            if response.status == 404:
                continue
            if not response.ok:
                raise refusal(request, response)
            if isinstance(question, About) and question.detail.picture:
                found.add(question, shape.pictures(request, response))
                continue
            if isinstance(response.body, dict) and "value" not in response.body:
                shape.check(request, response, [response.body])
                found.add(question, [response.body])
                continue
            items, link = graph.page(request, response)
            shape.check(request, response, items)
            found.add(question, items)
            if link := bounds[question].follow(request, items, link):
                following[question] = link
        pages = following
    return found
