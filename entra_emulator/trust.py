"""The CA's file in; how to trust it, or on Debian, macOS and Windows the doing of it, out."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from entra_emulator import trust_commands
from entra_emulator.program import program_name

SYSTEM_FOLDER = Path("/usr/local/share/ca-certificates")
SYSTEM_NAME = "entra-emulator.crt"
NICKNAME = trust_commands.NICKNAME


class TrustError(Exception):
    """The trust could not be given or taken; the message says what lacks."""


def explain(ca: Path, *, remove: bool = False) -> str:
    """Return, client by client, what gives or takes the trust."""
    return _removal(ca) if remove else _giving(ca)


def apply(
    ca: Path,
    *,
    remove: bool = False,
    root: bool = True,
    folder: Path = SYSTEM_FOLDER,
    home: Path | None = None,
    platform: str = sys.platform,
) -> Iterator[str]:
    """Give or take the trust in the system's store and the user's browsers; yields what was done.

    Linux's store, which needs root, is left out where `root` is false, or where there is nothing to take.
    """
    system, at = trust_commands.system_of(platform), home or Path.home()
    if system == "Linux" and root and not (remove and not (folder / SYSTEM_NAME).exists()):
        yield _system(ca, folder, remove=remove)
    for command in trust_commands.store(system, ca, at, remove=remove):
        yield from _carried_out(command)
    # Windows has a certutil of its own, which is another program; Firefox reads the system's store there.
    certutil = None if system == "Windows" else shutil.which("certutil")
    if certutil is None:
        lacking = "certutil is missing (apt-get install libnss3-tools)"
        if system == "Linux" and not root and not remove:
            raise TrustError(lacking)
        if system == "Linux":
            yield f"Browsers were left alone: {lacking}."
        return
    for database in trust_commands.databases(system, at):
        if not remove:
            database.mkdir(parents=True, exist_ok=True)
            if not (database / "cert9.db").exists():
                _run(certutil, "-N", "-d", f"sql:{database}", "--empty-password")
        for command in trust_commands.nss(database, ca, certutil, remove=remove):
            yield from _carried_out(command)


def _carried_out(command: trust_commands.Command) -> Iterator[str]:
    _run(*command.words, may_fail=command.may_fail)
    if command.what:
        yield command.what


def _system(ca: Path, folder: Path, *, remove: bool) -> str:
    update = shutil.which("update-ca-certificates") or "/usr/sbin/update-ca-certificates"
    if not Path(update).exists():
        raise TrustError(
            "this is not Debian: update-ca-certificates is missing; see `emulator trust` without --yes"
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
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # fixed programs
    except FileNotFoundError as error:
        raise TrustError(f"{command[0]} is not there") from error
    if done.returncode and not may_fail:
        raise TrustError(f"{command[0]}: {(done.stderr or done.stdout).strip()}")


def _shown(system: trust_commands.System, ca: Path, *, remove: bool) -> str:
    """Return the last command of a system's store, as a person types it there."""
    words = trust_commands.store(system, ca, Path("~"), remove=remove)[-1].words
    return subprocess.list2cmdline(words)


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
macOS       {_shown("macOS", ca, remove=False)}
Windows     {_shown("Windows", ca, remove=False)}

`{program_name()} trust --yes` does the system's and the browsers' part on Debian and its kin, on macOS \
and on Windows
(these two were not run by any test); `--undo` takes it away."""


def _removal(ca: Path) -> str:
    return f"""\
curl        unset CURL_CA_BUNDLE
Python      unset SSL_CERT_FILE REQUESTS_CA_BUNDLE
Node        unset NODE_EXTRA_CA_CERTS
Chromium    certutil -d sql:$HOME/.pki/nssdb -D -n "{NICKNAME}"
Firefox     certutil -d sql:PROFILE-FOLDER -D -n "{NICKNAME}"
the system  sudo rm -f {SYSTEM_FOLDER / SYSTEM_NAME} && sudo update-ca-certificates --fresh
macOS       {_shown("macOS", ca, remove=True)}
Windows     {_shown("Windows", ca, remove=True)}

`{program_name()} trust --remove --yes` does the system's and the browsers' part; the CA itself is \
{ca}."""
