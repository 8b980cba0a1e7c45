"""A system and the CA's file in; the commands that give or take the trust there, as argument lists, out.

Those for macOS and Windows are held by tests of the lists, and were not run (docs/not-run-here.md). Sources:
security(1), `certutil -?` of Windows, NSS's certutil(1).
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

System = Literal["macOS", "Windows", "Linux"]
NICKNAME = "entra-emulator"
# The common name of a new CA. One that an earlier version made has another: `read_common_name`.
COMMON_NAME = "entra-emulator CA (development only, loopback only)"


@dataclass(frozen=True)
class Command:
    """One command; `may_fail` where what it removes need not be there."""

    words: tuple[str, ...]
    what: str
    may_fail: bool = False


def system_of(platform: str) -> System:
    """Name the system, as `sys.platform` says it."""
    return "macOS" if platform == "darwin" else "Windows" if platform == "win32" else "Linux"


def read_common_name(ca: Path) -> str:
    """Return the common name of a CA's certificate, by which the stores of macOS and Windows know it; that
    of a new one if the file is missing or is no certificate.
    """
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        trust.load_verify_locations(ca)
    except OSError:
        return COMMON_NAME
    subjects: Any = [found["subject"] for found in trust.get_ca_certs()]
    pairs = [pair for subject in subjects for part in subject for pair in part]
    names = [value for name, value in pairs if name == "commonName"]
    return str(names[0]) if names else COMMON_NAME


def store(system: System, ca: Path, home: Path, *, remove: bool) -> Sequence[Command]:
    """Return what changes the user's own store of macOS or Windows; nobody else's, so no administrator is
    asked for.
    """
    if system == "Linux":
        return ()
    name = read_common_name(ca)
    if system == "macOS":
        keychain = str(home / "Library/Keychains/login.keychain-db")
        gone: tuple[str, ...] = ("security", "delete-certificate", "-c", name, "-t", keychain)
        given: tuple[str, ...] = (
            "security",
            "add-trusted-cert",
            "-r",
            "trustRoot",
            "-p",
            "ssl",
            "-k",
            keychain,
            str(ca),
        )
        where = "your login keychain (Safari, Chrome, Edge, curl)"
    else:
        gone = ("certutil.exe", "-user", "-delstore", "Root", name)
        given = ("certutil.exe", "-user", "-addstore", "Root", str(ca))
        where = "your own store of root certificates (Edge, Chrome)"
    taken = Command(gone, f"Removed from {where}.", may_fail=True)
    return (taken,) if remove else (Command(gone, "", may_fail=True), Command(given, f"Added to {where}."))


def nss(database: Path, ca: Path, certutil: str, *, remove: bool) -> Sequence[Command]:
    """Return what changes one database of NSS, which Firefox and, on Linux, Chromium read."""
    where = ("-d", f"sql:{database}", "-n", NICKNAME)
    gone = Command(
        (certutil, "-D", *where), f"No longer trusted by browsers that use {database}.", may_fail=True
    )
    if remove:
        return (gone,)
    given = Command(
        (certutil, "-A", *where, "-t", "C,,", "-i", str(ca)), f"Trusted by browsers that use {database}."
    )
    return (Command(gone.words, "", may_fail=True), given)


def databases(system: System, home: Path) -> list[Path]:
    """Return Chromium's database on Linux, present or not, and those of the Firefox profiles that exist."""
    profiles = {
        "macOS": ("Library/Application Support/Firefox/Profiles",),
        "Windows": ("AppData/Roaming/Mozilla/Firefox/Profiles",),
        "Linux": (".mozilla/firefox", "snap/firefox/common/.mozilla/firefox"),
    }[system]
    found = sorted(path.parent for folder in profiles for path in (home / folder).glob("*/cert9.db"))
    return [home / ".pki/nssdb", *found] if system == "Linux" else found
