"""The token that a job asks for its identity with stands in no argument: any process can read those."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOKEN = "request-token-of-this-job"  # nobody's


@pytest.mark.parametrize("script", ["actions/sign-in/sign_in.sh", "scripts/credentials_rotate.sh"])
def test_the_token_goes_by_standard_input(tmp_path: Path, script: str) -> None:
    """A curl that writes down its arguments and what it is given to read."""
    programs = tmp_path / "bin"
    programs.mkdir()
    curl = f'printf "%s\\n" "$@" >{tmp_path}/arguments; cat >{tmp_path}/read; echo \'{{"value": "t"}}\''
    for name, text in (("curl", curl), ("entra-config", "exit 0")):
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    given = {
        "PATH": f"{programs}:/usr/bin:/bin",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://example.com/?a=b",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": TOKEN,
        "TENANT_ID": "t",
        "CLIENT_ID": "c",
        "AWS_ROLE_ARN": "arn",
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ENV": str(tmp_path / "env"),
    }
    subprocess.run(["/bin/bash", str(ROOT / ".github" / script)], env=given, cwd=tmp_path, check=True)
    assert TOKEN not in (tmp_path / "arguments").read_text()
    assert "--header\n@-\n" in (tmp_path / "arguments").read_text()
    assert (tmp_path / "read").read_text() == f"Authorization: Bearer {TOKEN}\n"
