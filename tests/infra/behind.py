"""What runs of the example in; its tasks behind the load balancer's stand-in out, whose rules are those of
the stacks that MiniStack deployed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from entra_config.kinds.secret_names import SecretName
from entra_config.manifest.fields.sinks.aws import AwsSink
from tests.e2e import loopback
from tests.e2e.deployment import ROOT, Deployment
from tests.e2e.loopback import Loopback
from tests.infra import plane
from tests.infra.templates import Json

# What the stacks are given, as a certificate has them; a browser here finds both on loopback.
APP, API = "app.example.com", "api.example.com"
IMAGE = f"1.dkr.ecr.us-east-1.amazonaws.com/myapp-dev@sha256:{'a' * 64}"


class AtOneListener(Deployment):
    """The example's manifest, with page and API at two names of one load balancer."""

    names: ClassVar = ("localhost", "127.0.0.1")  # of the page, of the API

    @property
    def here(self) -> bool:
        """Tell whether this is what runs, and not what the stacks are given."""
        return urlsplit(self.spa).hostname != APP

    def root(self) -> str:
        """Return the root file; the API is at the other name of the page's port."""
        if self.here:
            port = urlsplit(self.spa).port
            self.spa, self.api = (f"https://{name}:{port}" for name in self.names)
        return super().root()

    def stack_parameters(self, section: str, app: str) -> dict[str, str]:
        """Return what `settings` writes for the stacks of a page or a server with public hosts, of the
        tenant as it is.
        """
        folder = self.folder.with_name("stacks")
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        wanted = {"settings": {section: {app: {"awsStack": "aws.json"}}}}
        there = replace(
            self, folder=folder, spa=f"https://{APP}", api=f"https://{API}", overrides=self.overrides | wanted
        )
        (folder / "entra-config.yaml").write_text(there.root(), encoding="utf-8")
        there.run("settings", "--values", "--output", str(folder / "written"))
        text = (folder / "written" / "aws.json").read_text(encoding="utf-8")
        found: dict[str, str] = json.loads(text)["Parameters"]
        return found


def secret_kept(base: Loopback, client: str, sink: Mapping[str, str]) -> str:
    """Add a secret to an application under the name that a rotation gives it for Secrets Manager."""
    digest = AwsSink(client, dict(sink)).digest
    return base.secret(client, str(SecretName(client, "0" * 16, digest)))


@dataclass
class Behind:
    """The example's page and API as tasks, and the load balancer before them."""

    base: Loopback
    api_port: int
    page_port: int
    keys_port: int
    tls: str = "off"  # to the tasks, as the stacks are told
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict, repr=False)

    @property
    def origin(self) -> str:
        """Return the one origin of the page."""
        return self.base.spa

    @property
    def api_origin(self) -> str:
        """Return the host that programs call."""
        return self.base.api

    def log(self, name: str) -> str:
        """Return what a process logged."""
        return (self.base.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def start_api(self, name: str = "api", **settings: str) -> None:
        """Start a task of the API."""
        settings = {
            "SERVER_SETTINGS_FILE": str(self.base.settings / "api.env"),
            "SERVER_DATABASE": str(self.base.folder / "records.sqlite3"),
            "SERVER_EMULATOR": "1",
            "SERVER_PORT": str(self.api_port),
            "SERVER_TLS": self.tls,
            **settings,
        }
        self._start(name, [sys.executable, "-m", "api"], settings, f"{self._at(self.api_port)}/readyz")

    def _at(self, port: int) -> str:
        """Return where a task is."""
        return f"{'https' if self.tls == 'on' else 'http'}://127.0.0.1:{port}"

    def start_page(self, config: str) -> None:
        """Serve the page, with a configuration that `settings` wrote."""
        command = ["node", str(ROOT / "spa" / "serve.mjs"), "--config", str(self.base.settings / config)]
        command += ["--port", str(self.page_port)]
        if self.tls == "on":
            command += ["--cert", str(self.base.tls.certificate), "--key", str(self.base.tls.key)]
        self._start("page", command, {}, f"{self._at(self.page_port)}/config.json")

    def deployed(self, parameters: Mapping[str, str], **more: Any) -> Json:
        """Deploy the stacks, and return what the stand-in is to be; `more` is of `plane.of`."""
        targets = {"SpaTargets": self.page_port, "ApiTargets": self.api_port, **more.pop("targets", {})}
        images = dict.fromkeys(("SpaImage", "ApiImage", "BffImage", "HttpdImage"), IMAGE)
        hosts = {host: urlsplit(url).netloc for host, url in ((APP, self.origin), (API, self.api_origin))}
        given = {**images, **parameters, "TargetTls": self.tls}
        return plane.of(given, hosts=hosts, targets=targets, **more)

    def serve(self, deployed: Json, ready: str) -> None:
        """Start the stand-in, and wait until it answers at this address."""
        place = self.base.folder / "deployed.json"
        place.write_text(json.dumps(deployed, default=str), encoding="utf-8")
        command = [sys.executable, "-m", "options.alb.stand_in", "--deployed", str(place)]
        command += ["--port", str(urlsplit(self.origin).port), "--keys-port", str(self.keys_port)]
        command += ["--certificate", str(self.base.tls.certificate), "--key", str(self.base.tls.key)]
        self._start("balancer", command, {}, ready)

    def stop(self, *names: str) -> None:
        """End some processes, or all."""
        for name in names or tuple(self._running):
            process = self._running.pop(name, None)
            if process is not None:
                process.terminate()
                process.wait(120)

    def _start(self, name: str, command: list[str], settings: Mapping[str, str], ready: str) -> None:
        env = {key: value for key, value in os.environ.items() if not key.startswith("SERVER_")}
        env |= {"PYTHONPATH": str(ROOT), "SSL_CERT_FILE": str(self.base.tls.ca), **settings}
        log = self.base.folder / f"{name}.log"
        self._running[name] = loopback.start(command, env, log, self.base.folder)
        # A task's certificate is of its own start; that of the load balancer is one to check.
        trusted = None if ready.startswith("https://127.0.0.1:") else self.base.tls.ca
        loopback.wait_for(ready, trusted, self._running[name], log)
