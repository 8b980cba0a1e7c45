"""Describe a host that does not answer: its name, the proxy in between, and the reason."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from entra_config.errors import SignInError, UsageError

_ADVICE = "Check the network, the name of the host, and the variables HTTPS_PROXY and NO_PROXY."
_SCHEMES = {"http", "https", "socks5", "socks5h"}  # what httpx accepts


def check_proxies() -> None:
    """Refuse a variable that is not the address of a proxy: each library reads it in another way."""
    for scheme in ("http", "https", "all"):
        address = getproxies().get(scheme)
        if address and not _is_proxy(address):
            raise UsageError(
                f"{scheme.upper()}_PROXY is not the address of a proxy, such as http://proxy.example.com:8080"
            )


def describe(url: str, error: BaseException) -> str:
    """Return which host could not be reached, through which proxy, and why."""
    host = urlsplit(url).hostname or url
    first = _find_first(error)
    reason = getattr(first, "strerror", None) or str(first) or type(first).__name__
    return f"no response came from {host}{_through_proxy(url, host)}: {reason}"


def _find_first(error: BaseException) -> BaseException:
    """Return the error that was raised first: azure-core, requests, urllib3 and httpx each wrap it in another
    way.
    """
    places = (getattr(error, "inner_exception", None), getattr(error, "reason", None), error.__cause__)
    for wrapped in (*places, *error.args):
        if isinstance(wrapped, BaseException) and not isinstance(wrapped, BaseExceptionGroup):
            return _find_first(wrapped)
    return error


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
    return f" through the proxy {_split_proxy(proxy).netloc.rpartition('@')[2]}"


def _is_proxy(address: str) -> bool:
    try:
        parts = _split_proxy(address)
        port = parts.port  # ValueError if it is not a number
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.hostname) and parts.path in {"", "/"} and port != 0


def _split_proxy(address: str) -> SplitResult:
    return urlsplit(address if "://" in address else f"http://{address}")
