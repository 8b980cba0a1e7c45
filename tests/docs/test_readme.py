"""Each block of commands in the README runs as it is written there, against the emulator."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from entra_config.emulator import background, seed
from entra_config.emulator.server import Options

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"<!-- test: (\w+) -->\n```bash\n(.*?)```", re.DOTALL)


def blocks(name: str) -> str:
    """Return the commands of a story, all its blocks in order."""
    found = "\n".join(text for story, text in _BLOCK.findall(README) if story == name)
    assert found, f"the README has no block of {name}"
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a folder that looks like a fresh clone."""
    for name in ("manifests", "api/generated", "spa/src/generated", "docs"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    return tmp_path


def run(desk: Path, script: str, *, running: bool) -> str:
    """Run commands as a person types them; with `running`, the emulator stands in for a real tenant."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("ENTRA_CONFIG", "AZURE_"))}
    environ |= {"PATH": f"{PROJECT / '.venv/bin'}:{environ['PATH']}"}
    state = desk / ".entra-config/emulator"
    if running:
        background.start(Options(state=state, port=0))
        environ["ENTRA_CONFIG_CLOUD"] = "emulator"
    # Two tests may run side by side: a free port instead of the usual one.
    script = script.replace("emulator start", "emulator start --port 0")
    try:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], cwd=desk, env=environ, capture_output=True, text=True, check=False
        )
    finally:
        background.end(state)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def prepared(desk: Path, method: str, path: str, body: Any) -> Any:
    """Make something in the tenant before the story, as an administrator would in the portal."""
    state = desk / ".entra-config/emulator"
    running = background.start(Options(state=state, port=0))
    trust = background.trust_of(state)
    form = {"grant_type": "client_credentials", "client_id": seed.ADMIN_APP_ID, "client_secret": seed.ADMIN_SECRET}
    form["scope"] = "https://graph.microsoft.com/.default"
    token = httpx.post(f"{running.origin}/{seed.CONTOSO}/oauth2/v2.0/token", data=form, verify=trust).json()["access_token"]
    answer = httpx.request(
        method, f"{running.origin}/v1.0{path}", json=body, headers={"Authorization": f"Bearer {token}"}, verify=trust
    )
    assert answer.is_success, answer.text
    background.end(state)
    return answer.json()


def test_ten_minutes_without_a_tenant(desk: Path) -> None:
    """Everything from an empty directory to a manifest of one's own."""
    told = run(desk, blocks("emulator"), running=False)

    assert "No changes" in told
    assert (desk / "shop/manifests/entra-config.yaml").is_file()


def test_the_first_tenant(desk: Path) -> None:
    """Doctor, permissions, lock, a saved plan and its apply."""
    run(desk, blocks("tenant"), running=True)

    assert (desk / "plan.json").is_file()


def test_adopting_what_exists(desk: Path) -> None:
    """A registration somebody clicked together becomes a manifest, and its first plan sets marks only."""
    prepared(
        desk,
        "POST",
        "/applications",
        {"displayName": "Legacy Portal", "web": {"redirectUris": ["https://legacy.contoso.com/cb"]}},
    )

    told = run(desk, blocks("adopt"), running=True)

    assert "1 to adopt" in told


def test_a_role_by_pull_request(desk: Path) -> None:
    """The YAML is edited in place, and the plan shows who gains the role."""
    told = run(desk, blocks("role"), running=True)

    assert "Auditor" in told
    assert "2 people gain Auditor" in told


def test_drift(desk: Path) -> None:
    """After an apply there is none, and the report is written in every format."""
    run(desk, "entra-config apply -e dev --auto-approve\n" + blocks("drift"), running=True)

    assert {path.suffix for path in (desk / "drift-report").iterdir()} == {".txt", ".json", ".md", ".sarif", ".html"}


def test_every_file_that_the_readme_names_exists() -> None:
    """No link leads nowhere."""
    links = re.findall(r"\]\((?!https?://)([^)#]+)", README)

    assert [link for link in links if not (PROJECT / link).exists()] == []
