"""Federated credentials and certificates, each key of them: the whole value, and all that is noted."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization

from entra_config.errors import Position
from entra_config.manifest.parts import Certificate
from entra_config.manifest.sections import credentials
from tests.unit.manifest.one_value import found, node
from tests.unit.manifest.self_signed import make_pem

PEM, MADE = make_pem("ci")
QUOTED = '"' + PEM.replace("\n", "\\n") + '"'


def certificate(label: str = "a", **changes: Any) -> Certificate:
    """Return the certificate as it is read."""
    plain: dict[str, Any] = {
        "display_name": label,
        "not_before": "2026-01-02T03:04:05Z",
        "not_after": "2030-01-02T03:04:05Z",
        "position": Position("f", 1, 6),
        **changes,
    }
    der = base64.b64encode(MADE.public_bytes(serialization.Encoding.DER)).decode()
    return Certificate(label, der, MADE.fingerprint(hashes.SHA1()).hex().upper(), **plain)


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("a.pem", certificate(), None),
        (QUOTED, certificate(), None),
        ("{ file: a.pem }", certificate(), None),
        (
            "{ file: a.pem, displayName: A, usage: Encrypt, until: 2027-01-31 }",
            certificate(display_name="A", usage="Encrypt", until=date(2027, 1, 31)),
            None,
        ),
        (f"{{ pem: {QUOTED}, usage: Verify }}", certificate(), None),
        (
            "{ file: a.pem, usage: Sign }",
            certificate(),
            "`usage`: `Sign` is none of `Verify` or `Encrypt`. Known: `Encrypt` and `Verify`.",
        ),
        ("{ generate: { in: web } }", None, None),
        ("null", None, None),
        ("{}", None, "a certificate needs `file` or `pem`, one of them"),
        ("{ file: a.pem, pem: x }", None, "a certificate needs `file` or `pem`, one of them"),
        ("[a.pem]", None, "`a`: expected a map, found a list"),
        ("7", None, "`file`: expected a string (write it in quotes), found the number 7"),
        ("none.pem", None, "`none.pem` cannot be read: No such file or directory"),
        ("../a.pem", None, "`../a.pem`: certificates stand below the root file's folder, named relative to this file"),
        ("/etc/a.pem", None, "`/etc/a.pem`: certificates stand below the root file's folder, named relative to this file"),
        ("binary.pem", None, "`binary.pem` is not a PEM file"),
        ("large.pem", None, "`large.pem` is too large for a certificate"),
        ("{ pem: x }", None, "certificate `a`: expected one PEM certificate, found no certificate (-----BEGIN CERTIFICATE-----)"),
    ],
)  # fmt: skip
def test_a_certificate(folder: Path, text: str, expected: Certificate | None, noted: str | None) -> None:
    """A file beside the manifest, or the text itself, and nothing else."""
    (folder / "a.pem").write_text(PEM, encoding="ascii")
    (folder / "binary.pem").write_bytes(b"\xff")
    (folder / "large.pem").write_text("a" * 100_001, encoding="ascii")
    root = Path("entra-config.yaml")

    value, problems = found(
        lambda reader, it: credentials.certificates(it, root, reader), node(f"{{ a: {text} }}")
    )

    assert value == (() if expected is None else (expected,))
    assert [each.split(": ", 1)[1] for each in problems] == ([noted] if noted else [])


def test_one_certificate_has_one_name(folder: Path) -> None:
    """The same one twice is noted at the second; without the key nothing is said of them."""
    (folder / "a.pem").write_text(PEM.ljust(100_000), encoding="ascii")
    root = Path("entra-config.yaml")

    def read(text: str) -> tuple[Any, list[str]]:
        return found(lambda reader, it: credentials.certificates(it, root, reader), node(text))

    value, problems = read("{ b: null, a: a.pem, c: { file: a.pem } }")
    assert [each.label for each in value] == ["a", "c"]
    assert problems == ["f:1:25: `c` is the same certificate as `a`"]
    assert read("") == (None, [])
    assert read("null") == ((), [])
