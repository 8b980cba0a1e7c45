"""What a server in a container sends once it is up."""

from __future__ import annotations

import subprocess
import time

import httpx


def response(url: str, process: subprocess.Popen[str]) -> bytes:
    """Return what it answers, once it does; nothing where it does not within a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            # A certificate of its own start, where it has one.
            return httpx.get(url, timeout=5, verify=False).raise_for_status().content
        except httpx.HTTPError:
            time.sleep(0.2)
    return b""
