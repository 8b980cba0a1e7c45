"""A developer signs in on the documentation page, in a real browser, and calls the API."""

import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from api.app import create
from api.tests.conftest import settings
from api.tests.issuer import URI, KeyServer, sign, user_claims

SCRIPT = Path(__file__).with_name("swagger-sign-in.mjs")
SCREENSHOTS = Path(__file__).parents[2] / "output" / "screenshots"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve the API on loopback, with Entra's true addresses and our keys."""
    app = create(settings(tmp_path), transport=KeyServer().transport())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield f"http://localhost:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.mark.browser
def test_sign_in_through_pkce(address: str) -> None:
    """Swagger UI signs in although the sign-in page severs its opener, and breaks no content policy."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    screenshot = str(SCREENSHOTS / "api-swagger.png")
    command = ["node", str(SCRIPT), f"{address}/docs", sign(user_claims(time.time())), screenshot]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["me"]["username"] == "alice@contoso.com"
    assert f"{URI}/user.read" in result["scope"].split(" ")
    assert result["problems"] == []
