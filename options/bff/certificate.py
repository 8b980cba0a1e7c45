"""What a server behind a load balancer serves TLS with: a certificate of one start, which nobody checks."""

import datetime as dt
import os
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "task")])
LIFE = dt.timedelta(days=365)


def context() -> ssl.SSLContext:
    """Return a server's side of TLS 1.2 and 1.3, with a new key that is on no disk (Linux alone).

    It hides what is said from whoever only listens. A client that does not check who answers, as no load
    balancer of AWS does, is told nothing by it of who that is.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + LIFE)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.minimum_version = ssl.TLSVersion.TLSv1_2
    # OpenSSL reads them from a file by its name; this one is in memory, and gone after.
    with os.fdopen(os.memfd_create("certificate"), "wb") as file:
        file.write(private + made.public_bytes(serialization.Encoding.PEM))
        file.flush()
        served.load_cert_chain(f"/proc/self/fd/{file.fileno()}")
    return served
