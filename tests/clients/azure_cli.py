"""azure-cli, unmodified, in a virtual environment of its own, as it talks to the running emulator."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.clients.running import Emulator

VERSION = "2.91.0"
# 733 MB, so it is installed once per machine and kept.
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "entra-config" / "azure-cli"
ENDPOINTS = (
    "active-directory",
    "microsoft-graph-resource-id",
    "active-directory-resource-id",
    "resource-manager",
    "management",
)


class Az:
    """The `az` command with a configuration of its own."""

    def __init__(self, emulator: Emulator, config: Path) -> None:
        """Trust the emulator, ask nobody else, tell nobody."""
        self.environment = {
            "PATH": f"{CACHE / 'bin'}:/usr/bin:/bin",
            "HOME": str(config),
            "AZURE_CONFIG_DIR": str(config),
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
            "REQUESTS_CA_BUNDLE": str(emulator.ca),
            "SSL_CERT_FILE": str(emulator.ca),
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command."""
        command = [str(CACHE / "bin" / "python"), "-m", "azure.cli", *arguments]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )

    def __call__(self, line: str, *more: str) -> Any:
        """Run a command that succeeds and return its JSON."""
        done = self.run(*line.split(), *more, "--output", "json")
        assert done.returncode == 0, f"az {line} {more}: {done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None
