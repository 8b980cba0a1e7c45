"""AWS as a package has it: moto's server, in an environment of its own, as a process on this machine."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).parents[2] / ".venv/tools/moto/bin/moto_server"
NAME = "web"


@contextmanager
def running() -> Iterator[str]:
    """Start it on a free port; yield its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen(
        [str(PROGRAM), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as requested:
                if requested.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def client(url: str) -> Any:
    """Return boto3's client of it."""
    import boto3

    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client("secretsmanager", region_name="eu-central-1", endpoint_url=url, **keys)


def secret(url: str) -> str:
    """Make an empty secret; return its ARN."""
    return str(client(url).create_secret(Name=NAME)["ARN"])
