"""The size of a directory in; the CPU of one list, filter or page of it, beside a directory of 100
applications, out.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Iterator
from typing import Any

import httpx

from entra_emulator.api import Embedded
from entra_emulator.generated import generate

SMALL = (100, 1000)
ROUNDS = 60
OF_THE_LAST = 2  # the application whose rows are asked for, from the end
ADVANCED = {"ConsistencyLevel": "eventual"}
HEAD = "| read | ms with {small} applications | ms with {large} | ratio |\n|---|---:|---:|---:|"


def directory_costs(size: tuple[int, int]) -> Iterator[str]:
    """Yield a table of the median CPU milliseconds of each read on a small and on a large directory."""
    small, large = (asyncio.run(_costs(chosen)) for chosen in (SMALL, size))
    yield f"CPU of one read in process, client included, median of {ROUNDS}.\n"
    yield HEAD.format(small=SMALL[0], large=size[0])
    for name in small:
        yield f"| {name} | {small[name]:.2f} | {large[name]:.2f} | {large[name] / small[name]:.2f} |"


async def _costs(size: tuple[int, int]) -> dict[str, float]:
    embedded = Embedded.create(generate(*size))
    gc.collect()
    gc.freeze()
    found: dict[str, float] = {}
    async with embedded.client() as client:
        for name, path in (await _reads(embedded, client, size)).items():
            headers = ADVANCED if "$count" in path or "$orderby" in path or "$search" in path else {}
            found[name] = await _median(client, path, headers)
    gc.unfreeze()
    return found


async def _reads(embedded: Embedded, client: httpx.AsyncClient, size: tuple[int, int]) -> dict[str, str]:
    tenant, number = embedded.directory.default, size[0] - OF_THE_LAST
    app: Any = tenant.one("applications", "uniqueName", f"generated.prod.app{number}")
    principal: Any = tenant.service_principal_by_app_id(app["appId"])
    user: Any = tenant.user_by_name("user00007@contoso.com")
    second = (await client.get("/applications?$top=20")).json()["@odata.nextLink"]
    return {
        "list, 100 a page": "/applications?$top=100",
        "next page": second,
        "by appId": f"/applications?$filter=appId eq '{app['appId']}'",
        "by tag (one key)": f"/applications?$filter=tags/any(t:t eq 'example:key=app{number}')",
        "by displayName": f"/applications?$filter=displayName eq '{app['displayName']}'",
        "by displayName, starts with": (
            f"/applications?$filter=startswith(displayName,'{app['displayName']}')"
        ),
        "by uniqueName": f"/applications(uniqueName='{app['uniqueName']}')",
        "service principal by appId": f"/servicePrincipals?$filter=appId eq '{app['appId']}'",
        "assignments of a resource": f"/servicePrincipals/{principal['id']}/appRoleAssignedTo?$top=5",
        "assignments of a principal": f"/users/{user['id']}/appRoleAssignments?$top=1",
        "list, counted": "/applications?$count=true&$top=20",
        "list, sorted by displayName": "/applications?$orderby=displayName&$count=true&$top=20",
        "search by displayName": f'/applications?$search="displayName:{app["displayName"].split()[1]}"',
    }


async def _median(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> float:
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        response = await client.get(path, headers=headers)
        spent.append((time.process_time_ns() - start) / 1e6)
        if not response.is_success or ("value" in response.json() and not response.json()["value"]):
            raise SystemExit(
                f"bench: {path}: {response.status_code} {response.text[:200]}; the figures would mean nothing"
            )
    return statistics.median(spent)
