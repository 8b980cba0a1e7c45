"""A redirect URI and those beside it in; its class in the table of risk out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from entra_config import uris
from entra_config.properties import REDIRECT_URIS
from entra_config.resource import Value


def risk_class(uri: str, values: Mapping[str, Value] | None) -> str:
    """Return `redirect host` where no other redirect URI of the application leads, else `redirect URI`.

    `values` are its properties; None of one that is only created: where it begins to go is its own matter.
    """
    if values is None:
        return "redirect URI"
    others = {str(each) for path in REDIRECT_URIS for each in _list(values.get(path))} - {uri}
    # Codes sent to the machine itself stay with the person who signs in.
    beside = uris.is_local(uri) or _place(uri) in map(_place, others)
    return "redirect URI" if beside else "redirect host"


def _list(value: Value) -> Iterable[Value]:
    return value if isinstance(value, list | tuple | frozenset | set) else ()


def _place(uri: str) -> str:
    """Return the host, or the scheme of a URI that has none, such as that of an app on a phone."""
    return uris.host(uri) or uris.scheme(uri)
