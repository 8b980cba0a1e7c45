"""Where the conformance tests run: in process, against a running emulator, or against a real tenant."""

import asyncio
import os
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from entra_emulator.callers import Caller
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.seed import ADMIN_APP_ID, ADMIN_SECRET, CONTOSO, FABRIKAM
from tests.conformance.graph_client import EMULATED, Graph

# Each test of this folder that this run has found, whether or not it will be run.
FOUND: pytest.StashKey[list[pytest.Item]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker that cites a fact."""
    text = (
        "fact(section, source, grade, verdict='same', seen=''): the documented behaviour that the test "
        "shows, where it was seen, and in which month last"
    )
    config.addinivalue_line("markers", text)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep what was found: docs/fidelity/ is made of it."""
    item.config.stash.setdefault(FOUND, []).append(item)


@dataclass
class Where:
    """What the tests talk to."""

    url: str = ""
    live: bool = False
    live_write: bool = False
    embedded: Embedded | None = None
    clients: list[httpx.AsyncClient] = field(default_factory=list)


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """Give one event loop for all requests."""
    with asyncio.Runner() as used:
        yield used


@pytest.fixture
def where(request: pytest.FixtureRequest, runner: asyncio.Runner) -> Iterator[Where]:
    """Give what the tests talk to: by default an emulator in this process, new for each test."""
    option = request.config.getoption
    place = Where(
        option("--emulator-url", "") or "", bool(option("--live", False)), bool(option("--live-write", False))
    )
    if not place.url and not place.live:
        place.embedded = Embedded.create(seed=request.node.nodeid, clock=ManualClock())
    yield place
    for http in place.clients:
        runner.run(http.aclose())


@pytest.fixture
def reader(where: Where, runner: asyncio.Runner) -> Graph:
    """Give a client for tests that only read: they run against a real tenant too."""
    return _client(where, runner)


@pytest.fixture
def graph(where: Where, runner: asyncio.Runner) -> Iterator[Graph]:
    """Give a client for tests that write, as the emulator's admin."""
    if where.live and not where.live_write:
        pytest.skip("writes to the tenant: needs --live-write")
    client = _client(where, runner)
    if where.url:
        assert client.post("/_emulator/reset").status_code == 204
    yield client
    client.clean()


@pytest.fixture
def as_app(where: Where, runner: asyncio.Runner) -> Callable[..., Graph]:
    """Give clients for applications that hold just these Graph permissions."""
    return _makes_applications(where, runner, CONTOSO)


@pytest.fixture
def elsewhere(where: Where, runner: asyncio.Runner) -> Callable[..., Graph]:
    """Give such clients of another tenant."""
    return _makes_applications(where, runner, FABRIKAM)


@pytest.fixture
def as_user(where: Where, runner: asyncio.Runner) -> Callable[..., Graph]:
    """Give clients for users, through a client application that holds these scopes."""
    embedded = _embedded(where)

    def make(name: str, *scopes: str) -> Graph:
        return _in_process(where, runner, embedded, embedded.user_caller(name, scopes))

    return make


@pytest.fixture
def emulated(graph: Graph, where: Where) -> Graph:
    """Give a client for what a real tenant cannot be made to do: faults, lag, time."""
    if where.live:
        pytest.skip("steers the emulator: not against a real tenant")
    return graph


def _embedded(where: Where) -> Embedded:
    if where.embedded is None:
        pytest.skip("needs callers of every kind: the embedded emulator makes them")
    return where.embedded


def _client(where: Where, runner: asyncio.Runner) -> Graph:
    if where.embedded is not None:
        return _in_process(where, runner, where.embedded, where.embedded.app_caller(ADMIN_APP_ID))
    base = where.url or EMULATED
    verify = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE")) if where.url else True
    http = httpx.AsyncClient(base_url=base, verify=verify, timeout=120)
    if where.live and "GRAPH_TOKEN" not in os.environ:
        pytest.fail("--live needs an access token for Graph in GRAPH_TOKEN")
    token = os.environ["GRAPH_TOKEN"] if where.live else runner.run(_emulator_token(http))
    http.headers["Authorization"] = f"Bearer {token}"
    where.clients.append(http)
    return Graph(http, runner, fresh=not where.live)


def _makes_applications(where: Where, runner: asyncio.Runner, tenant_id: str) -> Callable[..., Graph]:
    embedded = _embedded(where)

    def make(*permissions: str) -> Graph:
        deployer = embedded.app_caller(tenant_id=tenant_id)
        caller = Caller("app", deployer.tid, deployer.oid, deployer.appid, roles=frozenset(permissions))
        return _in_process(where, runner, embedded, caller)

    return make


def _in_process(where: Where, runner: asyncio.Runner, embedded: Embedded, caller: Caller) -> Graph:
    http = embedded.client(caller)
    http.base_url = httpx.URL(EMULATED)
    where.clients.append(http)
    return Graph(http, runner, fresh=True)


async def _emulator_token(http: httpx.AsyncClient) -> str:
    form = {"grant_type": "client_credentials", "client_id": ADMIN_APP_ID, "client_secret": ADMIN_SECRET}
    form["scope"] = "https://graph.microsoft.com/.default"
    response = await http.post(f"/{CONTOSO}/oauth2/v2.0/token", data=form)
    response.raise_for_status()
    return str(response.json()["access_token"])
