"""Describe a host that does not answer: its name, the proxy in between, and the reason."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from entra_config.errors import SignInError

_ADVICE = "Check the network, the name of the host, and the variables HTTPS_PROXY and NO_PROXY."
# What the system says of a connection, within the words of the libraries in between.
_REASON = re.compile(r"\[Errno -?\d+\] ([^'\")\]]+)")


def describe(url: str, error: BaseException) -> str:
    """Return which host could not be reached, through which proxy, and why."""
    host = urlsplit(url).hostname or url
    text = str(error) or type(error).__name__
    reasons = _REASON.findall(text)
    return f"no response came from {host}{_through_proxy(url, host)}: {reasons[-1] if reasons else text}"


def sign_in_error(name: str, url: str, error: Exception) -> SignInError:
    """Return why azure-identity has no token: Entra refused, or nothing answered at `url`."""
    if (cause := _connection_error(error)) is not None:
        return SignInError(f"{name}: {describe(url, cause)}. {_ADVICE}")
    message = str(getattr(error, "message", error))
    what = "Entra refused to sign in" if "AADSTS" in message else "the sign-in failed"
    return SignInError(f"{name}: {what}: {message}")


def _connection_error(error: BaseException) -> BaseException | None:
    """Return the connection's error, which azure-identity reports as a refused sign-in."""
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError

    found: BaseException | None = error
    while found is not None and not isinstance(found, ServiceRequestError | ServiceResponseError):
        found = found.__cause__ or found.__context__
    return found


def _through_proxy(url: str, host: str) -> str:
    proxy = getproxies().get(urlsplit(url).scheme or "https")
    if not proxy or proxy_bypass(host):
        return ""
    # The address of a proxy may contain a password.
    address = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return f" through the proxy {address.netloc.rpartition('@')[2]}"
