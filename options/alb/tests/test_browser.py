"""The page and the load balancer that signs in for it, in Chromium: the story, and other sites."""

import base64
import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from options.alb.tests.world import ROOT, USERS, Alb
from tests.e2e.loopback import control

pytestmark = [pytest.mark.options, pytest.mark.browser]


def test_the_story_and_what_other_sites_try(world: Alb, tmp_path: Path) -> None:
    """Sign-in, roles, 403, the end of a session, sign-out; other sites, whose requests have our cookies."""
    actions: dict[str, Callable[..., None]] = {
        "assign": world.base.deployment.assign,
        "unassign": world.base.deployment.unassign,
    }
    with control(actions) as url:
        certificate = x509.load_pem_x509_certificate(world.base.tls.certificate.read_bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
        place = tmp_path / "world.json"
        described = {"origin": world.origin, "control": url, "trustedKey": trusted, "users": USERS}
        place.write_text(json.dumps(described), encoding="utf-8")
        shots = str(ROOT / "output" / "screenshots")
        done = subprocess.run(
            ["npx", "vitest", "run", "--config", "vitest.e2e.config.ts", "e2e/alb.e2e.ts"],
            cwd=ROOT / "spa",
            env={**os.environ, "ALB_WORLD": str(place), "SCREENSHOTS": shots, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
