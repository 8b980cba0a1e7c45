"""The requests of a plan as they are shown: each with its step, its body and what it waits for."""

from __future__ import annotations

from entra_config.graph.request import Request
from entra_config.plan.steps import Phase, Step
from entra_config.report import requests
from entra_config.report.lines import format_lines

HEAD = "Requests, in the order of the plan; what does not wait for each other goes side by side:\n"


def test_each_request_is_shown_as_it_would_be_sent() -> None:
    """Keys in order, letters as they are; a request without a body has no line for it."""
    body = {"notes": "späte \x07", "displayName": "n"}
    steps = [
        Step("a/edit", (), Phase.EDIT, Request("PATCH", "/applications/1", body)),
        Step("b\x07/d", (), Phase.DELETE, Request("DELETE", "/x\x07"), needs=frozenset({"b/2", "a\x07/1"})),
        Step("c/add", (), Phase.CREATE, Request("POST", "/x", {})),
    ]
    assert format_lines(requests.lines(steps)) == (
        f"{HEAD}"
        "  PATCH /applications/1\n"
        "      step a/edit\n"
        '      {"displayName": "n", "notes": "späte \\u0007"}\n'
        "  DELETE /x\\u{7}\n"
        "      step b\\u{7}/d, after a\\u{7}/1, b/2\n"
        "  POST /x\n"
        "      step c/add\n"
        "      {}\n"
        "\n"
    )
    assert format_lines(requests.lines([])) == f"{HEAD}\n"
