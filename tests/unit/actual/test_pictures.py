"""What answers a question for a picture, and what answers every other question."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from entra_config.actual import shape
from entra_config.actual.fetch import fetch
from entra_config.actual.question import About
from entra_config.errors import GraphError
from entra_config.graph.request import Request, Response
from entra_config.kinds.details import CONSENTS, Detail

PNG = b"\x89PNG\r\n\x1a\n"
REQUEST = Request("GET", "/applications/1/picture")
PICTURE = Detail("its picture", dict, picture=True)


class Responding:
    """A tenant that answers everything alike."""

    def __init__(self, body: Any) -> None:
        self.body = body

    async def send(self, requests: list[Request]) -> list[Response]:
        """Answer each request."""
        return [Response(200, self.body) for _ in requests]

    def page(self, request: Request, response: Response) -> tuple[list[dict[str, Any]], Request | None]:
        """Refuse what is no list, as the client does."""
        message = f"{request.path}: {response.body!r} is not a list"
        raise GraphError(message)


def found(detail: Detail[Any], body: Any) -> list[Any]:
    """Ask one question of one application."""
    question: About[Any] = About("api", detail)
    graph: Any = Responding(body)
    return asyncio.run(fetch(graph, {question: REQUEST}))[question]


@pytest.mark.parametrize("body", [PNG, base64.b64encode(PNG).decode()])
def test_a_picture_comes_as_bytes_and_in_a_batch_as_base64(body: Any) -> None:
    """Both are the same picture."""
    assert shape.pictures(REQUEST, Response(200, body)) == [{"content": PNG}]


def test_an_empty_answer_is_no_picture() -> None:
    """Nobody gave the application one."""
    assert shape.pictures(REQUEST, Response(200)) == []


@pytest.mark.parametrize("body", [{"value": []}, "not base64!", []])
def test_what_is_no_picture_is_told(body: Any) -> None:
    """A list, an object or a text in its place: the error names the request."""
    with pytest.raises(GraphError, match=r"GET /applications/1/picture .* it is no picture"):
        shape.pictures(REQUEST, Response(200, body))


def test_only_a_question_for_a_picture_reads_one() -> None:
    """The same bytes are a picture to the one question, and no answer to any other."""
    assert found(PICTURE, PNG) == [{"content": PNG}]
    with pytest.raises(GraphError, match="is not a list"):
        found(CONSENTS, PNG)
    with pytest.raises(GraphError, match="is not a list"):
        found(CONSENTS, b"")
