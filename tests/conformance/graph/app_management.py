"""App management policies: where they stand, and the default one written."""

from typing import Any

from tests.conformance.graph_client import Graph

DEFAULT = "/policies/defaultAppManagementPolicy"
ON = {"state": "enabled"}


def restrict(graph: Graph, **restrictions: Any) -> None:
    """Restrict all applications and service principals."""
    of_principals = {
        name: value
        for name, value in restrictions.items()
        if name in {"passwordCredentials", "keyCredentials"}
    }
    body = {
        "isEnabled": True,
        "applicationRestrictions": restrictions,
        "servicePrincipalRestrictions": of_principals,
    }
    assert graph.patch(f"/beta{DEFAULT}", body).status_code == 204
