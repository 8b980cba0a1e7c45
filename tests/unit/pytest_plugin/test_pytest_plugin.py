"""The plugin: what a suite that does not use it imports, and tenants that know nothing of each other."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from entra_config.pytest_plugin.tenant import EntraTenant, NoTokenError
from entra_emulator.directory import Tenants
from tests.unit.pytest_plugin.neighbours import shuffled

ROOT = Path(__file__).parents[3]
UNUSED = """
import sys

OURS = {"entra_config", "entra_emulator", "entra_fleet"}

def test_nothing_of_it_is_here(pytestconfig):
    assert hasattr(pytestconfig.pluginmanager.get_plugin("entra_config.pytest_plugin"), "entra_tenant")
    ours = {name for name in sys.modules if name.split(".")[0] in OURS}
    assert ours == {"entra_config", "entra_config.pytest_plugin"}
    assert not {"httpx", "starlette", "flask", "jwt", "cryptography", "pydantic"} & set(sys.modules)
"""


def run_pytest(folder: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, as its users do."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *words]
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_suite_that_does_not_use_it_imports_none_of_it(tmp_path: Path) -> None:
    """Pytest finds the fixtures by the entry point alone, and nothing behind them is imported."""
    (tmp_path / "test_unused.py").write_text(UNUSED)
    ran = run_pytest(tmp_path, "-q")
    assert ran.returncode == 0, f"is this checkout installed anew (pip install -e .)?\n{ran.stdout}"


@pytest.mark.parametrize(("folder", "count"), [("with_fastapi", 8), ("with_flask", 5)])
def test_the_examples_pass_on_two_workers(folder: str, count: int) -> None:
    """Each example is a project of its own, whose tests run as they stand."""
    # Other plugins of this checkout, which take seconds to import, are none of the examples'.
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    words = ("-p", "xdist", "-p", "entra_config.pytest_plugin", "-n", "2")
    ran = run_pytest(ROOT / "examples" / folder, *words, **alone)
    assert ran.returncode == 0, ran.stdout
    assert f"{count} passed" in ran.stdout


def test_neighbours_see_nothing_of_each_other(entra_base: Tenants) -> None:
    """In thirty shuffled runs no test finds anything but the beginning; `proof` has a thousand."""
    for seed in range(30):
        shuffled(entra_base, random.Random(seed))


def test_the_tenant_has_the_seed_and_what_is_declared(entra_tenant: EntraTenant) -> None:
    """People of the example, and the registrations of the manifest that pytest's settings name."""
    found = entra_tenant.sign_in("alice", "spa", "api/user.read")
    assert found.claims["aud"] == entra_tenant.app_id("api")
    assert found.claims["iss"] == entra_tenant.issuer
    assert {"Admin", "Writer", "Reader"} == found.roles
    assert found.scopes >= {"user.read"}
    assert entra_tenant.sign_in("alice@contoso.com", "MyApp SPA (dev)", ["api/user.read"]).claims["azp"] == (
        entra_tenant.app_id("spa")
    )


def test_names_that_nothing_has(entra_token: Callable[..., str]) -> None:
    """What is not there is told with what is near."""
    with pytest.raises(LookupError, match=r"no user 'alicia'; it has alice@contoso\.com"):
        entra_token("alicia", "spa", "api/user.read")
    with pytest.raises(LookupError, match="no application 'spam'; it has spa"):
        entra_token("alice", "spam", "api/user.read")
    with pytest.raises(NoTokenError, match=r"^AADSTS650053: "):
        entra_token("alice", "spa", "api/no.scope")


def test_the_transport_serves_sync_and_async_alike(entra_tenant: EntraTenant) -> None:
    """Keys and discovery are what the application under test asks for; no other host is reached."""
    http = httpx.Client(transport=entra_tenant.transport)
    keys = http.get(entra_tenant.jwks_url).json()
    assert {"kid", "n", "e"} <= keys["keys"][0].keys()
    reported = http.get(f"{entra_tenant.issuer}/.well-known/openid-configuration").json()
    assert (reported["issuer"], reported["jwks_uri"]) == (entra_tenant.issuer, entra_tenant.jwks_url)


@pytest.mark.entra_clock(at="2027-03-01T12:00:00Z", advance=60)
@pytest.mark.entra_faults(throttle_rate=1, retry_after=7)
def test_markers_hold_for_their_test(entra_tenant: EntraTenant) -> None:
    """The time is the marker's, and so is what goes wrong."""
    issued = entra_tenant.sign_in("alice", "spa", "api/user.read").claims["iat"]
    # Entra's tokens begin five minutes before they are made.
    assert 0 <= issued - datetime(2027, 3, 1, 11, 56, tzinfo=UTC).timestamp() < 60
    response = entra_tenant.graph().get("users")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "7")


def test_markers_hold_for_no_other(entra_tenant: EntraTenant) -> None:
    """Without a marker nothing goes wrong, and it is now."""
    assert entra_tenant.graph().get("users").status_code == 200
    assert abs(entra_tenant.clock.offset.total_seconds()) < 1


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"at": "2027-03-01"}, "says no time zone"),
        ({"faults": {"no_such": 1}}, "no such fault: no_such"),
    ],
)
def test_markers_that_cannot_be(entra_base: Tenants, settings: dict[str, object], words: str) -> None:
    """A marker that means nothing is told."""
    with pytest.raises(ValueError, match=words):
        EntraTenant.of(entra_base, **settings)  # type: ignore[arg-type]  # that is the point
