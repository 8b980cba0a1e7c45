"""Host names in; which of them resolve, asked of this machine's resolver, out: all that lint looks at
outside, on request.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from entra_config import uris
from entra_config.lint.subject import LintSubject

AT_ONCE = 16
# No such name, or a name without an address; whatever else goes wrong says nothing of the name.
_NONE = frozenset(
    number for name in ("EAI_NONAME", "EAI_NODATA") if (number := getattr(socket, name, None)) is not None
)

Lookup = Callable[[str], bool | None]


def of(subjects: Iterable[LintSubject]) -> frozenset[str]:
    """Return the hosts of redirect URIs that could be somebody's: no wildcard, not this machine."""
    named = (each.uri for subject in subjects for each in subject.redirects)
    found = {
        uris.host(uri) for uri in named if uris.scheme(uri) in {"http", "https"} and not uris.is_local(uri)
    }
    return frozenset(name for name in found if name and "*" not in name and "$" not in name)


def lookup(name: str) -> bool | None:
    """Tell whether a name resolves; None where nobody could be asked."""
    try:
        socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        return False if error.errno in _NONE else None
    except (OSError, UnicodeError):
        return None
    return True


def resolved(names: Iterable[str], look: Lookup = lookup) -> tuple[Mapping[str, bool], tuple[str, ...]]:
    """Return which names resolve, side by side, and those of which it could not be found out."""
    ordered = sorted(names)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = dict(zip(ordered, pool.map(look, ordered), strict=True))
    return {name: found for name, found in results.items() if found is not None}, tuple(
        name for name, found in results.items() if found is None
    )
