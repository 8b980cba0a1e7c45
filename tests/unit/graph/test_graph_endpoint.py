"""The emulator of this machine: its record, its address, and whose secrets are sent there."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.cli import emulator_running
from entra_config.errors import SignInError
from entra_config.graph import credentials, endpoint
from tests.unit.graph.emulators import pretend


def test_the_emulator_is_found_by_its_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Port, CA and deployer come from the record, and the secret is not shown."""
    found = emulator_running.find_endpoint(pretend(monkeypatch, tmp_path))
    assert (found.cloud.base_url, found.ca) == ("https://localhost:8443/v1.0", tmp_path / "ca.pem")
    assert "hush" not in repr(found)


def test_the_folder_is_the_variable_s_unless_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for every command of the emulator."""
    monkeypatch.setenv("ENTRA_CONFIG_EMULATOR_STATE", str(pretend(monkeypatch, tmp_path / "by-variable")))
    assert emulator_running.find_endpoint().ca == tmp_path / "by-variable" / "ca.pem"


def test_a_replaced_certificate_is_a_sign_in_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the file."""
    (pretend(monkeypatch, tmp_path) / "ca.pem").write_bytes(b"planted")
    with pytest.raises(SignInError, match=r"ca\.pem cannot be trusted"):
        emulator_running.find_endpoint(tmp_path)


def test_without_an_emulator_the_error_tells_how_to_start_one(tmp_path: Path) -> None:
    """The next command stands in the message."""
    with pytest.raises(SignInError, match="emulator start"):
        emulator_running.find_endpoint(tmp_path)


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("https://localhost:8443", True),
        ("https://127.0.0.1:8443", True),
        ("https://[::1]:8443", True),
        ("https://api.localhost", True),
        ("http://localhost:8443", False),
        ("https://graph.microsoft.com", False),
        ("https://localhost.evil.example", False),
        ("https://127.0.0.1.evil.example", False),
        ("https://user@evil.example", False),
        ("localhost:8443", False),
    ],
)
def test_an_emulator_is_https_on_this_machine(url: str, local: bool) -> None:
    """Its tokens and secrets go nowhere else."""
    assert endpoint.is_loopback(url) is local


def test_secrets_of_the_environment_go_to_an_emulator_only_when_meant_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real client's secret is not posted to the emulator unless AZURE_AUTHORITY_HOST names it."""
    found = emulator_running.find_endpoint(pretend(monkeypatch, tmp_path))
    real = {"AZURE_CLIENT_ID": "real", "AZURE_CLIENT_SECRET": "real-secret", "AZURE_TENANT_ID": "rt"}
    assert credentials._form(found, real, None)["client_id"] == "c"
    meant = {**real, "AZURE_AUTHORITY_HOST": "https://localhost:8443"}
    assert credentials._form(found, meant, None) == {
        "tenant": "rt",
        "client_id": "real",
        "client_secret": "real-secret",
    }
    assertion = tmp_path / "assertion"
    assertion.write_text("jwt\n")
    federated = {
        "AZURE_CLIENT_ID": "f",
        "AZURE_FEDERATED_TOKEN_FILE": str(assertion),
        "AZURE_AUTHORITY_HOST": "https://localhost:8443/",
    }
    form = credentials._form(found, federated, None)
    assert (form["tenant"], form["client_assertion"]) == ("t", "jwt")
