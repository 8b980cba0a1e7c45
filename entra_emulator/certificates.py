"""A time in; a certificate for loopback names, its key and the CA that vouches for it out, in PEM."""

import datetime as dt
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from entra_emulator import trust_commands

# OpenSSL matches no wildcard right below a top-level name, so the names that one may want stand here too.
DNS_NAMES = ("localhost", "*.localhost", "emulator.localhost", "login.localhost", "graph.localhost")
ADDRESSES = ("127.0.0.1", "::1")
LIFETIME = dt.timedelta(days=397)


def make(now: dt.datetime) -> tuple[bytes, bytes, bytes]:
    """Make the certificate of a new CA, and a leaf with its key; both certificates end together.

    The CA's key dies here. So whoever reads the key of the leaf can speak for loopback names at most, which
    the CA's critical name constraints hold even if a machine trusts it.
    """
    ca_key = ec.generate_private_key(ec.SECP256R1())
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    ca = _ca(ca_key, now)
    leaf = _leaf(leaf_key.public_key(), ca, ca_key, now)
    pem = serialization.Encoding.PEM
    private = leaf_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return ca.public_bytes(pem), leaf.public_bytes(pem), private


def _ca(key: ec.EllipticCurvePrivateKey, now: dt.datetime) -> x509.Certificate:
    subtrees: list[x509.GeneralName] = [
        # A DNS constraint covers the names below it too, so this is *.localhost as well.
        x509.DNSName("localhost"),
        *(x509.IPAddress(ipaddress.ip_network(address)) for address in ADDRESSES),
    ]
    name = _name(trust_commands.COMMON_NAME)
    constraints = x509.NameConstraints(permitted_subtrees=subtrees, excluded_subtrees=None)
    builder = _builder(name, key.public_key(), now).add_extension(constraints, critical=True)
    return _signed(builder, x509.BasicConstraints(ca=True, path_length=0), key.public_key(), name, key)


def _leaf(
    public: ec.EllipticCurvePublicKey,
    ca: x509.Certificate,
    ca_key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
) -> x509.Certificate:
    names: list[x509.GeneralName] = [
        *(x509.DNSName(name) for name in DNS_NAMES),
        *(x509.IPAddress(ipaddress.ip_address(address)) for address in ADDRESSES),
    ]
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    builder = (
        _builder(_name("entra-emulator"), public, now)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(usage, critical=False)
    )
    return _signed(builder, x509.BasicConstraints(ca=False, path_length=None), public, ca.subject, ca_key)


def _builder(
    subject: x509.Name, public: ec.EllipticCurvePublicKey, now: dt.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
    )


def _signed(
    builder: x509.CertificateBuilder,
    constraints: x509.BasicConstraints,
    public: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    return (
        builder.issuer_name(issuer)
        .add_extension(constraints, critical=True)
        .add_extension(_key_usage(signs_certificates=constraints.ca), critical=True)
        # Python 3.13 verifies strictly and wants both key identifiers.
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
