"""A tenant whose sign-in half names signing keys as Entra's public cloud does, for `settings --values`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from entra_config.cli.demo.story import session
from entra_emulator.embedded import Embedded
from entra_emulator.seed import CONTOSO
from tests.unit.cli.ran import Run

VALUES = ("settings", "-e", "dev", "--values")


class WithDiscovery(httpx.AsyncBaseTransport):
    """A tenant whose sign-in half answers what Entra's public cloud does, or what somebody put in its
    place.
    """

    def __init__(self, tenant: Embedded, keys: str) -> None:
        self._graph, self._keys = tenant.transport(), keys

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer discovery, and pass all else on."""
        if request.url.host != "login.microsoftonline.com":
            return await self._graph.handle_async_request(request)
        version = "/v2.0" if "/v2.0/" in request.url.path else ""
        assert request.url.path == f"/{CONTOSO}{version}/.well-known/openid-configuration"
        issuer = (
            f"https://login.microsoftonline.com/{CONTOSO}/v2.0"
            if version
            else f"https://sts.windows.net/{CONTOSO}/"
        )
        return httpx.Response(200, json={"issuer": issuer, "jwks_uri": self._keys}, request=request)


@contextmanager
def signing_with(
    run: Run, tenant: Embedded, keys: str = f"https://login.microsoftonline.com/{CONTOSO}/discovery/v2.0/keys"
) -> Iterator[None]:
    """Let discovery name these keys."""
    with run.signed_in(dataclasses.replace(session(tenant), transport=WithDiscovery(tenant, keys))):
        yield
