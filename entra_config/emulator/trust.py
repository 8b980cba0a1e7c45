"""The CA's file in; how to trust it, or on Debian the doing of it, out."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SYSTEM_FOLDER = Path("/usr/local/share/ca-certificates")
SYSTEM_NAME = "entra-config-emulator.crt"
NICKNAME = "entra-config emulator"


class TrustError(Exception):
    """The trust could not be given or taken; the message says what lacks."""


def explain(ca: Path, *, remove: bool = False) -> str:
    """Return, client by client, what gives or takes the trust."""
    return _removal(ca) if remove else _giving(ca)


def apply(
    ca: Path, *, remove: bool = False, folder: Path = SYSTEM_FOLDER, home: Path | None = None
) -> Iterator[str]:
    """Give or take the trust in the system's store and the user's browsers; yields what was done."""
    yield _system(ca, folder, remove=remove)
    certutil = shutil.which("certutil")
    if certutil is None:
        yield "Browsers were left alone: certutil is missing (apt-get install libnss3-tools)."
        return
    for database in nss_databases(home or Path.home()):
        if not remove:
            database.mkdir(parents=True, exist_ok=True)
            if not (database / "cert9.db").exists():
                _run(certutil, "-N", "-d", f"sql:{database}", "--empty-password")
        _run(certutil, "-D", "-d", f"sql:{database}", "-n", NICKNAME, may_fail=True)
        if not remove:
            _run(certutil, "-A", "-d", f"sql:{database}", "-n", NICKNAME, "-t", "C,,", "-i", str(ca))
        yield f"{'No longer trusted' if remove else 'Trusted'} by browsers that use {database}."


def nss_databases(home: Path) -> list[Path]:
    """Return Chromium's database, present or not, and those of the Firefox profiles that exist."""
    firefox = [
        *home.glob(".mozilla/firefox/*/cert9.db"),
        *home.glob("snap/firefox/common/.mozilla/firefox/*/cert9.db"),
    ]
    return [home / ".pki/nssdb", *sorted(path.parent for path in firefox)]


def _system(ca: Path, folder: Path, *, remove: bool) -> str:
    update = shutil.which("update-ca-certificates") or "/usr/sbin/update-ca-certificates"
    if not Path(update).exists():
        raise TrustError(
            "this is no Debian: update-ca-certificates is missing; see `emulator trust` without --yes"
        )
    target = folder / SYSTEM_NAME
    if not os.access(folder, os.W_OK):
        raise TrustError(f"{folder} cannot be written to: run it as root")
    if remove:
        target.unlink(missing_ok=True)
    else:
        shutil.copyfile(ca, target)
        target.chmod(0o644)
    _run(update, *(("--fresh",) if remove else ()))
    return f"{'Removed from' if remove else 'Added to'} the system's store ({target})."


def _run(*command: str, may_fail: bool = False) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # fixed programs
    if done.returncode and not may_fail:
        raise TrustError(f"{command[0]}: {(done.stderr or done.stdout).strip()}")


def _giving(ca: Path) -> str:
    return f"""\
The CA of this emulator vouches for localhost, *.localhost, 127.0.0.1 and ::1 and for nothing else (critical \
name
constraints), and its key no longer exists. It is in {ca}

curl        curl --cacert {ca} …     or: export CURL_CA_BUNDLE={ca}
Python      export SSL_CERT_FILE={ca} REQUESTS_CA_BUNDLE={ca}
Node        export NODE_EXTRA_CA_CERTS={ca}
Chromium    mkdir -p ~/.pki/nssdb && certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n "{NICKNAME}" -i {ca}
            (certutil is in libnss3-tools; make a missing database with certutil -d sql:$HOME/.pki/nssdb -N \
--empty-password)
Firefox     Settings, Privacy & Security, View Certificates, Authorities, Import; or for a profile:
            certutil -d sql:PROFILE-FOLDER -A -t C,, -n "{NICKNAME}" -i {ca}
the system  sudo cp {ca} {SYSTEM_FOLDER / SYSTEM_NAME} && sudo update-ca-certificates

`entra-config emulator trust --yes` does the system's and the browsers' part on Debian and its kin."""


def _removal(ca: Path) -> str:
    return f"""\
curl        unset CURL_CA_BUNDLE
Python      unset SSL_CERT_FILE REQUESTS_CA_BUNDLE
Node        unset NODE_EXTRA_CA_CERTS
Chromium    certutil -d sql:$HOME/.pki/nssdb -D -n "{NICKNAME}"
Firefox     certutil -d sql:PROFILE-FOLDER -D -n "{NICKNAME}"
the system  sudo rm -f {SYSTEM_FOLDER / SYSTEM_NAME} && sudo update-ca-certificates --fresh

`entra-config emulator trust --remove --yes` does the system's and the browsers' part; the CA itself is \
{ca}."""
