"""Microsoft's own examples: every documented request of the table, sent, and its answer's status and keys
compared.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

import httpx
import pytest

from tests.conformance.documented.callers import PERMISSIONS, SCOPES
from tests.conformance.documented.outcomes import NOT_BUILT, NOT_RESPONDED, OTHER_STATUS, Absent
from tests.conformance.documented.requests import Example, examples
from tests.conformance.documented.tenant import Tenant, furnish
from tests.conformance.graph_client import Graph, refused

BUILT = [each for each in examples() if each.name not in NOT_BUILT]
OTHERWISE = [each for each in examples() if each.name in NOT_RESPONDED]
LEFT_OUT = [each for each in examples() if each.name in NOT_BUILT]


@pytest.fixture
def admin(as_app: Callable[..., Graph]) -> Graph:
    """Give a client that may do whatever a page is about."""
    return as_app(*PERMISSIONS)


@pytest.fixture
def tenant(admin: Graph, as_user: Callable[..., Graph]) -> Tenant:
    """Give a tenant with one object of each kind."""
    person = as_user("grace@contoso.com", "Directory.AccessAsUser.All")
    return furnish(admin, person, datetime.fromisoformat(admin.application()["createdDateTime"]))


@pytest.fixture
def send(admin: Graph, as_user: Callable[..., Graph], tenant: Tenant) -> Callable[[Example], httpx.Response]:
    """Give what sends a documented request: as an application that may, or as a user where the page says
    `me`.
    """

    def request(example: Example) -> httpx.Response:
        graph = as_user("alice@contoso.com", *SCOPES) if example.me else admin
        return graph.send(example.method, example.target(tenant), example.body(tenant), example.headers())

    return request


@pytest.mark.parametrize("example", BUILT, ids=lambda each: each.name)
def test_example(send: Callable[[Example], httpx.Response], example: Example) -> None:
    """The answer has the documented status and all documented keys, its first item too."""
    response = send(example)
    status = OTHER_STATUS[example.name][0] if example.name in OTHER_STATUS else example.status
    assert response.status_code == status, response.text
    if example.keys == {"$count"}:
        assert response.text.isdecimal(), response.text
        return
    if not example.keys:
        assert response.status_code != 204 or not response.content
        return
    body = response.json()
    absent = NOT_RESPONDED.get(example.name, Absent()).keys
    assert example.keys - set(body) == absent & example.keys
    if body.get("value") and example.items:
        shown = set().union(*(set(item) for item in body["value"]))
        assert example.items - shown == absent & example.items


@pytest.mark.parametrize("example", OTHERWISE, ids=lambda each: each.name)
def test_not_answered(admin: Graph, tenant: Tenant, example: Example) -> None:
    """What a page shows and its answer has not comes where it is selected, from another path, or is no
    property at all.
    """
    absent = NOT_RESPONDED[example.name]
    path, _, query = example.target(tenant).partition("?")
    given = f"{query}&" if query and "$select" not in query else ""
    body, headers = example.body(tenant), example.headers()
    method = example.method if path.endswith("getByIds") else "GET"

    def selecting(names: Iterable[str]) -> httpx.Response:
        return admin.send(
            method, f"{path}?{given}$select={','.join(names)}", body if method == "POST" else None, headers
        )

    if absent.selected:
        found = selecting(sorted(absent.selected)).json()
        items = found.get("value", [found])
        assert items
        assert absent.selected <= set().union(*(set(item) for item in items))
    for name in sorted(absent.unknown):
        refused(selecting([name]), 400, "BadRequest", f"Could not find a property named '{name}'")
    for key, other in absent.elsewhere.items():
        assert key in admin.send("GET", other).json()


@pytest.mark.parametrize("example", LEFT_OUT, ids=lambda each: each.name)
def test_not_built(send: Callable[[Example], httpx.Response], example: Example) -> None:
    """What is not built is refused in Graph's form."""
    response = send(example)
    assert response.status_code >= 400, f"{example.name} is built: take it out of the list"
    assert response.json()["error"]["code"]
    assert response.json()["error"]["message"]


def test_outcomes_name_rows() -> None:
    """Each exception is about a row of the table, and each row has at most one."""
    names = {each.name for each in examples()}
    assert len(names) == len(examples())
    assert set(NOT_BUILT) | set(NOT_RESPONDED) | set(OTHER_STATUS) <= names
    assert not set(NOT_BUILT) & (set(NOT_RESPONDED) | set(OTHER_STATUS))
