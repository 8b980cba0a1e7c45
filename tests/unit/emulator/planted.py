"""State folders as an attacker plants them in a checkout, drawn at random. It knows no function of the
emulator but file names, so that what it plants stays what it is.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)
LOOPBACK = ["127.0.0.1", "::1"]
SHAPES = (
    "as ours",
    "another name",
    "another network",
    "path length 1",
    "no path length",
    "not critical",
    "no names",
)
LINKS = ("", "", "", "the folder", "its parent", "ca.pem", "server.key", "sign-in.json")
OTHER_USER = 12345


@dataclass(frozen=True)
class Plant:
    """What was planted, and where the emulator looks for it."""

    state: Path
    ca: bytes
    secrets: bytes
    # Files outside the folder, to which links lead, with what they contain.
    outside: dict[Path, bytes]
    described: str


def plant(root: Path, rng: Random, *, pid: int, port: int, ca: CaFiles) -> Plant:
    """Make one state folder below `root`."""
    outside_folder = root / "outside"
    outside_folder.mkdir()
    checkout = root / "checkout"
    checkout.mkdir()
    state = checkout / ".entra-config/emulator"
    link = rng.choice(LINKS)
    if link == "its parent":
        (outside_folder / "emulator").mkdir()
        state.parent.symlink_to(outside_folder)
    else:
        state.parent.mkdir()
        if link == "the folder":
            state.symlink_to(outside_folder)
        else:
            state.mkdir()
    secrets = b'{"keys": {}, "seal": ""}'
    run = {
        "pid": pid, "host": "127.0.0.1", "port": port,
        "tenantId": "11111111-1111-1111-1111-111111111111", "clientId": "c", "clientSecret": "s",
    }  # fmt: skip
    contents = {
        "ca.pem": ca.ca, "server.pem": ca.certificate, "server.key": ca.key,
        "sign-in.json": secrets, "run.json": json.dumps(run).encode(),
    }  # fmt: skip
    if rng.random() < 0.3:
        del contents["sign-in.json"]
    outside = {}
    for name, data in contents.items():
        place = state / name
        if link == name:
            place = outside_folder / f"of the user {name}"
            (state / name).symlink_to(place)
        place.write_bytes(data)
        if "outside" in place.resolve().parts:
            outside[place.resolve()] = data
    mode = rng.choice((0o600, 0o644, 0o664, 0o666))
    for name in contents:
        (state / name).chmod(mode)
    owner = "another user" if os.geteuid() == 0 and rng.random() < 0.25 else "the user"
    if owner == "another user":
        for path in rng.sample([state, *(state / name for name in contents)], 2):
            os.chown(path, OTHER_USER, OTHER_USER)
    state.chmod(rng.choice((0o700, 0o755, 0o775, 0o777)))
    return Plant(state, ca.ca, secrets, outside, f"{ca.shape}, link: {link}, {mode:o}, {owner}, pid {pid}")


@dataclass(frozen=True)
class CaFiles:
    """A foreign CA with a server's certificate."""

    shape: str
    ca: bytes
    certificate: bytes
    key: bytes


def make_ca(shape: str, *, two: bool) -> CaFiles:
    """Make a foreign CA and a certificate for localhost; `two`: its file contains one more CA."""
    key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    permitted: list[x509.GeneralName] = [x509.DNSName("localhost")]
    permitted += [x509.IPAddress(ipaddress.ip_network(address)) for address in LOOPBACK]
    if shape == "another name":
        permitted.append(x509.DNSName("bank.example"))
    if shape == "another network":
        permitted.append(x509.IPAddress(ipaddress.ip_network("10.0.0.0/8")))
    length = {"path length 1": 1, "no path length": None}.get(shape, 0)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "planted")])
    builder = _builder(name, name, key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=length), critical=True
    )
    if shape != "no names":
        builder = builder.add_extension(
            x509.NameConstraints(permitted, None), critical=shape != "not critical"
        )
    ca = _finish(builder, key, key, signs=True)
    leaf = _builder(x509.Name([]), name, leaf_key.public_key()).add_extension(
        x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True
    )
    leaf = leaf.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    pem = serialization.Encoding.PEM
    data = ca.public_bytes(pem)
    if two:
        data += _finish(builder, key, key, signs=True).public_bytes(pem)
    return CaFiles(
        f"{shape}{', two' if two else ''}",
        data,
        _finish(leaf, leaf_key, key, signs=False).public_bytes(pem),
        leaf_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )


@contextmanager
def serve(folder: Path, ca: CaFiles) -> Iterator[int]:
    """Give the port of a foreign server with that certificate, which answers everything with 200."""
    for name, data in (("server.pem", ca.certificate), ("server.key", ca.key)):
        (folder / name).write_bytes(data)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = json.dumps({"proof": "0" * 64, "access_token": "planted"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815  # http.server's name

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def names_of(pem: bytes) -> tuple[bool, int | None, set[str]]:
    """Read a CA for the judge: are its names critical, its path length, and the names it may vouch for."""
    (ca,) = x509.load_pem_x509_certificates(pem)
    constraints = ca.extensions.get_extension_for_class(x509.NameConstraints)
    basic = ca.extensions.get_extension_for_class(x509.BasicConstraints)
    names = {str(name.value) for name in constraints.value.permitted_subtrees or []}
    return constraints.critical, basic.value.path_length, names


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(hours=1))
        .not_valid_after(NOW + dt.timedelta(days=365))
    )


def _finish(
    builder: x509.CertificateBuilder,
    of: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    *,
    signs: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs, crl_sign=signs,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        builder.add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(of.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .sign(by, hashes.SHA256())
    )
