"""A stand-in for GitHub's command line: the words of `gh` in, requests to a stand-in for GitHub out.

Run as a program: GH_URL is where GitHub is; GH_USER is who signed in on this machine, or GITHUB_TOKEN is a
job's token.
"""

from __future__ import annotations

import json
import os
import re
import socket
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

_PART = re.compile(r"[^\[\]]+|\[\]")


def fields(words: list[str]) -> dict[str, Any]:
    """Return the body that `-f` and `-F` make: `a[b]=…` is an object in one, `a[][b]=…` one in a list,
    `a[]=…` a list.
    """
    body: dict[str, Any] = {}
    for flag, text in zip(words[::2], words[1::2], strict=True):
        name, _, raw = text.partition("=")
        value: Any = raw
        if flag == "-F":
            value = {"true": True, "false": False}.get(raw, int(raw) if raw.isdecimal() else raw)
        _put(body, _PART.findall(name), value)
    return body


def _put(body: dict[str, Any], parts: list[str], value: Any) -> None:
    head, *rest = parts
    if not rest:
        body[head] = value
    elif rest == ["[]"]:
        body.setdefault(head, []).append(value)
    elif rest[0] == "[]":
        items = body.setdefault(head, [])
        # A key that the last object has already begins another one.
        if not items or rest[1] in items[-1]:
            items.append({})
        _put(items[-1], rest[1:], value)
    else:
        _put(body.setdefault(head, {}), rest, value)


def send(method: str, path: str, body: dict[str, Any] | None, key: str = "") -> int:
    """Send a request, print the answer as `gh` does, or one key of it, and return its exit code."""
    token = os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_USER", "")
    status, text = _requested(method, path, "" if body is None else json.dumps(body), token)
    if status < 300:
        print(json.loads(text)[key] if key else text)
        return 0
    print(text)
    print(f"gh: {json.loads(text)['message']} (HTTP {status})", file=sys.stderr)
    return 1


def _requested(method: str, path: str, data: str, token: str) -> tuple[int, str]:
    """Return the status and the text of an answer.

    Over a plain socket: this is started a dozen times for one command, and to import Python's own client
    takes thrice as long as all else.
    """
    host, _, port = os.environ["GH_URL"].removeprefix("http://").partition(":")
    sent = data.encode()
    head = f"{method} /{path} HTTP/1.0\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n"
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent)
        response = b"".join(iter(lambda: line.recv(65_536), b""))
    top, _, text = response.partition(b"\r\n\r\n")
    return int(top.split(maxsplit=2)[1]), text.decode()


def main(words: list[str]) -> int:
    """Do what the words say."""
    match words:
        case ["auth", "status", *_]:
            return 0 if os.environ.get("GITHUB_TOKEN") or os.environ.get("GH_USER") else 1
        case ["api", "-X", method, path, *rest]:
            return send(method, path, fields(rest))
        case ["api", path, "--jq", ".id"]:
            return send("GET", path, None, "id")
        case ["api", path]:
            return send("GET", path, None)
        case ["variable", "set", name, "--body", value, *rest]:
            named = dict(zip(rest[::2], rest[1::2], strict=True))
            where = f"environments/{named['--env']}" if "--env" in named else "actions"
            return send("PUT", f"repos/{named['--repo']}/{where}/variables/{name}", {"value": value})
        case _:
            print(f"this stand-in for gh does not know {words}", file=sys.stderr)
            return 2


def install(folder: Path, python: str) -> None:
    """Put it on a path, as `gh`."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "gh"
    program.write_text(f'#!/bin/sh\nexec "{python}" -I -S "{__file__}" "$@"\n')
    program.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
