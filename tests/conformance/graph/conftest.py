"""What several tests of Graph begin with: who writes policies, a recording, a user."""

from collections.abc import Callable

import pytest

from tests.conformance.graph.recorded_session import Session
from tests.conformance.graph_client import Graph

Make = Callable[..., Graph]


@pytest.fixture
def admin(as_app: Make) -> Graph:
    """Give an application that may write policies and applications."""
    return as_app(
        "Policy.ReadWrite.ApplicationConfiguration",
        "Policy.ReadWrite.Authorization",
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "Directory.Read.All",
        "User.ReadWrite.All",
        "Group.ReadWrite.All",
    )


@pytest.fixture
def session(graph: Graph) -> Session:
    """Start a session."""
    return Session(graph)


@pytest.fixture
def alice(graph: Graph) -> str:
    """Give the path of a user."""
    return f"/users/{graph.get('/users/alice@contoso.com').json()['id']}"
