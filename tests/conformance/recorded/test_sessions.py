"""azure-cli's recorded sessions get the answers that Graph gave them."""

from collections.abc import Callable

import pytest

from entra_emulator.clock import NEWEST
from tests.conformance.conftest import Where
from tests.conformance.graph_client import Graph
from tests.conformance.recorded.sessions import Session, not_compared, read_sessions
from tests.conformance.recorded.table import SESSIONS_DIFFER

SESSIONS = read_sessions()


@pytest.mark.parametrize("name", SESSIONS)
def test_session(
    name: str, graph: Graph, where: Where, as_user: Callable[..., Graph], as_app: Callable[..., Graph]
) -> None:
    """Each answer is the recorded one, as of its month."""
    assert where.embedded is not None
    directory = where.embedded.directory
    session = Session(directory.default, graph, as_user, as_app)
    differ = {}
    for number, exchange in enumerate(SESSIONS[name], 1):
        directory.month = exchange["date"] or NEWEST
        found = session.replay(number, exchange)
        if found:
            differ[f"{name} {number}"] = found
    assert differ == {
        key: listed["how"] for key, listed in SESSIONS_DIFFER.items() if key.startswith(f"{name} ")
    }


def test_list_names_requests() -> None:
    """Each listed request exists and has a reason; the rest of the file is compared."""
    known = {f"{name} {number}" for name in SESSIONS for number in range(1, len(SESSIONS[name]) + 1)}
    assert SESSIONS_DIFFER.keys() <= known
    assert all(listed["why"] and listed["how"] for listed in SESSIONS_DIFFER.values())
    exchanges = [exchange for session in SESSIONS.values() for exchange in session]
    assert (len(SESSIONS), len(exchanges), sum(map(not_compared, exchanges))) == (97, 767, 3)
