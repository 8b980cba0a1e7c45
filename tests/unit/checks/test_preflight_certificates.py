"""A certificate that is to be generated is held to the tenant's policy before anybody rotates."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_config.manifest import loader
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from tests.unit.checks.preflight_cases import API, ON, ROOT, conflicts, of_applications
from tests.world import NOW, plan


@pytest.mark.parametrize(
    ("restriction", "said"),
    [
        (
            {"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P30D"},
            "refuses certificate `web`, which `credentials rotate` is to make and lives longer than P30D",
        ),
        (
            {"restrictionType": "trustedCertificateAuthority"},
            "refuses certificate `web`, which `credentials rotate` is to make and names itself as its issuer",
        ),
        ({"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P90D"}, ""),
    ],
)
def test_a_certificate_that_is_to_be_generated_is_told(
    tmp_path: Path, restriction: dict[str, Any], said: str
) -> None:
    """Before anybody rotates, at its line; one that lives as long as may be is not."""
    arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:web"
    sink = f"web: {{ aws: {{ secret: '{arn}', account: '123456789012' }} }}"
    daemon = API.replace("type: api", "type: daemon")
    text = f"{daemon}    certificates:\n      web: {{ generate: {{ in: web }} }}\n"
    (tmp_path / "certificates").mkdir()
    root = ROOT.replace(" } }", f", sinks: {{ {sink} }} }} }}")
    (tmp_path / "entra-config.yaml").write_text(root + text, encoding="utf-8")
    embedded = Embedded.create(seed="preflight", clock=ManualClock(NOW))
    embedded.directory.choose({"*": of_applications(keyCredentials=[{**restriction, **ON}])})
    made = asyncio.run(plan(embedded, loader.load(tmp_path, "dev")))
    found = conflicts(made)
    assert [said in each.message for each in found] == ([True] if said else [])
    assert [each.position.line for each in found if each.position] == ([8] if said else [])
    assert not made.blocked
