"""A plugin of pytest that writes the request and the response of each test as a file: `--record-to FOLDER`.

Every test of this run, whatever client it uses: httpx or Starlette's.
"""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import httpx
import pytest
from starlette.testclient import TestClient

from tests.golden.html_text import text_of
from tests.golden.masks import Masks
from tests.golden.running import file_name

# What the client, not the test, says; and lengths, which differ with what is masked.
_UNSHOWN = {"accept", "accept-encoding", "connection", "content-length", "host", "date"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--record-to", type=Path, help="write what each test sends and receives below this folder"
    )


@pytest.fixture(autouse=True)
def _recorded(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Write what the test sends and receives, in the order of the responses."""
    exchanges: list[str] = []
    # Names that tests draw: the same in each run.
    drawn = random.Random(request.node.nodeid)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=drawn.getrandbits(128), version=4))
    send, send_async = TestClient.send, httpx.AsyncClient.send

    def recorded(client: Any, message: Any, **options: Any) -> Any:
        exchanges.append(_exchange(message, response := send(client, message, **options)))
        return response

    async def recorded_async(client: Any, message: Any, **options: Any) -> Any:
        exchanges.append(_exchange(message, response := await send_async(client, message, **options)))
        return response

    monkeypatch.setattr(TestClient, "send", recorded)
    monkeypatch.setattr(httpx.AsyncClient, "send", recorded_async)
    yield
    path = request.config.getoption("--record-to") / file_name(request.node.nodeid, "tests/conformance/")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = Masks().text("\n".join(exchanges))
    path.write_text(text, encoding="utf-8", errors="backslashreplace")


def _exchange(request: Any, response: Any) -> str:
    return "\n".join(
        (
            f"> {request.method} {unquote_plus(str(request.url))}",
            *_headers(request.headers, ">"),
            _body(request.headers, request.content),
            f"< {response.status_code}",
            *_headers(response.headers, "<"),
            _body(response.headers, response.content),
        )
    )


def _headers(headers: Any, sign: str) -> Iterator[str]:
    for name, value in headers.multi_items():
        if name.lower() not in _UNSHOWN and value != "testclient" and not value.startswith("python-httpx"):
            shown = unquote_plus(value) if name.lower() in {"location", "cookie", "set-cookie"} else value
            yield f"{sign} {name}: {shown}"


def _body(headers: Any, content: bytes) -> str:
    """Return JSON with a line for each value, a page as its text, and what is no text as its digest."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return f"{len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()[:12]}"
    kind = headers.get("content-type", "")
    if "urlencoded" in kind:
        return "".join(f"{name}={value}\n" for name, value in parse_qsl(text, keep_blank_values=True))
    if "html" in kind:
        return text_of(text)
    try:
        return f"{json.dumps(json.loads(text), indent=1, ensure_ascii=False)}\n" if "json" in kind else text
    except ValueError:
        return text
