"""The emulator's certificates: what they vouch for, and what is left of the CA."""

import datetime as dt
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from entra_emulator import certificates, tls
from entra_emulator.state import state_files

NOW = dt.datetime.now(dt.UTC)


def load(path: Path) -> x509.Certificate:
    """Read a certificate."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_ca_vouches_for_loopback_names_only(tmp_path: Path) -> None:
    """The CA has critical name constraints for loopback, path length 0 and both key identifiers."""
    ca = load(tls.ensure(tmp_path, NOW).ca)
    constraints = ca.extensions.get_extension_for_class(x509.NameConstraints)
    assert constraints.critical
    assert [str(name.value) for name in constraints.value.permitted_subtrees or ()] == [
        "localhost",
        "127.0.0.1/32",
        "::1/128",
    ]
    basic = ca.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    assert ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    assert ca.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)


def test_the_leaf_names_loopback(tmp_path: Path) -> None:
    """The server's certificate is for localhost, *.localhost, 127.0.0.1 and ::1, signed by the CA."""
    files = tls.ensure(tmp_path, NOW)
    leaf, ca = load(files.certificate), load(files.ca)
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName)[:2] == ["localhost", "*.localhost"]
    assert all(name.endswith("localhost") for name in names.get_values_for_type(x509.DNSName))
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    leaf.verify_directly_issued_by(ca)
    assert leaf.not_valid_after_utc == ca.not_valid_after_utc
    assert leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)


def test_the_cas_key_is_nowhere(tmp_path: Path) -> None:
    """No file holds the CA's key, and all are readable by their owner only."""
    ca = load(tls.ensure(tmp_path / "state", NOW).ca)
    public = ca.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    for path in (tmp_path / "state").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        if b"PRIVATE" in path.read_bytes():
            from cryptography.hazmat.primitives.serialization import load_pem_private_key

            key = load_pem_private_key(path.read_bytes(), None)
            assert isinstance(key, ec.EllipticCurvePrivateKey)
            assert key.public_key().public_numbers() != public.public_numbers()
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_thirty_days_before_its_end_it_is_made_anew_and_a_second_earlier_not(tmp_path: Path) -> None:
    """And where any of the three files is gone."""
    now = NOW.replace(microsecond=0)
    first = tls.ensure(tmp_path, now)
    kept = first.ca.read_bytes()
    last = now + certificates.LIFETIME - tls.RENEW_BEFORE

    assert tls.ensure(tmp_path, last - dt.timedelta(seconds=1)).ca.read_bytes() == kept
    again = tls.ensure(tmp_path, last).ca.read_bytes()
    assert again != kept
    for path in (first.ca, first.certificate, first.key):
        path.unlink()
        made = tls.ensure(tmp_path, last).ca.read_bytes()
        assert made != again
        again = made


def test_a_private_file_comes_whole_or_not_at_all(tmp_path: Path) -> None:
    """What fails half-way leaves the file that was there, and no draft; the draft that a killed process left
    behind is in nobody's way; folders that are made are their owner's alone.
    """
    path = tmp_path / "new" / "key"
    state_files.write_private(path, b"first")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700

    drafts: list[Path] = []

    def fail() -> None:
        with state_files.private_file(path) as file:
            file.write(b"half")
            drafts.extend(each for each in path.parent.iterdir() if each != path)
            assert stat.S_IMODE(drafts[0].stat().st_mode) == 0o600
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    (draft,) = drafts
    assert [each.name for each in path.parent.iterdir()] == ["key"]
    assert path.read_bytes() == b"first"

    draft.write_bytes(b"of somebody who was killed")
    draft.chmod(0o644)
    state_files.write_private(path, b"second")
    assert [(each.read_bytes(), stat.S_IMODE(each.stat().st_mode)) for each in path.parent.iterdir()] == [
        (b"second", 0o600)
    ]


@pytest.mark.parametrize("name", ["localhost", "login.localhost", "127.0.0.1", "::1"])
def test_a_strict_client_accepts_it(tmp_path: Path, name: str) -> None:
    """A client with Python 3.13's strict checks accepts the chain for each loopback name."""
    files = tls.ensure(tmp_path, NOW)
    assert handshake(files, name, files.ca) == ""


def test_a_strict_client_refuses_other_names(tmp_path: Path) -> None:
    """For any other name the client refuses the leaf, and so it would any leaf of this CA."""
    files = tls.ensure(tmp_path, NOW)
    assert "Hostname mismatch" in handshake(files, "login.microsoftonline.com", files.ca)


def test_a_leaf_for_a_public_name_breaks_the_constraints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a leaf that this CA signed for a public name is refused by who trusts the CA."""
    monkeypatch.setattr(certificates, "DNS_NAMES", ("login.microsoftonline.com",))
    files = tls.ensure(tmp_path, NOW)
    assert "permitted subtree violation" in handshake(files, "login.microsoftonline.com", files.ca)


def handshake(files: tls.TlsFiles, name: str, ca: Path) -> str:
    """Shake hands over a socket pair; return the client's complaint."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(files.certificate, files.key)
    client = ssl.create_default_context(cafile=str(ca))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except (ssl.SSLError, OSError):
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        client.wrap_socket(ours, server_hostname=name).close()
    except ssl.SSLError as error:
        return str(error)
    finally:
        ours.close()
        thread.join()
    return ""
