"""The properties of a federated identity credential.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from typing import Any

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property
from entra_emulator.table import Row


def write_credentials(rows: list[Row]) -> list[Any]:
    """Write all federated credentials of an application as the audit log does."""
    return [
        {
            "Name": row["name"],
            "Issuer": row["issuer"],
            "Subject": row["subject"],
            "Id": row["id"],
            "Description": row["description"],
            "Audiences": row["audiences"],
            "ClaimsMatchingExpressionValue": (row.get("claimsMatchingExpression") or {}).get("value"),
            "ClaimsMatchingExpressionLanguageVersion": (row.get("claimsMatchingExpression") or {}).get(
                "languageVersion", 0
            ),
            "EncodingVersion": 2,
            "TrustedIssuer": None,
        }
        for row in rows
    ]


FEDERATED_CREDENTIAL = Entity(
    "federatedIdentityCredential",
    "FederatedIdentityCredential",
    "federatedIdentityCredentials",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("name", nullable=False, filter="eq startswith", key=True, upserts=True),
        Property("issuer", nullable=False, filter="eq startswith"),
        Property("subject", filter="eq startswith"),
        Property("description"),
        Property("audiences", "Collection(Edm.String)"),
        Property("claimsMatchingExpression", "federatedIdentityExpression", beta=True),
    ),
    read=permissions.APPLICATION_READ,
    create=permissions.APPLICATION_WRITE,
    update=permissions.APPLICATION_WRITE,
    delete=permissions.APPLICATION_WRITE,
    reads=("", "/*"),
    parent="applications",
    index="application",
)
