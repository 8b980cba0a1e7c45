"""The pictures of the documentation: taken in Chromium of the worked example on the emulator. `make pictures`
writes them to docs/images, this test elsewhere; both hold what they show.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from entra_emulator import background, seed, server_options
from entra_emulator.state import state_files
from tests.e2e.chromium import key_of

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs/images"
ALICE = seed.fixed_id(seed.CONTOSO, "user", "alice@contoso.com")
REDIRECT = "https://localhost:5173/"
# Name: words that the page shows.
SHOWN = {
    "portal": ["MyApp API (dev)", "myapp/dev", "declared at"],
    "token-lab": ["Token lab", "alice@contoso.com", "roles"],
    "sign-in": ["Sign in", "Alice Archer", "Oscar Olsen"],
    "plan": ["Plan of myapp/prod", "High", "Medium"],
}
# The example page's own end-to-end tests take these (spa/e2e), and hold what they show.
OF_THE_PAGE = ("page-signed-out", "page-records", "page-administration")

pytestmark = pytest.mark.browser


def _pages(origin: str, trust: ssl.SSLContext, folder: Path) -> list[dict[str, object]]:
    """Return the pages of which pictures are taken."""
    tenant = httpx.get(f"{origin}/_emulator/state", verify=trust).json()["tenants"][0]
    api, spa = (
        next(row for row in tenant["applications"] if row["displayName"] == name)
        for name in ("MyApp API (dev)", "MyApp SPA (dev)")
    )
    verifier = base64.urlsafe_b64encode(hashlib.sha256(b"v").digest()).decode().rstrip("=")
    requested = {
        "client_id": spa["appId"],
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": f"openid api://{api['appId']}/user.read",
        "code_challenge": verifier,
        "code_challenge_method": "S256",
        "state": "s",
    }
    lab = urlencode({"person": ALICE, "client": spa["appId"], "api": api["appId"]})
    portal = f"{origin}/portal/contoso.onmicrosoft.com"
    return [
        {"name": "portal", "url": f"{portal}/registrations/{api['id']}", "click": []},
        {"name": "token-lab", "url": f"{portal}/token?{lab}", "click": []},
        {
            "name": "sign-in",
            "url": f"{origin}/{seed.CONTOSO}/oauth2/v2.0/authorize?{urlencode(requested)}",
            "click": [],
        },
        {"name": "plan", "url": (folder / "plan.html").as_uri(), "click": []},
    ]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """Take the pictures; give their folder and the text of each page."""
    folder = tmp_path_factory.mktemp("pictures")
    state = folder / "emulator"
    running = background.start(server_options.ServerOptions(state, port=0))
    try:
        environ = os.environ | {
            "ENTRA_CONFIG_EMULATOR": running.origin,
            "ENTRA_CONFIG_EMULATOR_CA": str(state / state_files.CA_FILE),
            "ENTRA_CONFIG_EMULATOR_STATE": str(state),
        }
        program = [sys.executable, "-m", "entra_config"]
        manifest = ["--cloud", "emulator", "-f", "manifests"]
        apply = [*program, "apply", "-e", "dev", *manifest, "--auto-approve", "--quiet"]
        subprocess.run(apply, check=True, capture_output=True, env=environ, cwd=ROOT)
        plan = [*program, "plan", "-e", "prod", *manifest, "--format", "html"]
        done = subprocess.run(plan, check=True, capture_output=True, text=True, env=environ, cwd=ROOT)
        (folder / "plan.html").write_text(done.stdout, encoding="utf-8")
        to = KEPT if os.environ.get("KEEP_PICTURES") else folder
        world = {
            "pages": _pages(running.origin, background.trust_of(state), folder),
            "folder": str(to),
            "trustedKey": key_of(state / state_files.CERTIFICATE_FILE),
            "chromium": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        }
        (folder / "world.json").write_text(json.dumps(world), encoding="utf-8")
        command = ["node", str(Path(__file__).with_name("pictures.mjs")), str(folder / "world.json")]
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
        assert ran.returncode == 0, ran.stdout[-1000:] + ran.stderr[-3000:]
        reported = [json.loads(line) for line in ran.stdout.splitlines()]
        yield to, {each["name"]: each["text"] for each in reported}
    finally:
        background.end(state)


@pytest.mark.pages
@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_shows_its_page(taken: tuple[Path, dict[str, str]], name: str) -> None:
    """What is worth looking at is on it, and no other address than loopback."""
    folder, texts = taken

    assert [words for words in SHOWN[name] if words not in texts[name]] == []
    assert size(folder / f"{name}.jpg") == (1000, 640)


@pytest.mark.parametrize(
    ("name", "area"),
    [*((name, (1000, 640)) for name in SHOWN), *((name, (1100, 720)) for name in OF_THE_PAGE)],
)
def test_the_documentation_has_it_once_and_small(name: str, area: tuple[int, int]) -> None:
    """Of the same size, below 120 kB, with words for whoever does not see it."""
    assert size(KEPT / f"{name}.jpg") == area
    assert (KEPT / f"{name}.jpg").stat().st_size < 120_000
    pages = (ROOT / "README.md", ROOT / "spa/README.md", *ROOT.glob("docs/**/*.md"))
    texts = [path.read_text(encoding="utf-8") for path in pages]
    used = [
        found for text in texts for found in re.findall(rf"!\[([^\]]+)\]\([\w/.]*images/{name}\.jpg\)", text)
    ]
    assert len(used) == 1
    assert len(used[0]) > 40


def size(path: Path) -> tuple[int, int]:
    """Read width and height of a JPEG from its frame header."""
    data = path.read_bytes()
    frame = re.search(rb"\xff[\xc0\xc2]\x00\x11\x08(..)(..)", data, re.DOTALL)
    assert frame
    return int.from_bytes(frame[2], "big"), int.from_bytes(frame[1], "big")
