"""The audit records of an object, and their modified properties by name."""

from typing import Any

from tests.conformance.graph_client import Graph


def records(graph: Graph, object_id: str = "") -> list[dict[str, Any]]:
    """Give the audit records of an object, oldest first."""
    query = f"?$filter=targetResources/any(t:t/id eq '{object_id}')" if object_id else ""
    response = graph.get(f"/auditLogs/directoryAudits{query}")
    assert response.status_code == 200, response.text
    return list(response.json()["value"][::-1])


def properties(record: dict[str, Any], target: int = 0) -> dict[str, tuple[str | None, str | None]]:
    """Give the modified properties of a record by name."""
    items = record["targetResources"][target]["modifiedProperties"]
    return {item["displayName"]: (item["oldValue"], item["newValue"]) for item in items}
