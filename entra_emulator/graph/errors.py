"""Graph's refusals: a status, a code and a message in, the error body that Graph writes out."""

from datetime import datetime
from typing import Any


class ODataError(Exception):
    """A refusal as Graph answers it."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: list[dict[str, Any]] | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers

    def body(self, now: datetime, request_id: str, client_request_id: str = "") -> dict[str, Any]:
        """Write the body; the date inside has neither fraction nor Z (azure-cli recordings)."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.details is not None:
            error["details"] = self.details
        error["innerError"] = {
            "date": now.strftime("%Y-%m-%dT%H:%M:%S"),
            "request-id": request_id,
        }
        if client_request_id:
            error["innerError"]["client-request-id"] = client_request_id
        return {"error": error}


def bad_request(message: str, code: str = "Request_BadRequest", **more: Any) -> ODataError:
    """Refuse with 400; most failures of application management share one code."""
    return ODataError(400, code, message, **more)


def not_json() -> ODataError:
    """Refuse a body of another type (microsoftgraph/msgraph-sample-pythondjangoapp#22)."""
    return bad_request("Entity only allows writes with a JSON Content-Type header.", "BadRequest")


def not_found(object_id: str) -> ODataError:
    """Refuse an id that names nothing."""
    text = (
        f"Resource '{object_id}' does not exist or one of its queried reference-property objects are not "
        "present."
    )
    return ODataError(404, "Request_ResourceNotFound", text)


def denied(message: str = "Insufficient privileges to complete the operation.") -> ODataError:
    """Refuse for want of a permission."""
    return ODataError(403, "Authorization_RequestDenied", message)


def invalid_value(name: str, resource: str) -> ODataError:
    """Refuse a value; for complex types Graph names the outer property only."""
    return bad_request(f"Invalid value specified for property '{name}' of resource '{resource}'.")


def missing_value(name: str, resource: str) -> ODataError:
    """Refuse a body without a required property."""
    return bad_request(f"A value is required for property '{name}' of resource '{resource}'.")


def duplicate_values() -> ODataError:
    """Refuse doubles inside one property."""
    return bad_request("Request contains a property with duplicate values.")


def taken(name: str) -> ODataError:
    """Refuse a value that another object holds, a soft-deleted one included: 400, not 409 (omadia#916)."""
    text = f"Another object with the same value for property {name} already exists."
    return bad_request(text, details=[object_conflict(text)])


def object_conflict(message: str) -> dict[str, str]:
    """Write the detail that comes with conflicts."""
    return {
        "code": "ObjectConflict",
        "message": message,
        "target": "None",
        "blockedWord": "",
        "prefix": "",
        "suffix": "",
    }


def unsupported_query(message: str) -> ODataError:
    """Refuse a query that the directory does not serve."""
    return bad_request(message, "Request_UnsupportedQuery")


def reference_exists(name: str) -> ODataError:
    """Refuse a link that is there already."""
    return bad_request(
        f"One or more added object references already exist for the following modified properties: '{name}'."
    )


def reference_missing(name: str) -> ODataError:
    """Refuse to remove a link that is not there."""
    return bad_request(
        f"One or more removed object references do not exist for the following modified properties: '{name}'."
    )


def enabled_entitlement() -> ODataError:
    """Refuse to change or drop a live permission (microsoft-365-agents-toolkit PR#9420: no details)."""
    text = "Permission (scope or role) cannot be deleted or updated unless disabled first."
    return bad_request(text, "CannotDeleteOrUpdateEnabledEntitlement")


def invalid_reference() -> ODataError:
    """Refuse a reference to what is not (yet) there."""
    return bad_request("Not a valid reference update.")


def no_segment(name: str) -> ODataError:
    """Refuse a path that the service does not have."""
    return bad_request(f"Resource not found for the segment '{name}'.", "BadRequest")


def not_allowed() -> ODataError:
    """Refuse a method."""
    return ODataError(
        405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."
    )
