"""Give a state folder a certificate for loopback names and the CA that vouches for it."""

import datetime as dt
import ssl
from dataclasses import dataclass
from pathlib import Path

from entra_emulator.state import records
from entra_emulator.state.state_files import CA_FILE, CERTIFICATE_FILE, KEY_FILE, SECRETS_FILE

RENEW_BEFORE = dt.timedelta(days=30)
NAMES = (CA_FILE, CERTIFICATE_FILE, KEY_FILE)


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
    """Return the files of `state`, made anew when the emulator did not make them or they end soon."""
    made = records.read_made(state, NAMES)
    if made is None or _ends_soon(made[CA_FILE], now):
        if made is None:
            # Whoever planted a certificate can have planted keys that sign tokens.
            _delete_planted_secrets(state)
        _create(state, now)
    return TlsFiles.of(state)


def share(source: Path, target: Path) -> None:
    """Let the emulator of another folder serve with the certificate of `source`."""
    made = records.read_made(source, NAMES)
    assert made is not None, f"{source} has no certificate: call `ensure` first"
    records.write_made(target, made)


def _create(state: Path, now: dt.datetime) -> None:
    # What makes certificates takes a fifth of a start to load, and is needed once a year.
    from entra_emulator import certificates
    from entra_emulator.state import certificate_check

    ca, certificate, key = certificates.make(now)
    certificate_check.check_pair(ca, certificate, key)
    records.write_made(state, {CA_FILE: ca, CERTIFICATE_FILE: certificate, KEY_FILE: key})


def _delete_planted_secrets(state: Path) -> None:
    if records.read_made(state, [SECRETS_FILE]) is None:
        (state / SECRETS_FILE).unlink(missing_ok=True)


def _ends_soon(ca: bytes, now: dt.datetime) -> bool:
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.load_verify_locations(cadata=ca.decode("ascii"))
    # The leaf was made with its CA, and ends with it.
    ends = [ssl.cert_time_to_seconds(str(found["notAfter"])) for found in trust.get_ca_certs()]
    return min(ends) - RENEW_BEFORE.total_seconds() <= now.timestamp()
