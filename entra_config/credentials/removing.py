"""One credential that nobody needs in; taken away from the object that has it."""

from __future__ import annotations

from collections.abc import Callable

from entra_config.credentials.certificates import ApplicationCertificates
from entra_config.credentials.holding import Time
from entra_config.credentials.life import SecretKey
from entra_config.credentials.listing import ListedKey
from entra_config.credentials.tenant import ApplicationSecrets
from entra_config.errors import RefusedError, UsageError
from entra_config.graph.client import Graph
from entra_config.kinds.directory import Live


def check(found: ListedKey | None, key: str, key_id: str) -> None:
    """Refuse what is not there, what the manifest declares, and what a sink keeps."""
    if found is None:
        raise UsageError(f"{key} has no credential {key_id}")
    if found.type == "federated credential":
        raise RefusedError(
            f"{found.name} of {key} is a federated credential: the next apply takes away what is not declared"
        )
    if found.standing == "declared":
        raise RefusedError(f"{found.name} of {key} is declared: take it out of the manifest")
    if found.standing == "current":
        raise RefusedError(
            f"{key_id} of {key} is what its sink keeps ({found.place}): `credentials rotate {key}` "
            "makes the next one first"
        )


async def remove(graph: Graph, live: Live, one: ListedKey, time: Time, draw: Callable[[], str]) -> None:
    """Take it away."""
    segment, body = (
        ("servicePrincipals", live.subject.service_principal)
        if one.object == "servicePrincipal"
        else ("applications", live.subject.application)
    )
    assert body is not None
    place = str(body["id"]), str(body.get("appId")), time, segment
    registration = (
        ApplicationSecrets(graph, *place)
        if one.type == "secret"
        else ApplicationCertificates(graph, *place, draw=draw)
    )
    known = [SecretKey.read(entry) for entry in body.get(registration.collection) or ()]
    await registration.remove(one.key_id, known)
