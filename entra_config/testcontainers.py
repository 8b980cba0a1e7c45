"""An image of the emulator in; a container of it, by `testcontainers`, for tests of a whole system, out."""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from entra_emulator.api import StateError, check_ca

IMAGE = "entra-config-emulator"
STATE, SNAPSHOT = "/state", "/snapshot.json"
READY_SECONDS = 30.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class EmulatorContainerError(Exception):
    """The container does not serve, or refused what it was asked for; the message says why."""


class EmulatorContainer:
    """The emulator in a container, on a free port of this machine's loopback, without rights and with a
    read-only root.

    `with EmulatorContainer() as entra:` gives `entra.origin` and `entra.ca`, a file that clients trust.
    """

    def __init__(self, image: str = IMAGE, *, snapshot: Path | None = None, user: str | None = None) -> None:
        """Run `image`, beginning with the tenants of a snapshot file where one is given.

        `user` is the container's, as Docker takes it; by default this process's, which may read the file.
        """
        self._image, self._snapshot = image, snapshot
        self._user = user if user is not None else f"{os.getuid()}:{os.getgid()}"
        # The issuer of tokens is the emulator's URL, so the port is the same inside and outside.
        self.port = _free_port()
        self.origin = f"https://localhost:{self.port}"
        self._container: Any = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def ca(self) -> Path:
        """Give the file of the CA that its certificate is trusted by."""
        if self._folder is None:
            raise EmulatorContainerError("the container was not started")
        return Path(self._folder.name) / "ca.pem"

    @property
    def command(self) -> list[str]:
        """Give what runs in the container."""
        more = ["--snapshot", SNAPSHOT] if self._snapshot else []
        return [
            *("start", "--foreground", "--state", STATE, "--port", str(self.port)),
            *("--host", "0.0.0.0", "--i-know-this-is-insecure-on-a-network"),  # noqa: S104  # of the container
            *more,
        ]

    def __enter__(self) -> Self:
        """Start, and wait until it answers."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop and remove it."""
        self.stop()

    def start(self) -> Self:
        """Start, and wait until it answers; EmulatorContainerError where it does not."""
        from testcontainers.core.container import DockerContainer

        made = DockerContainer(self._image).with_command(self.command)
        # On loopback alone: whoever reaches the emulator signs in as anybody.
        made.ports[f"{self.port}/tcp"] = ("127.0.0.1", self.port)
        made = made.with_kwargs(
            user=self._user,
            read_only=True,
            cap_drop=["ALL"],
            tmpfs={STATE: "mode=1777", "/tmp": "mode=1777"},  # noqa: S108  # of the container
        )
        if self._snapshot is not None:
            made = made.with_volume_mapping(str(self._snapshot.absolute()), SNAPSHOT, "ro")
        self._folder = tempfile.TemporaryDirectory(prefix="entra-config-")
        self._container = made
        try:
            made.start()
            self._refuse_elsewhere(made.get_container_host_ip())
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop and remove the container, and what was copied out of it."""
        if self._container is not None:
            self._container.stop()
            self._container = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def token(self, user: str | None, client: str, scope: str, *, tenant: str | None = None) -> str:
        """Give the access token of a person (a UPN) at a client (an appId), or of the client itself."""
        requested = {"user": user, "client_id": client, "scope": scope, "tenant": tenant}
        return str(self._post("/emulator/token", requested)["access_token"])

    def save(self, name: str) -> None:
        """Save the current tenants under a name."""
        self._post("/_emulator/snapshots", {"save": name})

    def restore(self, name: str = "beginning") -> None:
        """Restore the tenants that `save` saved, or the beginning: between two tests."""
        self._post("/_emulator/snapshots", {"restore": name})

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        response = httpx.post(self.origin + path, json=body, verify=self._trust(), timeout=30)
        data: dict[str, Any] = response.json()
        if response.is_error:
            raise EmulatorContainerError(str(data.get("error_description") or data.get("error") or data))
        return data

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca))

    def _refuse_elsewhere(self, host: str) -> None:
        if host not in _LOOPBACK:
            raise EmulatorContainerError(f"Docker runs on {host}, and the emulator serves this machine alone")

    def _keep_ca(self, pem: bytes) -> None:
        try:
            check_ca(pem)
        except StateError as error:
            raise EmulatorContainerError(f"the container's certificate is not trusted: {error}") from error
        self.ca.write_bytes(pem)

    def _wait(self) -> None:
        deadline, last = time.monotonic() + READY_SECONDS, "it made no certificate"
        while time.monotonic() < deadline:
            code, found = self._container.exec(["cat", f"{STATE}/ca.pem"])
            if code == 0:
                self._keep_ca(found)
                try:
                    httpx.get(f"{self.origin}/_emulator/health", verify=self._trust()).raise_for_status()
                except (httpx.HTTPError, ssl.SSLError) as error:
                    last = str(error)
                else:
                    return
            time.sleep(0.05)
        said = b"".join(self._container.get_logs()).decode(errors="replace").strip().splitlines()
        raise EmulatorContainerError(
            f"the container did not answer within {READY_SECONDS:.0f} s: {said[-1] if said else last}"
        )


def _free_port() -> int:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        return int(other.getsockname()[1])
