"""The emulator steered: its faults, its clock, and what a tenant's administrators chose."""

from typing import Any

from tests.conformance.graph_client import Graph


def faults(graph: Graph, **plan: Any) -> None:
    """Set the emulator's faults."""
    response = graph.send("PUT", "/_emulator/faults", plan)
    assert response.status_code == 200, response.text


def wait(graph: Graph, seconds: float) -> None:
    """Move the emulator's clock."""
    assert graph.send("POST", "/_emulator/clock", {"advance": seconds}).status_code == 200


def choose(graph: Graph, **choices: Any) -> None:
    """Set choices of every tenant."""
    assert graph.send("PATCH", "/_emulator/choices", {"*": choices}).status_code == 200
