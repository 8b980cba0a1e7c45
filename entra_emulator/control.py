"""The control endpoints under /_emulator: reset, snapshots, faults, choices of tenants, clock, requests and
state, as JSON.
"""

import hmac
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from entra_emulator import plain
from entra_emulator.clock import Clock, ManualClock, SystemClock, fine_stamp, seconds_stamp
from entra_emulator.directory import Tenants
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.faults import Faults
from entra_emulator.graph.call import HttpCall, HttpReply
from entra_emulator.graph.description import describe
from entra_emulator.graph.reading import LARGEST
from entra_emulator.graph.routes import ROUTER
from entra_emulator.hosts import is_loopback
from entra_emulator.labels import Labels
from entra_emulator.request_log import RequestLog
from entra_emulator.snapshots import requests
from entra_emulator.snapshots.named import NOW, SnapshotError, Snapshots
from entra_emulator.state import runs

_WITH_BODY = {
    ("PUT", "faults"),
    ("PATCH", "choices"),
    ("POST", "clock"),
    ("PUT", "requests"),
    ("POST", "snapshots"),
    ("POST", "save"),
    ("PUT", "labels"),
    ("POST", "prove"),
    ("POST", "stop"),
}
# Tokens, certificates and secrets end some years later still, and the calendar in 9999.
_END = datetime(2200, 1, 1, tzinfo=UTC)


class Control:
    """Serves the emulator's own endpoints; they act on what the app was made with."""

    def __init__(
        self,
        directory: Tenants,
        *,
        clock: Clock,
        faults: Faults,
        requests: RequestLog,
        snapshots: Snapshots,
        labels: Labels,
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._faults = faults
        self._requests = requests
        self._snapshots = snapshots
        self._labels = labels
        # What writes a snapshot into the state folder; in process there is none.
        self.hand_over: Callable[[Tenants], None] | None = None
        self._secret = ""
        self._end: Callable[[], None] | None = None

    def let_clients_stop(self, secret: str, end: Callable[[], None]) -> None:
        """Prove to clients that this server knows `secret`, and call `end` for one that knows it too."""
        self._secret, self._end = secret, end

    def endpoints(self, query: str = "") -> dict[tuple[str, str], Callable[[dict[str, Any]], HttpReply]]:
        """Return what answers, by method and the name behind `/_emulator/`."""
        return {
            ("GET", "health"): self._health,
            ("POST", "prove"): self._prove,
            ("POST", "stop"): self._stop,
            ("POST", "reset"): self._reset,
            ("GET", "snapshots"): self._list_snapshots,
            ("POST", "snapshots"): self._act_on_snapshots,
            ("POST", "save"): self._save,
            ("GET", "labels"): lambda _: _reply(200, self._labels.describe()),
            ("PUT", "labels"): self._write_labels,
            ("DELETE", "labels"): self._clear_labels,
            ("GET", "diff"): lambda _: _reply(200, requests.compared(self._snapshots, query)),
            ("GET", "faults"): self._read_faults,
            ("PUT", "faults"): self._write_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "choices"): self._read_choices,
            ("PATCH", "choices"): self._write_choices,
            ("GET", "clock"): self._read_clock,
            ("POST", "clock"): self._advance_clock,
            ("GET", "requests"): self._read_requests,
            ("PUT", "requests"): self._resize_requests,
            ("DELETE", "requests"): self._clear_requests,
            ("GET", "state"): self._state,
            ("GET", "openapi.json"): self._description,
        }

    async def serve(self, call: HttpCall) -> HttpReply:
        """Answer one control request."""
        if reason := _refusal(call):
            return _reply(403, {"error": reason})
        name = call.segments[1] if len(call.segments) == 2 else ""
        handler = self.endpoints(call.query).get((call.method, name))
        if handler is None:
            return _reply(404, {"error": f"no such endpoint: {call.method} /{'/'.join(call.segments)}"})
        try:
            if len(call.body) > LARGEST:
                return _reply(413, {"error": f"a body has at most {LARGEST} bytes"})
            body = json.loads(call.body) if call.body else {}
            if not isinstance(body, dict):
                return _reply(400, {"error": "the body must be a JSON object"})
            if body and (call.method, name) not in _WITH_BODY:
                return _reply(400, {"error": f"{call.method} /{'/'.join(call.segments)} takes no body"})
            return handler(body)
        except (ValueError, TypeError) as error:
            return _reply(400, {"error": str(error)})

    def _health(self, _: dict[str, Any]) -> HttpReply:
        return _reply(200, {"emulator": "entra-emulator", "tenants": list(self._directory.tenants)})

    def _prove(self, body: dict[str, Any]) -> HttpReply:
        _only("nonce", body)
        if not self._secret:
            return _reply(409, {"error": "this emulator has no state folder"})
        return _reply(200, {"proof": runs.prove(self._secret, str(body.get("nonce")))})

    def _stop(self, body: dict[str, Any]) -> HttpReply:
        _only("proof", body)
        expected = runs.prove_stop(self._secret).encode()
        if self._end is None or not hmac.compare_digest(str(body.get("proof")).encode(), expected):
            return _reply(403, {"error": "only the user who started this emulator can stop it"})
        self._end()
        return _reply(200, {})

    def _reset(self, _: dict[str, Any]) -> HttpReply:
        self._snapshots.reset()
        self._faults.set(FaultPlan())
        self._requests.clear()
        return HttpReply(204, [], b"")

    def _list_snapshots(self, _: dict[str, Any]) -> HttpReply:
        return _reply(200, requests.listed(self._snapshots))

    def _act_on_snapshots(self, body: dict[str, Any]) -> HttpReply:
        return _reply(200, requests.act(self._snapshots, body))

    def _write_labels(self, body: dict[str, Any]) -> HttpReply:
        applied = self._labels.put(body, self._directory.tenants, seconds_stamp(self._clock.now()))
        if applied is not None:
            # If there are as many snapshots as there may be, those stay, and there is none of this apply.
            with suppress(SnapshotError):
                self._snapshots.save(applied.snapshot)
        return _reply(200, self._labels.describe())

    def _clear_labels(self, _: dict[str, Any]) -> HttpReply:
        self._labels.clear()
        return HttpReply(204, [], b"")

    def _save(self, body: dict[str, Any]) -> HttpReply:
        # The hashes of secrets do not go over the wire: whoever may read the folder finds them there.
        _only("snapshot", body)
        if self.hand_over is None:
            return _reply(409, {"error": "this emulator has no state folder"})
        name = body.get("snapshot", NOW)
        self.hand_over(self._snapshots.directory(name if isinstance(name, str) else repr(name)))
        return HttpReply(204, [], b"")

    def _read_faults(self, _: dict[str, Any]) -> HttpReply:
        return _reply(200, self._faults.describe())

    def _write_faults(self, body: dict[str, Any]) -> HttpReply:
        self._faults.set(FaultPlan.from_data(body))
        return self._read_faults({})

    def _clear_faults(self, _: dict[str, Any]) -> HttpReply:
        self._faults.set(FaultPlan())
        return HttpReply(204, [], b"")

    def _read_choices(self, _: dict[str, Any]) -> HttpReply:
        return _reply(
            200, {tenant.tenant_id: tenant.choices.describe() for tenant in self._directory.tenants.values()}
        )

    def _write_choices(self, body: dict[str, Any]) -> HttpReply:
        self._directory.choose(body)
        return self._read_choices({})

    def _read_clock(self, _: dict[str, Any]) -> HttpReply:
        return _reply(200, {"now": fine_stamp(self._clock.now())})

    def _advance_clock(self, body: dict[str, Any]) -> HttpReply:
        if not isinstance(self._clock, SystemClock | ManualClock):
            return _reply(409, {"error": "this clock cannot be moved"})
        _only("advance", body)
        seconds: Any = body.get("advance")
        if not plain.is_number(seconds):
            return _reply(
                400, {"error": f"the clock goes forward by 0 to {plain.MOST:.0f} seconds, not {seconds!r}"}
            )
        if self._clock.now() + timedelta(seconds=seconds) > _END:
            return _reply(400, {"error": f"the clock goes no further than {_END:%Y}"})
        self._clock.advance(seconds)
        return self._read_clock({})

    def _read_requests(self, _: dict[str, Any]) -> HttpReply:
        return _reply(
            200, {"total": self._requests.total, "size": self._requests.size, "value": list(self._requests)}
        )

    def _resize_requests(self, body: dict[str, Any]) -> HttpReply:
        _only("size", body)
        self._requests.resize(body.get("size", -1))
        return self._read_requests({})

    def _clear_requests(self, _: dict[str, Any]) -> HttpReply:
        self._requests.clear()
        return HttpReply(204, [], b"")

    def _description(self, _: dict[str, Any]) -> HttpReply:
        return _reply(200, describe(ROUTER))

    def _state(self, _: dict[str, Any]) -> HttpReply:
        state = self._directory.dump()
        for tenant in state["tenants"]:
            # Neither hashes of secrets nor live sessions leave the emulator.
            del tenant["secrets"], tenant["signIn"]
        return _reply(200, state)


def _refusal(call: HttpCall) -> str:
    """Return why a page that sent this must not steer the emulator, or nothing; programs send neither."""
    origin, site = call.headers.get("origin"), call.headers.get("sec-fetch-site")
    # A name that was bound to this machine is the same origin to its page, and no loopback name.
    own = origin == call.base_url and is_loopback(urlsplit(call.base_url).hostname or "")
    if origin is not None and not own:
        return f"requests from {origin} are not accepted"
    if site not in (None, "same-origin", "none"):
        return f"requests of pages that are {site} are not accepted"
    return ""


def _only(name: str, body: dict[str, Any]) -> None:
    if strange := set(body) - {name}:
        message = f"no such name: {', '.join(sorted(strange))}; known: {name}"
        raise ValueError(message)


def _reply(status: int, body: dict[str, Any]) -> HttpReply:
    return HttpReply(status, [("Content-Type", "application/json")], json.dumps(body).encode())
