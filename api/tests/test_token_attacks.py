"""The table of token attacks: each is refused, or survived, with the right status."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create
from api.auth.failures import UNPROVEN
from api.tests.conftest import V1, V2, settings
from api.tests.forgery import forge
from api.tests.issuer import Clock, KeyServer, jwk
from api.tests.token_attacks import CASES

ATTACKS = [case for case in CASES if case["status"] != 200]
UNPROVEN_REASONS = {"algorithm", "header", "malformed", "no_kid", "signature", "too_large", "unknown_kid"}
PUBLISHED = [jwk("one"), jwk("two")]


@pytest.fixture(scope="module")
def apis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TestClient]]:
    """Start one API per token version."""
    clock = Clock()
    clients = {}
    for version, values in {"v1": V1, "v2": V2}.items():
        server = KeyServer(list(PUBLISHED))
        app = create(
            settings(tmp_path_factory.mktemp(version), values),
            transport=server.transport(),
            now=clock,
            monotonic=clock,
            sleep=clock.sleep,
        )
        clients[version] = TestClient(app, raise_server_exceptions=False)
    with clients["v1"], clients["v2"]:
        yield clients


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_token(case: dict[str, Any], apis: dict[str, TestClient], caplog: pytest.LogCaptureFixture) -> None:
    """The answer has the status, says what it may, and neither it nor the log holds the token."""
    token = forge(case["token"])
    sent = [
        ("Authorization", text.replace("{token}", token).encode())
        for text in case.get("send", ["Bearer {token}"])
    ]
    with caplog.at_level(logging.DEBUG):
        response = apis[case.get("settings", "v2")].get(case.get("path", "/me"), headers=sent)
    assert response.status_code == case["status"], response.text
    assert [vars(line)["reason"] for line in caplog.records if line.getMessage() == "token refused"] == (
        [case["reason"]] if "reason" in case else []
    )
    seen = "\n".join(
        [
            response.text,
            str(response.headers),
            *(json.dumps(vars(line), default=str) for line in caplog.records),
        ]
    )
    for segment in token.split("."):
        assert len(segment) < 16 or segment not in seen
    if case["status"] != 200:
        _is_problem(case, response)


def _is_problem(case: dict[str, Any], response: Any) -> None:
    problem = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == case["status"]
    assert problem["correlationId"] == response.headers["X-Correlation-ID"]
    error = {400: "invalid_request", 401: "invalid_token", 403: "insufficient_scope"}[case["status"]]
    named = f'error="{error}"' in response.headers["WWW-Authenticate"]
    assert named == (case["status"] != 401 or "reason" in case), "no token, no error code (RFC 6750)"
    if case.get("reason") in UNPROVEN_REASONS:
        assert problem["detail"] == UNPROVEN, "who proves nothing learns nothing"
    if "says" in case:
        assert case["says"] in problem["detail"]


def test_the_table_is_long_and_each_name_is_one() -> None:
    """There are at least 60 attacks, no two of one name."""
    names = [case["name"] for case in CASES]
    assert len(ATTACKS) >= 60
    assert len(set(names)) == len(names)
