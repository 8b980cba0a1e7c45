"""Microsoft's own APIs and clients by the names that the portal shows, with their appIds."""

from __future__ import annotations

# The appIds are the same in every tenant of every cloud.
APIS: dict[str, str] = {
    "Azure DevOps": "499b84ac-1321-427f-aa17-267ca6975798",
    "Azure Key Vault": "cfa8b339-82a2-471a-a3c9-0fc0be7a4093",
    "Azure Service Management": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
    "Azure SQL Database": "022907d3-0f1b-48f7-badc-1ba6abab6d66",
    "Azure Storage": "e406a681-f3d4-42a8-90b6-c2b029497af1",
    "Microsoft Graph": "00000003-0000-0000-c000-000000000000",
    "Office 365 Exchange Online": "00000002-0000-0ff1-ce00-000000000000",
    "Office 365 Management APIs": "c5393580-f805-4401-95e8-94b7a6ef2fc2",
    "Office 365 SharePoint Online": "00000003-0000-0ff1-ce00-000000000000",
    "Power BI Service": "00000009-0000-0000-c000-000000000000",
    "Windows Azure Active Directory": "00000002-0000-0000-c000-000000000000",
}
CLIENTS: dict[str, str] = {
    "Microsoft Azure CLI": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "Microsoft Azure PowerShell": "1950a258-227b-4e31-a9cf-717495945fc2",
    "Visual Studio Code": "aebc6443-996d-45c2-90f0-388ff96faa56",
    "Microsoft Teams": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
    "Microsoft Teams Web Client": "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",
}
OPENID_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
