"""Check that a CA can vouch for this machine's loopback names alone."""

import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from entra_emulator.state import records
from entra_emulator.state.state_files import StateError

NAMES = frozenset({"localhost"})
NETWORKS = frozenset(ipaddress.ip_network(text) for text in ("127.0.0.1/32", "::1/128"))


def read_ca(state: Path) -> Path:
    """Return the CA file that a user may be advised to trust; StateError unless the emulator made it for
    loopback names alone.
    """
    path = records.find_ca(state)
    try:
        check_ca(path.read_bytes())
    except StateError as error:
        raise StateError(f"{path} cannot be trusted as the emulator's certificate: {error}") from error
    return path


def check_ca(pem: bytes) -> x509.Certificate:
    """Return the certificate of a CA file; StateError if it could vouch for more than loopback names."""
    try:
        found = x509.load_pem_x509_certificates(pem)
        ca = found[0]
        constraints = ca.extensions.get_extension_for_class(x509.NameConstraints)
        basic = ca.extensions.get_extension_for_class(x509.BasicConstraints)
        permitted = constraints.value.permitted_subtrees or []
        networks = {name.value for name in permitted if isinstance(name, x509.IPAddress)}
        names = {name.value for name in permitted if isinstance(name, x509.DNSName)}
        ca.verify_directly_issued_by(ca)
    except (ValueError, TypeError, IndexError, x509.ExtensionNotFound, InvalidSignature) as error:
        raise StateError(f"it is not a certificate that the emulator makes ({error})") from error
    if len(found) != 1:
        raise StateError(f"the file contains {len(found)} certificates instead of one")
    loopback = names == NAMES and networks == NETWORKS and len(permitted) == len(NAMES) + len(NETWORKS)
    if not (loopback and constraints.critical and not constraints.value.excluded_subtrees):
        raise StateError("it can vouch for other names than localhost, 127.0.0.1 and ::1")
    if not (basic.value.ca and basic.value.path_length == 0 and basic.critical):
        raise StateError("it can make other CAs: its path length is not 0")
    return ca


def check_pair(ca_pem: bytes, server_pem: bytes, key_pem: bytes) -> None:
    """Raise StateError unless the CA signed the server's certificate, and the key belongs to it."""
    from cryptography.hazmat.primitives import serialization

    ca = check_ca(ca_pem)
    try:
        (server,) = x509.load_pem_x509_certificates(server_pem)
        server.verify_directly_issued_by(ca)
        basic = server.extensions.get_extension_for_class(x509.BasicConstraints)
        public = serialization.load_pem_private_key(key_pem, None).public_key()
    except (ValueError, TypeError, x509.ExtensionNotFound, InvalidSignature) as error:
        raise StateError(f"the CA did not sign the server's certificate ({error})") from error
    if basic.value.ca or public != server.public_key():
        raise StateError("the server's certificate is itself a CA, or its key is another one")
