"""A role or scope that Graph does not let change while it is enabled: disabled, changed, enabled, one request after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from entra_config.errors import GraphError
from entra_config.graph import errors
from entra_config.graph.catalogue import Meaning
from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.graph.retry import REPLICATION

_PASSES = frozenset({Meaning.ENABLED, Meaning.REPLICATING, Meaning.ARRIVING})


async def take(
    requests: Iterable[Request],
    graph: Graph,
    *,
    sleep: Callable[[float], Awaitable[None]],
    jitter: Callable[[], float],
    waiting: Callable[[str, float], None],
) -> GraphError | None:
    """Send all requests in order; return the refusal that ended it, if one did.

    A refusal because it is still enabled comes of a replica that has not seen the first request: it passes.
    """
    waited, attempt = 0.0, 0
    for request in requests:
        while True:
            (answer,) = await graph.send([request])
            rule = errors.classify(request, answer)
            if rule is None:
                break
            if rule.meaning not in _PASSES or REPLICATION.exhausted(waited):
                return errors.refusal(request, answer)
            attempt += 1
            seconds = REPLICATION.seconds(attempt, jitter())
            waiting(rule.name, seconds)
            await sleep(seconds)
            waited += seconds
    return None
