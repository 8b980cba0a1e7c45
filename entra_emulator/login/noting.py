"""What a sign-in request is about, noted by whoever learns it first; the facts for the traffic, out."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from entra_emulator.login.errors import LoginError, TraceIds
from entra_emulator.traffic import SignInFacts

_CURRENT: ContextVar[SignInFacts | None] = ContextVar("sign-in request", default=None)


@contextmanager
def collecting() -> Iterator[SignInFacts]:
    """Collect the facts of one request, until the block ends."""
    facts = SignInFacts()
    before = _CURRENT.set(facts)
    try:
        yield facts
    finally:
        _CURRENT.reset(before)


def note(*, client_id: str = "", person_id: str = "", scope: str = "") -> None:
    """Keep what the request is about; what was noted before stays."""
    facts = _CURRENT.get()
    if facts is not None:
        facts.client_id = facts.client_id or client_id
        facts.person_id = facts.person_id or person_id
        facts.scope = facts.scope or scope


def note_refusal(error: LoginError, trace: TraceIds | None = None) -> None:
    """Keep the refusal that the answer shows, with the ids that it names."""
    facts = _CURRENT.get()
    if facts is not None:
        facts.code, facts.text = error.code, error.text
        if trace is not None:
            facts.request_id, facts.correlation_id = trace.trace_id, trace.correlation_id
