"""The example directory in this process, and requests that reach its Graph without HTTP."""

from __future__ import annotations

from typing import Any

from entra_emulator import seed
from entra_emulator.callers import Caller
from entra_emulator.clock import ManualClock
from entra_emulator.faults import Faults
from entra_emulator.graph.call import Call, CollectionResponse, HttpCall
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.reading import read_query
from entra_emulator.graph.routing import split
from entra_emulator.graph.service import GraphService
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

BASE = "https://graph.microsoft.com"
V1 = f"{BASE}/v1.0"
ADVANCED = {"consistencylevel": "eventual"}


class World:
    """The two tenants of the example at the same moment, with the same ids to come, for each test."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.faults = Faults()
        self.directory = seed.contoso(clock=self.clock, seed="test")
        self.service = GraphService(self.directory, clock=self.clock, faults=self.faults)

    @property
    def tenant(self) -> Tenant:
        """Return Contoso."""
        return self.directory.default

    @property
    def other(self) -> Tenant:
        """Return Fabrikam."""
        return self.directory.tenants[seed.FABRIKAM]

    def user(self, alias: str) -> Row:
        """Return a user of Contoso."""
        row = self.tenant.user_by_name(f"{alias}@contoso.com")
        assert row is not None
        return row

    def group(self, name: str) -> Row:
        """Return a group of Contoso."""
        row = self.tenant.one("groups", "displayName", name)
        assert row is not None
        return row

    def app(self, name: str, **properties: Any) -> Row:
        """Add an application to Contoso."""
        return seed.add_application(self.tenant, name, **properties)

    def principal(self, name: str, **properties: Any) -> Row:
        """Add an application with its service principal to Contoso, and return the latter."""
        return seed.add_service_principal(self.tenant, self.app(name, **properties))

    def as_app(
        self, *permissions: str, app_id: str = seed.ADMIN_APP_ID, tenant_id: str = seed.CONTOSO
    ) -> Caller:
        """Return an application of the directory with these permissions; all that there are without any."""
        tenant = self.directory.tenants[tenant_id]
        principal = tenant.service_principal_by_app_id(app_id)
        graph = tenant.service_principal_by_app_id(seed.GRAPH_APP_ID)
        assert principal is not None
        assert graph is not None
        roles = frozenset(permissions or (role["value"] for role in graph["appRoles"]))
        return Caller("app", tenant_id, principal["id"], app_id, roles=roles)

    def as_user(self, alias: str, *scopes: str, app_id: str = "", roles: str = "") -> Caller:
        """Return a user of Contoso through a client with these scopes, and with the directory roles named."""
        held = frozenset(filter(None, roles.split(", ")))
        oid = self.user(alias)["id"]
        return Caller("user", seed.CONTOSO, oid, app_id, frozenset(scopes), directory_roles=held)

    def call(
        self, method: str, target: str, body: Any = None, *, caller: Caller | None = None, **more: Any
    ) -> Call:
        """Return a request of the admin application, or of another caller, as collections see it."""
        path, _, query = target.partition("?")
        who = caller or self.as_app()
        values: dict[str, Any] = {"version": "v1.0", "headers": {}, "correlation_id": ""} | more
        return Call(
            graph=self.service,
            tenant=self.directory.tenants[who.tid],
            caller=who,
            method=method,
            segments=split(path.strip("/").split("/")),
            query=read_query(query),
            body=body,
            base_url=BASE,
            **values,
        )

    def send(self, method: str, target: str, body: Any = None, **more: Any) -> CollectionResponse:
        """Return the response to a request."""
        return self.service.run(self.call(method, target, body, **more))

    def get(self, target: str, **more: Any) -> CollectionResponse:
        """Return the response to a read."""
        return self.send("GET", target, **more)

    def short(self, method: str, target: str, body: Any = None, **more: Any) -> str:
        """Return the response to a request in one line."""
        return short(self.send(method, target, body, **more))


def short(response: CollectionResponse) -> str:
    """Return the status of a response, and of a refusal its code and message."""
    error = (response.body or {}).get("error")
    return f"{response.status} {error['code']}: {error['message']}" if error else str(response.status)


def refusal(error: ODataError) -> str:
    """Return a refusal as `short` does."""
    return f"{error.status} {error.code}: {error}"


def http(
    method: str = "GET", path: str = "/v1.0/users", body: bytes = b"", query: str = "", **headers: str
) -> HttpCall:
    """Return a request as it arrives; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpCall(method, path.strip("/").split("/"), query, named, body, BASE)


Change = tuple[str | None, str | None]
RecordedTarget = tuple[str, str, str | None, str | None, dict[str, Change]]


def records(world: World) -> list[tuple[str, str, str, str, list[RecordedTarget]]]:
    """Return what Contoso's audit log says: activity, operation, category, appId, and of each target its id,
    type, name, user and changes.
    """
    found = []
    for record in world.tenant.audit:
        targets = [
            (
                target["id"],
                target["type"],
                target["displayName"],
                target["userPrincipalName"],
                {
                    change["displayName"]: (change["oldValue"], change["newValue"])
                    for change in target["modifiedProperties"]
                },
            )
            for target in record["targetResources"]
        ]
        app_id = "".join(each["value"] for each in record["additionalDetails"] if each["key"] == "AppId")
        named = record["activityDisplayName"], record["operationType"], record["category"]
        found.append((*named, app_id, targets))
    return found
