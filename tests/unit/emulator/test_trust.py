"""Trust in the emulator's CA: what is printed, what is done on Debian, and what would be done on macOS and
Windows.
"""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest

from entra_emulator import connect, tls, trust, trust_commands


@pytest.mark.parametrize(
    "client", ["curl", "Python", "Node", "Chromium", "Firefox", "the system", "macOS", "Windows"]
)
@pytest.mark.parametrize("remove", [False, True])
def test_each_client_is_explained(client: str, remove: bool) -> None:
    """Giving and taking the trust is told for each client."""
    lines = trust.explain(Path("/x/ca.pem"), remove=remove).splitlines()
    assert any(line.startswith(client) for line in lines)


def test_browsers_trust_and_forget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CA enters a browser's database and leaves it again."""
    assert shutil.which("certutil"), "certutil is not there: apt-get install libnss3-tools (`make test` does)"
    folder = tmp_path / "system"
    folder.mkdir()
    binaries = tmp_path / "bin"
    binaries.mkdir()
    update = binaries / "update-ca-certificates"
    update.write_text(f'#!/bin/sh\necho "updated $*" >> {tmp_path}/ran\n', encoding="utf-8")
    update.chmod(0o755)
    monkeypatch.setenv("PATH", f"{binaries}:/usr/bin:/bin")
    ca = tls.ensure(tmp_path / "state", dt.datetime.now(dt.UTC)).ca

    def listed() -> str:
        command = ["certutil", "-L", "-d", f"sql:{tmp_path / '.pki/nssdb'}"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    list(trust.apply(ca, folder=folder, home=tmp_path))
    assert (folder / trust.SYSTEM_NAME).read_bytes() == ca.read_bytes()
    assert trust.NICKNAME in listed()
    list(trust.apply(ca, remove=True, folder=folder, home=tmp_path))
    assert not list(folder.iterdir())
    assert (tmp_path / "ran").read_text(encoding="utf-8").splitlines() == ["updated ", "updated --fresh"]
    assert trust.NICKNAME not in listed()


def test_the_environment_covers_each_client(tmp_path: Path) -> None:
    """Both CA variables are printed, a path with a space is quoted, and an external client id brings no
    secret.
    """
    state = tmp_path / "with space"
    tls.ensure(state, dt.datetime.now(dt.UTC))
    text = connect.environment("https://localhost:1234", state)
    for name in [
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_FILE",
        "NODE_EXTRA_CA_CERTS",
        "AZURE_AUTHORITY_HOST",
        "AZURE_TENANT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_CLIENT_SECRET",
        "AZURE_CORE_INSTANCE_DISCOVERY",
        "ARM_METADATA_HOSTNAME",
    ]:
        assert f"export {name}=" in text
    script = f'{text}\nprintf \'%s|%s\' "$SSL_CERT_FILE" "$ARM_METADATA_HOSTNAME"'
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == f"{tmp_path / 'with space' / 'ca.pem'}|localhost:1234"
    assert "SECRET" not in connect.environment(
        "https://localhost:1234", state, "99999999-9999-9999-9999-999999999999"
    )


CA = Path("/home/me/ca.pem")
KEYCHAIN = "/home/me/Library/Keychains/login.keychain-db"
SUBJECT = trust_commands.COMMON_NAME
GONE = {
    "darwin": ["security", "delete-certificate", "-c", SUBJECT, "-t", KEYCHAIN],
    "win32": ["certutil.exe", "-user", "-delstore", "Root", SUBJECT],
}
GIVEN = {
    "darwin": ["security", "add-trusted-cert", "-r", "trustRoot", "-p", "ssl", "-k", KEYCHAIN, str(CA)],
    "win32": ["certutil.exe", "-user", "-addstore", "Root", str(CA)],
}


@pytest.mark.parametrize("platform", GONE)
@pytest.mark.parametrize("remove", [False, True])
def test_macos_and_windows_change_the_user_s_own_store(
    monkeypatch: pytest.MonkeyPatch, platform: str, remove: bool
) -> None:
    """Nobody's store but the user's, no administrator; what is there of an earlier emulator goes first."""
    ran: list[list[str]] = []
    monkeypatch.setattr(trust, "_run", lambda *words, **_: ran.append([*words]))
    monkeypatch.setattr("shutil.which", lambda _: None)
    reported = list(trust.apply(CA, remove=remove, home=Path("/home/me"), platform=platform))

    assert ran == ([GONE[platform]] if remove else [GONE[platform], GIVEN[platform]])
    assert len(reported) == 1
    assert reported[0].startswith("Removed from your" if remove else "Added to your")


def test_the_store_knows_the_ca_by_the_name_that_it_bears(tmp_path: Path) -> None:
    """What is taken away by name is what was given."""
    from cryptography import x509

    ca = x509.load_pem_x509_certificate(tls.ensure(tmp_path, dt.datetime.now(dt.UTC)).ca.read_bytes())
    assert [each.value for each in ca.subject] == [SUBJECT]


@pytest.mark.parametrize("system", ["macOS", "Windows"])
def test_a_ca_of_an_earlier_version_is_removed_by_its_own_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: trust_commands.System
) -> None:
    """The state folder keeps such a CA until it ends soon."""
    former = "entra-config emulator CA (development only, loopback only)"
    monkeypatch.setattr(trust_commands, "COMMON_NAME", former)
    ca = tls.ensure(tmp_path, dt.datetime.now(dt.UTC)).ca
    monkeypatch.undo()

    (gone,) = trust_commands.store(system, ca, Path("/home/me"), remove=True)
    assert former in gone.words
    assert SUBJECT not in gone.words


def test_windows_own_certutil_is_not_taken_for_that_of_browsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two programs have one name; a database of NSS is never made there."""
    ran: list[str] = []
    monkeypatch.setattr(trust, "_run", lambda *words, **_: ran.extend(words))
    monkeypatch.setattr("shutil.which", lambda name: f"C:\\Windows\\System32\\{name}.exe")
    list(trust.apply(CA, home=Path("/home/me"), platform="win32"))

    assert not [word for word in ran if "sql:" in word]
