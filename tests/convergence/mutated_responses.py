"""A transport between Graph's client and the emulator: now and then an answer is broken, or lies."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import httpx

LEAVES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**70, 1e308, "", " ", "\x00", "\u202e", "é" * 300, "x" * 5000, ("../../"
"x"), "'", ("' "
"or "
"1 "
"eq "
"1"),
    "https://evil.example.com/", "<script>", "${jndi}", "=1+1", [], {}, [[]], [None], [1], {"": ""},
    {"id": None}, {"value": []},
)  # fmt: skip
HTML = b"<html><head><title>Sign in</title></head><body>Your proxy wants a word.</body></html>"
STATUSES = (100, 202, 204, 206, 302, 400, 401, 403, 405, 409, 413, 418, 429, 500, 503, 599)


class Mutating(httpx.AsyncBaseTransport):
    """Mutates an answer with some chance; keeps the writes that passed, parts of batches one by one."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, random: Random, *, lies: bool, rate: float = 0.15
    ) -> None:
        self._inner, self._random, self._lies, self._rate = inner, random, lies, rate
        self.writes: list[tuple[str, str, Any]] = []
        self.mutated = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on, and bring back what becomes of its answer."""
        self._note(request)
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        headers = {
            name: value for name, value in response.headers.items() if name.lower() != "content-length"
        }
        status = response.status_code
        if self._random.random() < self._rate:
            self.mutated += 1
            status, headers, content = (
                self._lie(status, headers, content) if self._lies else self._broken(status, headers, content)
            )
        return httpx.Response(status, headers=headers, content=content, request=request)

    def _note(self, request: httpx.Request) -> None:
        path = request.url.raw_path.decode().removeprefix("/v1.0").removeprefix("/beta")
        body = json.loads(request.content) if request.content else None
        parts = (
            body["requests"] if path == "/$batch" else [{"method": request.method, "url": path, "body": body}]
        )
        self.writes += [
            (part["method"], part["url"], part.get("body")) for part in parts if part["method"] != "GET"
        ]

    def _broken(
        self, status: int, headers: dict[str, str], content: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Break an answer as a whole, so that nobody can take it for one."""
        random = self._random
        whole = json.loads(content) if content else {}
        match random.randrange(9):
            case 0:
                return status, headers, content[: random.randrange(len(content) or 1)] or b"{"
            case 1:
                return status, {"content-type": "text/html"}, HTML
            case 2:
                return random.choice(STATUSES), headers, content
            case 3:
                return (
                    status,
                    headers,
                    json.dumps(random.choice([[], 0, "x", None, True, [whole], {}])).encode(),
                )
            case 4:
                return status, headers, bytes(random.randrange(256) for _ in range(60))
            case 5:
                # An empty list is what a list may be: that is a lie.
                leaves = [leaf for leaf in LEAVES if leaf != []]
                odd = {
                    name: random.choice(leaves) for name in ("value", "responses", "error") if name in whole
                }
                return status, headers, json.dumps({**whole, **odd}).encode()
            case 6:
                link = random.choice(
                    [
                        "https://evil.example.com/v1.0/x",
                        7,
                        "",
                        {},
                        "/applications",
                        "https://graph.microsoft.com",
                    ]
                )
                return status, headers, json.dumps({**whole, "@odata.nextLink": link}).encode()
            case 7 if isinstance(whole.get("responses"), list):
                return status, headers, json.dumps({"responses": self._parts(whole["responses"])}).encode()
            case _:
                return (
                    503,
                    {"retry-after": random.choice(["soon", "-5", "1e3", "nan", "inf", "Wed, 99", "", "2"])},
                    b"",
                )

    def _parts(self, parts: list[Any]) -> list[Any]:
        random = self._random
        some = [dict(part) for part in parts if random.random() < 0.8]
        for part in some:
            match random.randrange(8):
                case 0:
                    part["body"] = random.choice([None, "x", [], 1, HTML.decode()])
                case 1:
                    part["status"] = random.choice([None, "200", 0, 503, 3.5, True])
                case 2:
                    part.pop("id", None)
        return [*some, random.choice([None, 1, {}, []])]

    def _lie(self, status: int, headers: dict[str, str], content: bytes) -> tuple[int, dict[str, str], bytes]:
        """Change something inside: still JSON, of a shape that Graph never answers or of a world that is
        not so.
        """
        tree = json.loads(content) if content else {}
        for _ in range(self._random.choice((1, 1, 2, 5))):
            _mutate(tree, self._random)
        return status, headers, json.dumps(tree).encode()


def _mutate(tree: Any, random: Random) -> None:
    node = tree
    while isinstance(node, dict | list) and node:
        key: Any = random.choice(list(node)) if isinstance(node, dict) else random.randrange(len(node))
        deeper = isinstance(node[key], dict | list) and node[key]
        if not deeper or random.random() < 0.15:
            match random.randrange(4):
                case 0:
                    del node[key]
                case 1 if isinstance(node, list):
                    node.append(json.loads(json.dumps(node[key])))
                case _:
                    node[key] = json.loads(json.dumps(random.choice(LEAVES)))
            return
        node = node[key]
