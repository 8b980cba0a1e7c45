"""Print which secrets and certificates end soon, and whose they are: your own check on entra-config's
connection to Graph.

    pip install 'entra-config[sdk] @ git+https://github.com/OWNER/entra-config@TAG'
    python examples/expiring_credentials.py [DAYS] # 30 without a number; exit code 2 where something ends by
    then

Cloud and sign-in are entra-config's: ENTRA_CONFIG_CLOUD, `az login`, AZURE_CLIENT_ID and so on. It reads, and
writes nothing.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta

from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.models.application import Application

from entra_config.cli.emulator_running import find_endpoint
from entra_config.graph.connect import connect

READ = ApplicationsRequestBuilder.ApplicationsRequestBuilderGetQueryParameters(
    select=["displayName", "appId", "passwordCredentials", "keyCredentials"], expand=["owners"], top=100
)


async def applications(client: GraphServiceClient) -> list[Application]:
    """Return all applications of the tenant, page by page."""
    found: list[Application] = []
    page = await client.applications.get(RequestConfiguration(query_parameters=READ))
    while page:
        found += page.value or []
        page = (
            await client.applications.with_url(page.odata_next_link).get() if page.odata_next_link else None
        )
    return found


def ending(application: Application, until: datetime) -> list[str]:
    """Return a line for each credential of an application that ends before `until`."""
    owners = (
        ", ".join(str(getattr(owner, "display_name", None) or owner.id) for owner in application.owners or [])
        or "nobody"
    )
    whose = f"of {application.display_name}, owned by {owners}"
    credentials = [("secret", each) for each in application.password_credentials or []]
    credentials += [("certificate", each) for each in application.key_credentials or []]
    return [
        f"{each.end_date_time:%Y-%m-%d}  {kind} {each.display_name or each.key_id} {whose}"
        for kind, each in credentials
        if each.end_date_time and each.end_date_time < until
    ]


async def main(days: int) -> int:
    """Print the lines, first the one that ends first; return the exit code."""
    until = datetime.now(UTC) + timedelta(days=days)
    cloud = os.environ.get("ENTRA_CONFIG_CLOUD", "global")
    emulator = find_endpoint() if cloud == "emulator" else None
    async with await connect(cloud, emulator=emulator) as graph:
        lines = [line for each in await applications(graph.service_client()) for line in ending(each, until)]
        print("\n".join(sorted(lines)) or f"Nothing ends within {days} days.")
        print(f"{graph.usage.requests} requests, signed in to {graph.tenant_id}", file=sys.stderr)
    return 2 if lines else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)))
