"""Entra's own description of the tenant in, what in our settings contradicts it out: a warning at start."""

import json
import logging
from collections.abc import Awaitable, Callable

import httpx

from api.settings import EntraSettings

log = logging.getLogger("api.discovery")


async def compare(fetch: Callable[[], Awaitable[bytes]], settings: EntraSettings) -> None:
    """Warn if Entra names another issuer: then every token would be refused, each for a reason of its own.

    Settings written for v1 tokens while the application issues v2, or the
    reverse, look like this.
    """
    try:
        document = json.loads(await fetch())
        issuer = document["issuer"]
    except (httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError) as error:
        # Keys are what validation needs; without them the API is not ready anyway.
        log.warning("discovery document not read", extra={"error": str(error) or type(error).__name__})
        return
    if issuer != settings.issuer:
        log.error("settings contradict Entra", extra={"issuer": issuer, "expected": settings.issuer})
