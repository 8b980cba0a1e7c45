"""What a command says on a machine where nobody is signed in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.unit.cli.program import environment


def test_whoever_is_not_signed_in_is_told_each_way_once(folder: Path) -> None:
    """One error says what was tried, which ways there are, and how to try it without a tenant."""
    signed_out = {name: value for name, value in environment().items() if not name.startswith("AZURE_")}
    ran = subprocess.run(
        [sys.executable, "-m", "entra_config", "plan", "-e", "dev"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**signed_out, "PATH": str(folder)},
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        "error: cli: Azure CLI not found on path\n"
        "Sign in with `az login`, set AZURE_TENANT_ID and AZURE_CLIENT_ID …, or choose --credential "
        "environment | workload-identity | managed-identity | aws | cli | interactive | device-code. "
        "Without a tenant: `entra-config emulator start`, then `--cloud emulator`.\n"
    )
