"""An AADSTS code and its details in; Entra's JSON, redirect parameters or page text out."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from entra_emulator.login.catalogue import CATALOGUE
from entra_emulator.login.entry import AadstsEntry


@dataclass(frozen=True)
class TraceIds:
    """What every refusal names: when, and the ids under which support would find it."""

    at: dt.datetime
    trace_id: str
    correlation_id: str

    @property
    def timestamp(self) -> str:
        """Print the time as Entra does in errors: seconds, a space, a Z."""
        return self.at.strftime("%Y-%m-%d %H:%M:%SZ")


class LoginError(Exception):
    """A refusal of the sign-in service."""

    def __init__(self, code: int, *, error: str | None = None, **details: str) -> None:
        """Refuse with AADSTS`code`; `error` replaces the catalogue's OAuth error.

        One code has several OAuth errors in Entra: 90002 is `invalid_tenant` at discovery and
        `invalid_request` at the token endpoint.
        """
        self.entry: AadstsEntry = CATALOGUE[code]
        self.code = code
        self.error = error or self.entry.error
        self.text = self.entry.text.format(**details)
        super().__init__(f"AADSTS{code}: {self.text}")

    @property
    def status(self) -> int:
        """Return the status at an endpoint that answers JSON: 401 for `invalid_client`."""
        return 401 if self.error == "invalid_client" else 400

    def description(self, trace: TraceIds) -> str:
        """Return `error_description`; single spaces between its parts since late 2023."""
        return (
            f"AADSTS{self.code}: {self.text} Trace ID: {trace.trace_id} "
            f"Correlation ID: {trace.correlation_id} Timestamp: {trace.timestamp}"
        )

    def body(self, trace: TraceIds, origin: str) -> dict[str, Any]:
        """Return the JSON body, its members in the recorded order."""
        body: dict[str, Any] = {
            "error": self.error,
            "error_description": self.description(trace),
            "error_codes": [self.code],
            "timestamp": trace.timestamp,
            "trace_id": trace.trace_id,
            "correlation_id": trace.correlation_id,
        }
        if self.entry.uri:
            body["error_uri"] = f"{origin}/error?code={self.code}"
        if self.entry.suberror:
            body["suberror"] = self.entry.suberror
        return body


@dataclass
class RedirectError(Exception):
    """A refusal that goes back to the client, since it and its redirect URI are good."""

    refusal: LoginError
    redirect_uri: str
    response_mode: str
    state: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    def parameters(self, trace: TraceIds, origin: str) -> dict[str, str]:
        """Return what the client reads from query, fragment or form."""
        parameters = {
            "error": self.refusal.error,
            "error_description": self.refusal.description(trace),
        }
        if self.refusal.entry.uri:
            parameters["error_uri"] = f"{origin}/error?code={self.refusal.code}"
        if self.refusal.entry.suberror:
            parameters["suberror"] = self.refusal.entry.suberror
        if self.state is not None:
            parameters["state"] = self.state
        return parameters | self.extra
