"""A running option with a cookie in, the story that `spa/e2e/cookie.e2e.ts` tells of it in Chromium out."""

import base64
import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from options.bff.tests.world import ROOT, USERS
from tests.e2e.loopback import Loopback, control


def reported(
    folder: Path,
    base: Loopback,
    actions: Mapping[str, Callable[..., None]],
    **kind: str | bool,
) -> "subprocess.CompletedProcess[str]":
    """Run it, and give the roles back that it changed; `kind` says what this option's sessions are: `cookie`,
    `onServer`, `pageBeside`.
    """
    deployment = base.deployment
    changes: dict[str, Callable[..., None]] = {
        "assign": deployment.assign,
        "unassign": deployment.unassign,
        **actions,
    }
    before = {role: set(users) for role, users in deployment.holders.items()}
    with control(changes) as url, ExitStack() as ending:
        ending.callback(deployment.apply)
        ending.callback(deployment.holders.update, before)
        certificate = x509.load_pem_x509_certificate(base.tls.certificate.read_bytes())
        key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
        place = folder / "world.json"
        described = {"origin": base.spa, "control": url, "trustedKey": trusted, "users": USERS, **kind}
        place.write_text(json.dumps(described), encoding="utf-8")
        shots = str(ROOT / "output" / "screenshots")
        return subprocess.run(
            ["npx", "vitest", "run", "--config", "vitest.e2e.config.ts", "e2e/cookie.e2e.ts"],
            cwd=ROOT / "spa",
            env={**os.environ, "COOKIE_WORLD": str(place), "SCREENSHOTS": shots, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
