"""A walk through a recording of azure-cli or Terraform: requests in, asserted statuses and bodies out."""

from typing import Any

from tests.conformance.graph_client import Graph


class Session:
    """Walks through a recording, binding ids as they come."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.app: dict[str, Any] = {}

    def expect(self, status: int, method: str, path: str, body: Any = None) -> Any:
        """Send one request and assert its status; give the body."""
        response = self.graph.send(method, path, body)
        assert response.status_code == status, f"{method} {path}: {response.text}"
        return response.json() if response.content else None

    def create(self, **body: Any) -> dict[str, Any]:
        """Create the session's application, as azure-cli does: by a search for its name first."""
        found = self.expect(
            200, "GET", f"/applications?$filter=startswith(displayName,'{body['displayName']}')"
        )
        assert found["value"] == []
        self.app = self.expect(201, "POST", "/applications", body)
        return self.app

    def read_twice(self) -> dict[str, Any]:
        """Read the application by filter and by id: both agree."""
        by_filter = self.expect(200, "GET", f"/applications?$filter=appId eq '{self.app['appId']}'")["value"]
        by_id = self.expect(200, "GET", f"/applications/{self.app['id']}")
        assert by_filter == [{name: value for name, value in by_id.items() if name[0] != "@"}]
        return dict(by_filter[0])

    def remove(self) -> None:
        """Delete and purge the application."""
        self.expect(204, "DELETE", f"/applications/{self.app['id']}")
        self.expect(204, "DELETE", f"/directory/deletedItems/{self.app['id']}")
