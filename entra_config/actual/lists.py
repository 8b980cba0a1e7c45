"""Decide which questions about applications are asked one by one, by key, and which of them lists answer.

An application costs six reads by key. Of many applications the same is read by six lists:

list                                                      answers
our applications, each with its owners                    who owns the application
our applications, each with its federated credentials     which federated credentials it has
our service principals, each with their owners            who owns the service principal
our service principals, each with `appRoleAssignments`    which roles it holds
our service principals, each with `appRoleAssignedTo`     who holds its roles
all grants for the whole tenant                           what was consented to for it, and what at it

- Ours are found by the ownership tag. The filter needs no advanced query (filter-directory-objects, 2024-03,
  for applications; programs that run against Graph, for service principals), and `$expand` does not go
  together with one (aad-advanced-queries, 2023-04-14): the lists have no ConsistencyLevel header.
- `$expand` gives at most 20 related objects and does not say that there are more (known issues of Graph,
  2023-06-01; microsoft-graph-docs-contrib#2851, 2021-10-19: 20 of 21 assignments). Whoever has 20 is asked
  by key.
- A page of such a list has 100 objects (application-list), and pages are read one after the other. So few
  applications are asked by key, twenty in one call side by side.
- No answer to one of these lists was recorded. Where Graph refuses a list, what it was to answer is asked by
  key, and so is whatever a list does not show.

A list may be staler than a read by key. So only what is shown is read by lists: what a plan would change, and
what it gives to whom, is read by key before the plan says so (`Reading.read_by_key`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from entra_config.actual import shape
from entra_config.actual.fetch import Questions, Responses, TenantReader, fetch
from entra_config.actual.question import About, Json, Question
from entra_config.graph.batch import LIMIT
from entra_config.graph.odata import tagged
from entra_config.graph.paging import Pages
from entra_config.graph.request import Request, Response
from entra_config.kinds.base import OWNER_TAG
from entra_config.kinds.consents import IS_TENANT_WIDE
from entra_config.kinds.table import SIGN_IN_LISTS

# From so many applications on a list is read.
MANY = 20
_MOST_EXPANDED = 20
# A list that Graph cannot make in time is not waited for: what it answers can be asked by key.
_TRIES = 2
# Whether properties of what is expanded may be selected: "Supports $expand, $select nested in $expand"
# (application and servicePrincipal resource types).
_EXPANDED: Mapping[tuple[str, str], bool] = {
    ("applications", "owners"): True,
    **{("applications", each.path): False for each in SIGN_IN_LISTS},
    ("servicePrincipals", "owners"): True,
    ("servicePrincipals", "appRoleAssignments"): False,
    ("servicePrincipals", "appRoleAssignedTo"): False,
}
_OF_AN_OBJECT = re.compile(r"/(\w+)/([^/?]+)/(\w+)\?(\$select=[^&]+)(?:&\$top=999)?")
_OF_GRANTS = re.compile(
    rf"/oauth2PermissionGrants\?\$filter=(\w+)%20eq%20(\S+?)%20and%20{re.escape(IS_TENANT_WIDE)}"
    r"&(\$select=[^&]+&\$top=999)"
)
# A property of the items of a list, and its value where an item answers a question.
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Source:
    """A list as Graph is asked for it, and the relationship that its items bring; grants bring none."""

    name: str
    request: Request
    relationship: str = ""


@dataclass(slots=True)
class _List:
    """A list, and the questions that it answers, by place."""

    source: _Source
    questions: dict[_Place, list[About[Any]]] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Return of how many applications the list answers a question."""
        return len({about.key for asked in self.questions.values() for about in asked})


@dataclass(frozen=True, slots=True)
class Level:
    """The answers of a level, and the requests by key of those that lists gave."""

    responses: Responses
    listed: Questions


async def fetch_level(
    graph: TenantReader,
    questions: Mapping[Question[Any], Request],
    *,
    owner: str,
    by_lists: bool,
    optional: Collection[Question[Any]] = (),
) -> Level:
    """Return the answers of a level as `fetch` does; with `by_lists`, those about many applications by
    lists, where a list shows them whole.
    """
    possible = _lists(questions, owner) if by_lists else []
    lists = [each for each in possible if each.number >= MANY]
    wanted = {about for each in lists for asked in each.questions.values() for about in asked}
    left = {question: request for question, request in questions.items() if question not in wanted}
    if possible:
        graph.note(_choice(lists, wanted))
    responses, answers = await asyncio.gather(
        fetch(graph, left, optional=optional), asyncio.gather(*(_read(graph, each) for each in lists))
    )
    for each, rows in zip(lists, answers, strict=True):
        for place, asked in each.questions.items():
            for about in asked if place in rows else ():
                responses.add(about, rows[place])
    again: Questions = {about: questions[about] for about in wanted if about not in responses}
    if again:
        graph.note(f"no list answers {len(again)} of these questions completely: they are asked by key")
        responses.take(await fetch(graph, again))
    return Level(responses, {about: questions[about] for about in wanted - again.keys()})


def _choice(lists: Collection[_List], wanted: Collection[About[Any]]) -> str:
    if not lists:
        return f"applications are read by key: lists are read from {MANY} applications on"
    return f"applications are read by lists: {len(lists)} of them answer {len(wanted)} questions"


def _lists(questions: Mapping[Question[Any], Request], owner: str) -> Collection[_List]:
    """Return the lists that answer questions about applications."""
    found: dict[str, _List] = {}
    for question, request in questions.items():
        if isinstance(question, About) and (placed := _placed(request, owner)) is not None:
            source, place = placed
            listed = found.setdefault(str(source.request.path), _List(source))
            listed.questions.setdefault(place, []).append(question)
    return found.values()


def _placed(request: Request, owner: str) -> tuple[_Source, _Place] | None:
    """Return the list that has the answer of a read by key, and the place of the answer in it."""
    path = str(request.path)
    if request.beta or request.headers:
        return None
    if match := _OF_GRANTS.fullmatch(path):
        end, id_, rest = match.groups()
        listed = Request("GET", f"/oauth2PermissionGrants?$filter={IS_TENANT_WIDE}&{rest}")
        return _Source("grants for the whole tenant", listed), (end, id_.strip("'"))
    if (match := _OF_AN_OBJECT.fullmatch(path)) is None:
        return None
    collection, id_, relationship, select = match.groups()
    if (collection, relationship) not in _EXPANDED:
        return None
    inside = f"({select})" if _EXPANDED[collection, relationship] else ""
    query = f"$filter={tagged(OWNER_TAG + owner)}&$select=id&$expand={relationship}{inside}"
    listed = Request("GET", f"/{collection}?{query}")
    return _Source(f"{collection} with {relationship}", listed, relationship), ("id", id_)


async def _read(graph: TenantReader, listed: _List) -> Mapping[_Place, list[Json]]:
    """Return the rows of each place that the list shows completely; none if Graph refuses the list."""
    source, bounds = listed.source, Pages()
    # All grants are in the list: who has none there has none.
    rows: dict[_Place, list[Json]] = {} if source.relationship else {place: [] for place in listed.questions}
    request, seen = source.request, set[str]()
    # So many reads by key go out as one call: a list with more pages than that many calls saves nothing.
    most = 1 + listed.number // LIMIT
    for _ in range(most):
        (response,) = await graph.send([request], tries=_TRIES)
        if not response.ok:
            reason = response.code or response.status or "no response"
            graph.note(f"the list of {source.name} is not used, because Graph refused it: {reason}")
            return {}
        items, following = graph.page(request, response)
        shape.check(request, response, items)
        for item in items:
            if item["id"] in seen:
                # It moved from one page to another: an object may have changed, a grant is the same.
                rows.pop(("id", item["id"]), None)
                continue
            seen.add(item["id"])
            _add(rows, source, item, response)
        following = bounds.follow(request, items, following)
        if following is None:
            return rows
        request = following
    graph.note(f"the list of {source.name} is not used, because it has more than {most} pages")
    return {}


def _add(rows: dict[_Place, list[Json]], source: _Source, item: dict[str, Any], response: Response) -> None:
    if not source.relationship:
        for place in (("clientId", item["clientId"]), ("resourceId", item["resourceId"])):
            if place in rows:
                rows[place].append(item)
        return
    related, more = item.get(source.relationship), item.get(f"{source.relationship}@odata.nextLink")
    if _is_list_of_objects(related) and len(related) < _MOST_EXPANDED and not more:
        collection = str(source.request.path).partition("?")[0]
        of_one = Request("GET", f"{collection}/{item['id']}/{source.relationship}")
        shape.check(of_one, response, related)
        rows["id", item["id"]] = [*related]


def _is_list_of_objects(value: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)
