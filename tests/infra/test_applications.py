"""What the stacks give the applications and read of them is what these take and write."""

from __future__ import annotations

import io
import json
import logging
import re
from contextlib import redirect_stdout
from types import SimpleNamespace as Namespace
from typing import Any

import pytest

from api import logs, problems
from api.auth.failures import AuthError, KeysUnavailableError, NoTokenError, Reason, TokenRefusedError
from api.settings import EntraSettings, ServerSettings
from tests.infra.alb_rules import environment
from tests.infra.templates import OPTIONS, ROOT, every, only, read

# Of `api/settings.py`, what the stack leaves to its default.
LEFT_OUT = {"OPENAPI_CLIENT_ID"}
OF_ALB = {"ALB_CLIENT_ID", "ALB_PAGE_URL"}


# As much of a request as an answer to a refusal looks at.
REQUEST: Any = Namespace(
    app=Namespace(
        state=Namespace(
            settings=Namespace(
                entra=Namespace(api_app_id_uri="api://x", alb_page_url="", cors_origins=("https://x",))
            )
        )
    ),
    url=Namespace(path="/me"),
)


def alarms() -> dict[str, Any]:
    """Return those of all stacks."""
    return every(read(), "AWS::CloudWatch::Alarm")


@pytest.mark.parametrize("option", OPTIONS)
def test_the_api_is_given_all_that_it_reads_and_nothing_else(option: str) -> None:
    """By the names of its settings; what it would not know stops its start."""
    names = environment(only(option)["services"]).keys()

    assert {name for name in names if not name.startswith("SERVER_")} == {
        name.upper() for name in EntraSettings.model_fields
    } - LEFT_OUT - (set() if option == "B" else OF_ALB)
    assert {name for name in names if name.startswith("SERVER_")} <= {
        f"SERVER_{name.upper()}" for name in ServerSettings.model_fields
    }


@pytest.mark.parametrize(
    ("error", "metrics"),
    [
        (TokenRefusedError(Reason.AUDIENCE), {"RefusedTokens"}),
        (KeysUnavailableError("k"), {"UnverifiedTokens"}),
        (NoTokenError(), set()),
    ],
)
def test_alarms_count_what_the_api_logs(error: AuthError, metrics: set[str]) -> None:
    """The filter of each metric matches the line that the API writes for it, and no other refusal's."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    written = io.StringIO()
    try:
        with redirect_stdout(written):
            logs.configure("INFO")
            problems._HANDLERS[type(error)](REQUEST, error)
    finally:
        root.handlers[:] = before
        root.setLevel(logging.WARNING)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    filters = only("D")["services"].every("AWS::Logs::MetricFilter").values()

    counted = {
        each["MetricTransformations"][0]["MetricName"]
        for each in filters
        for line in lines
        if _matches(each["FilterPattern"], line)
    }
    assert counted == metrics


def _matches(pattern: str, line: dict[str, Any]) -> bool:
    """Tell whether a CloudWatch pattern of JSON fields, all of which must be equal, matches a line."""
    inner = re.fullmatch(r"\{ (.+) \}", pattern)
    assert inner is not None
    parts = [re.fullmatch(r'\$\.(\w+) = "([^"]*)"', part) for part in inner[1].split(" && ")]
    assert all(parts)
    return all(part is not None and line.get(part[1]) == part[2] for part in parts)


def test_each_alarm_is_on_the_page_that_says_what_to_do() -> None:
    """By its name, and where an alarm names a part of the page, the page has it."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    parts = [
        part for each in alarms().values() for part in re.findall(r'"([^"]+)"', each["AlarmDescription"])
    ]

    assert set(re.findall(r"^\| `(\w+Alarm)` \|", page, re.MULTILINE)) == set(alarms())
    assert len(parts) == 6
    assert set(parts) <= set(re.findall(r"^#+ (.+)$", page, re.MULTILINE))
