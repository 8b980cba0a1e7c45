"""msgraph-sdk, unmodified, against the running emulator, signed in by azure-identity."""

import asyncio
from typing import Any

import httpx
import pytest
from azure.identity.aio import ClientSecretCredential
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph import GraphServiceClient
from msgraph.generated.models.application import Application
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core import GraphClientFactory

from entra_emulator import seed
from tests.clients.running import TENANT, Emulator

pytestmark = pytest.mark.clients


def test_the_life_of_an_application(emulator: Emulator) -> None:
    """The SDK creates, finds by unique name, changes and deletes an application, and reads errors as its
    own.
    """
    asyncio.run(_life(emulator))


async def _life(emulator: Emulator) -> None:
    credential = ClientSecretCredential(
        TENANT,
        seed.DEPLOYER_APP_ID,
        seed.DEPLOYER_SECRET,
        authority=emulator.origin,
        connection_verify=str(emulator.ca),
    )
    provider = AzureIdentityAuthenticationProvider(
        credential, scopes=["https://graph.microsoft.com/.default"], allowed_hosts=["localhost"]
    )
    http = GraphClientFactory.create_with_default_middleware(client=httpx.AsyncClient(verify=emulator.trust))
    adapter = GraphRequestAdapter(provider, client=http)
    adapter.base_url = f"{emulator.origin}/v1.0"
    async with credential:
        await _use(GraphServiceClient(request_adapter=adapter))


async def _use(graph: Any) -> None:
    created = await graph.applications.post(Application(display_name="By SDK", unique_name="by.sdk"))
    found = await graph.applications_with_unique_name("by.sdk").get()
    assert found.id == created.id
    await graph.applications.by_application_id(created.id).patch(Application(display_name="By SDK, renamed"))
    names = [app.display_name for app in (await graph.applications.get()).value]
    assert "By SDK, renamed" in names
    await graph.applications.by_application_id(created.id).delete()
    with pytest.raises(ODataError) as error:
        await graph.applications.by_application_id(created.id).get()
    assert error.value.response_status_code == 404
    assert error.value.error.code == "Request_ResourceNotFound"
