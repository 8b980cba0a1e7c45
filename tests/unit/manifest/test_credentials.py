"""Federated credentials and certificates."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization

from entra_config.manifest.sections.credentials import CertificateError, parse_certificate
from tests.unit.manifest.conftest import One
from tests.unit.manifest.self_signed import make_pem

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("year", [2030, 2060])
def test_a_certificate_is_read(year: int) -> None:
    """DER, thumbprint and validity are what it was made of, for both forms of time."""
    pem, certificate = make_pem("ci", year=year)
    parsed = parse_certificate(pem)
    assert parsed.der == certificate.public_bytes(serialization.Encoding.DER)
    assert parsed.thumbprint == certificate.fingerprint(hashes.SHA1()).hex().upper()
    assert (parsed.not_before, parsed.not_after) == ("2026-01-02T03:04:05Z", f"{year}-01-02T03:04:05Z")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "found no certificate"),
        ("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----", "holds no X.509"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "holds no X.509"),
        ("-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", "there is a private key in it"),
        ("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----" * 2, "found 2 certificates"),
    ],
)
def test_what_is_no_certificate_is_said(text: str, message: str) -> None:
    """A private key above all."""
    with pytest.raises(CertificateError, match=message):
        parse_certificate(text)


def test_a_certificate_cut_anywhere_is_an_error() -> None:
    """Part of a certificate is told like any other text that is none."""
    der = parse_certificate(make_pem()[0]).der
    for length in range(1, len(der) - 1, 7):
        with pytest.raises(CertificateError):
            parse_certificate(
                f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(der[:length]).decode()}\n-----END CERTIFICATE-----"
            )


def test_the_library_is_loaded_for_manifests_that_have_certificates() -> None:
    """Reading the example, which has none, does not load cryptography."""
    code = (
        "import sys; from pathlib import Path; from entra_config.manifest import loader; "
        "loader.load(Path('manifests'), 'dev'); print('cryptography' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.split() == ["False"]


def test_certificates_are_files_or_texts(one: One, folder: Path) -> None:
    """A path is relative to the manifest that names it; a PEM may stand in it; absent is not managed."""
    first, second, third = (make_pem(name)[0] for name in ("a", "b", "c"))
    (folder / "keys").mkdir()
    (folder / "keys" / "a.pem").write_text(first)
    (folder / "keys" / "b.pem").write_text(second)
    inline = third.replace("\n", "\\n")
    body = f'certificates: {{ a: keys/a.pem, b: {{ file: keys/b.pem, displayName: B, usage: Encrypt }}, c: {{ pem: "{inline}" }} }}'
    found = one(f"type: daemon, {body}").certificates
    assert found is not None
    assert [(item.label, item.display_name, item.usage) for item in found] == [
        ("a", "a", "Verify"),
        ("b", "B", "Encrypt"),
        ("c", "c", "Verify"),
    ]
    assert [base64.b64decode(item.der) for item in found] == [
        parse_certificate(text).der for text in (first, second, third)
    ]
    assert one("type: daemon").certificates is None
