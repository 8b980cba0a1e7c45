"""The environment that points clients at the emulator."""

import datetime as dt
import shlex
from pathlib import Path

import pytest

from entra_emulator import connect, seed, tls


def environment(state: Path, app_id: str | None = None) -> dict[str, str]:
    """Read the lines as a shell does."""
    tls.ensure(state, dt.datetime.now(dt.UTC))
    lines = connect.environment("https://localhost:1", state, app_id).splitlines()
    words = [shlex.split(line) for line in lines if not line.startswith("#")]
    return dict(assignment.split("=", 1) for _, assignment in words)


@pytest.mark.parametrize("app_id", [None, *seed.SECRETS])
def test_who_is_in_the_seed_comes_with_a_secret(app_id: str | None, tmp_path: Path) -> None:
    """Each operator of the seed, the two writers among them, can be signed in to with what is printed."""
    found = environment(tmp_path, app_id)
    client = app_id or seed.DEPLOYER_APP_ID
    for prefix in ("AZURE", "ARM"):
        assert (found[f"{prefix}_CLIENT_ID"], found[f"{prefix}_CLIENT_SECRET"]) == (
            client,
            seed.SECRETS[client],
        )


def test_a_client_of_ones_own_brings_its_own_secret(tmp_path: Path) -> None:
    """Of any other application no secret is known, and none is printed."""
    assert not {"AZURE_CLIENT_SECRET", "ARM_CLIENT_SECRET"} & set(
        environment(tmp_path, "00000000-1111-4222-8333-444444444444")
    )


def test_addresses_have_their_former_names_too(tmp_path: Path) -> None:
    """A script that was written for them goes on."""
    found = environment(tmp_path)
    assert found["ENTRA_EMULATOR"] == found["ENTRA_CONFIG_EMULATOR"] == "https://localhost:1"
    assert found["ENTRA_EMULATOR_CA"] == found["ENTRA_CONFIG_EMULATOR_CA"] == str(tmp_path / "ca.pem")
