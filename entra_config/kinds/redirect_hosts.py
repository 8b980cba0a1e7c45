"""A redirect URI and those beside it in; its class in the table of risk out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from entra_config.properties import REDIRECT_URIS
from entra_config.resource import Value

# Codes sent there stay on the machine of who signs in.
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def risk_class(uri: str, values: Mapping[str, Value] | None) -> str:
    """Return `redirect host` where no other redirect URI of the application leads, else `redirect URI`.

    `values` are its properties; None of one that is only created: where it begins to go is its own matter.
    """
    if values is None:
        return "redirect URI"
    others = {str(each) for path in REDIRECT_URIS for each in _list(values.get(path))} - {uri}
    where = _place(uri)
    beside = where in _OWN_MACHINE or any(_place(other) == where for other in others)
    return "redirect URI" if beside else "redirect host"


def _list(value: Value) -> Iterable[Value]:
    return value if isinstance(value, list | tuple | frozenset | set) else ()


def _place(uri: str) -> str:
    """Return the host; of a scheme of an app's own, the scheme."""
    try:
        parts = urlsplit(uri)
        return (parts.hostname or parts.scheme).casefold()
    except ValueError:  # no address at all: it leads where no other does
        return uri.casefold()
