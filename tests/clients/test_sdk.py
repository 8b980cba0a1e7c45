"""`graph.service_client()`: Microsoft's typed client on this program's own sign-in, quotas, retries,
transport and emulator.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph import GraphServiceClient
from msgraph.generated.models.application import Application
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph_core import NationalClouds

from entra_config.errors import GraphError
from entra_config.graph import clouds
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.pacing import Quota, writes
from entra_config.graph.request import Response
from entra_config.graph.token import FixedToken, Identity
from entra_emulator.embedded import Embedded
from tests.clients.running import Emulator
from tests.unit.graph.doors import Clock, Door, error, graph
from tests.world import signed_in

pytestmark = pytest.mark.clients
ROOT = Path(__file__).parents[2]


def use(
    door: Door, script: Callable[[GraphServiceClient], Coroutine[Any, Any, None]], **options: Any
) -> Graph:
    """Run a script on the SDK's client of a Graph behind a door; return that Graph."""
    on = graph(door, **options)
    asyncio.run(script(on.service_client()))
    return on


def test_the_life_of_an_application_in_this_process() -> None:
    """Created, found by its name, changed, deleted, a refusal as the SDK's own error; each call is
    counted.
    """

    async def life() -> None:
        async with await signed_in(Embedded.create()) as on:
            client = on.service_client()
            created = await client.applications.post(Application(display_name="By SDK", unique_name="by.sdk"))
            assert created
            assert created.id
            await client.applications.by_application_id(created.id).patch(Application(display_name="Renamed"))
            found = await client.applications_with_unique_name("by.sdk").get()
            assert found
            assert (found.id, found.display_name) == (created.id, "Renamed")
            await client.applications.by_application_id(created.id).delete()
            with pytest.raises(ODataError) as refused:
                await client.applications.by_application_id(created.id).get()
            assert refused.value.response_status_code == 404
            assert on.usage.calls == on.usage.depth == 5

    asyncio.run(life())


def test_throttling_is_waited_for_as_graph_asks() -> None:
    """429 with Retry-After is this program's wait, not the SDK's."""
    responses = iter([error(429, "TooManyRequests", retry_after="7"), Response(200, {"value": []})])
    clock = Clock()

    async def script(client: GraphServiceClient) -> None:
        assert (await client.applications.get()).value == []

    use(Door(lambda _: next(responses)), script, clock=clock)
    assert clock.slept == [7.0]


@pytest.mark.parametrize(
    "response", [Response(0, {"error": {"message": "no response came: cable"}}), error(503, retry_after="1")]
)
def test_a_post_whose_answer_was_lost_is_not_repeated(response: Response) -> None:
    """The SDK's own middleware would send 503 again; here it is one call, and the caller is told."""
    door = Door(lambda _: response)

    async def script(client: GraphServiceClient) -> None:
        with pytest.raises((httpx.TransportError, ODataError)):
            await client.applications.post(Application(display_name="x"))

    use(door, script)
    assert [call.method for call in door.calls] == ["POST"]


def test_another_address_gets_no_request() -> None:
    """A link to another host is an error that names it; nothing is sent, so no token goes there."""
    door = Door(lambda _: Response(200, {}))

    async def script(client: GraphServiceClient) -> None:
        for url in ("https://evil.example/v1.0/users", "https://graph.microsoft.com/v1.0.evil.example/users"):
            with pytest.raises(GraphError, match=r"evil\.example"):
                await client.users.with_url(url).get()

    use(door, script)
    assert door.calls == []


def test_the_parts_of_the_sdk_s_batch_count_against_the_quotas() -> None:
    """Two writes in one batch of the SDK's own are two of the quota's."""
    door = Door(lambda _: Response(204))
    waits: list[tuple[str, float]] = []

    class Ear:
        def responded(self, event: object) -> None: ...

        def noted(self, text: str) -> None: ...

        def waiting(self, reason: str, seconds: float) -> None:
            waits.append((reason, seconds))

    async def script() -> None:
        on = graph(door, quotas=[Quota("writes", 2, 10.0, writes)])
        client = on.service_client()
        parts = [
            {"id": str(number), "method": "DELETE", "url": f"/applications/{number}"} for number in range(2)
        ]
        requested = RequestInformation(Method.POST, "{+baseurl}/$batch", {"baseurl": on.base_url})
        requested.set_stream_content(json.dumps({"requests": parts}).encode(), "application/json")
        with on.observed_by(Ear()):
            await client.request_adapter.send_no_response_content_async(requested, {})
            assert waits == []
            assert on.usage.requests == 2
            await client.applications.by_application_id("2").delete()
        assert [reason for reason, _ in waits] == ["the quota of writes"]

    asyncio.run(script())


def test_a_picture_goes_and_comes_as_it_is() -> None:
    """Bytes are not JSON: a logo is sent with its type, and what is downloaded is what is there."""
    picture = b"\x89PNG\r\n\x1a\n\x00\xff"
    sent: list[tuple[str, str, bytes]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append((request.method, request.headers["content-type"], request.content))
        return httpx.Response(200, content=picture, headers={"content-type": "image/png"})

    async def script() -> None:
        credential = FixedToken("t", Identity("tenant", "object", "client", "ci"))
        async with await connect(
            "global", credential=credential, transport=httpx.MockTransport(handler)
        ) as on:
            client = on.service_client()
            requested = RequestInformation(
                Method.PUT, client.applications.by_application_id("1").url_template + "/logo"
            )
            requested.path_parameters = {"baseurl": on.base_url, "application%2Did": "1"}
            requested.set_stream_content(picture, "image/png")
            assert (
                await on.service_client().request_adapter.send_primitive_async(requested, "bytes", {})
                == picture
            )

    asyncio.run(script())
    assert sent == [("PUT", "image/png", picture)]


def test_clouds_are_the_sdk_s() -> None:
    """Our table of clouds and msgraph_core's agree."""
    assert clouds.GLOBAL.graph == NationalClouds.Global.value
    assert clouds.USGOV.graph == NationalClouds.US_GOV.value
    assert clouds.CHINA.graph == NationalClouds.China.value


def test_the_example_runs_on_the_emulator(emulator: Emulator) -> None:
    """examples/expiring_credentials.py, as docs/scripts.md says: what ends is named with its owners, and
    nothing else.
    """
    app = emulator.register("Has a secret")
    soon = {"passwordCredential": {"displayName": "short", "endDateTime": "2026-12-20T00:00:00Z"}}
    emulator.graph.post(f"/applications/{app['id']}/addPassword", json=soon).raise_for_status()
    environ = os.environ | {
        "ENTRA_CONFIG_CLOUD": "emulator",
        "ENTRA_CONFIG_EMULATOR_STATE": str(emulator.ca.parent),
    }
    days = str(365 * 3)  # whenever this runs, that secret ends before, and the emulator's own in 2099 do not
    script = [sys.executable, "examples/expiring_credentials.py", days]
    ran = subprocess.run(
        script, cwd=ROOT, env=environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 2, ran.stderr
    assert "2026-12-20  secret short of Has a secret, owned by nobody" in ran.stdout.splitlines()
    assert all("of Emulator" not in line for line in ran.stdout.splitlines())
    assert "requests, signed in to" in ran.stderr


def test_the_page_shows_the_call_that_the_example_makes() -> None:
    """docs/scripts.md says what installs the extra, and its Python runs as it stands."""
    page = (ROOT / "docs/scripts.md").read_text(encoding="utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    requested: list[str] = []

    class Transport(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            requested.append(request.url.path)
            return httpx.Response(200, json={"value": [{"id": "1", "displayName": "MyApp API"}]})

    async def connected(cloud: str) -> Graph:  # a coroutine, as the real one
        assert cloud == "global"
        return await connect(
            cloud, credential=FixedToken("t", Identity("t", "o", "c", "")), transport=Transport()
        )

    lines: list[str] = []
    names = {"connect": connected, "print": lines.append}
    exec(code.replace("from entra_config.graph.connect import connect\n", ""), names)  # the page's own code
    assert requested == ["/v1.0/applications"]
    assert lines == ["MyApp API"]
    assert "pip install 'entra-config[sdk] @ git+https://" in page
