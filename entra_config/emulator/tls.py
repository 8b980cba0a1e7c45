"""A state folder in, a certificate for loopback names and the CA that vouches for it out."""

import datetime as dt
import ssl
from dataclasses import dataclass
from pathlib import Path

from entra_config.emulator.state_files import CA_FILE, CERTIFICATE_FILE, KEY_FILE, write_private

RENEW_BEFORE = dt.timedelta(days=30)


@dataclass(frozen=True)
class TlsFiles:
    """Where the CA certificate, the server's certificate and the server's key lie."""

    ca: Path
    certificate: Path
    key: Path

    @classmethod
    def of(cls, state: Path) -> "TlsFiles":
        """Name the files of a state folder, whether they are there or not."""
        return cls(state / CA_FILE, state / CERTIFICATE_FILE, state / KEY_FILE)


def ensure(state: Path, now: dt.datetime) -> TlsFiles:
    """Return the files of `state`, made anew when they are missing or soon too old."""
    files = TlsFiles.of(state)
    if not _usable(files, now):
        create(files, now)
    return files


def create(files: TlsFiles, now: dt.datetime) -> None:
    """Write a new CA certificate and a leaf; the CA's key is never written."""
    # What makes certificates takes a fifth of a start to load, and is needed once a year.
    from entra_config.emulator import certificates

    ca, certificate, private = certificates.make(now)
    write_private(files.ca, ca)
    write_private(files.certificate, certificate)
    write_private(files.key, private)


def _usable(files: TlsFiles, now: dt.datetime) -> bool:
    if not all(path.is_file() for path in (files.ca, files.certificate, files.key)):
        return False
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(files.ca)
    # The leaf was made with its CA, and ends with it.
    ends = [ssl.cert_time_to_seconds(str(each["notAfter"])) for each in trust.get_ca_certs()]
    return bool(ends) and min(ends) - RENEW_BEFORE.total_seconds() > now.timestamp()
