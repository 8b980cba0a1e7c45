"""The rules on redirect URIs and identifier URIs, as problems in words.

Type `application` is for what exists already, so Graph's own bounds are all that is asked of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from entra_config.manifest.fields import limits
from entra_config.manifest.reading.reader import GUID
from entra_config.resource import Text

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_LOOPBACK = re.compile(r"(localhost|127\.0\.0\.1)(:\d{1,5})?", re.IGNORECASE)
_SCHEMES = {"web": ("https", "http", "ms-appx-web", "urn"), "spa": ("https", "http", "brk-multihub")}
_FORBIDDEN = "!$'(),;"
_SAMPLE = "00000000-0000-0000-0000-000000000000"


def sample(uri: str | Text) -> str:
    """Return a URI with an appId where one will be."""
    return (
        uri
        if isinstance(uri, str)
        else "".join(part if isinstance(part, str) else _SAMPLE for part in uri.parts)
    )


def redirect_uri(uri: str | Text, platform: str, *, typed: bool, personal: bool) -> Iterator[str]:
    """Yield what is wrong with a redirect URI of a platform."""
    text = sample(uri)
    if re.search(r"\s", text):
        yield "holds white space"
    if not typed:
        return
    scheme = _SCHEME.match(text)
    if scheme is None:
        yield "has no scheme: write the whole URI, such as https://app.example.com/"
        return
    name = scheme[1].lower()
    allowed = _SCHEMES.get(platform)
    if allowed and name not in allowed:
        yield f"has the scheme `{name}`; platform `{platform}` takes https, and http on localhost"
    if name in {"http", "https"}:
        yield from _web_uri(text, name, personal=personal)
    if "#" in text:
        yield "has a fragment (`#`), which sign-in answers overwrite"


def _web_uri(text: str, scheme: str, *, personal: bool) -> Iterator[str]:
    match = _HOST.match(text)
    host = match[1] if match else ""
    if not host:
        yield "has no host"
        return
    if scheme == "http" and not _LOOPBACK.fullmatch(host):
        yield "is http: only localhost and 127.0.0.1 may be"
    if "@" in host:
        yield "has a user in front of the host"
    if host.startswith("["):
        yield "is an IPv6 address, which Entra does not take"
    if forbidden := sorted({c for c in text if c in _FORBIDDEN}):
        yield f"holds {' '.join(forbidden)}, which Entra does not take"
    if "*" in text and (personal or not re.fullmatch(r"\*\.[^*]+", host)):
        yield "has a wildcard; only the first part of the host may be one, and not with personal accounts"
    if "?" in text and personal:
        yield "has a query, which is not taken with personal accounts"


def identifier_uri(
    uri: str | Text, *, typed: bool, personal: bool, v2: bool, own_ids: frozenset[str]
) -> Iterator[str]:
    """Yield what is wrong with an identifier URI; `own_ids` are the tenant's id and the appId where it is
    known.
    """
    text = sample(uri)
    if re.search(r"\s", text):
        yield "holds white space"
    if not typed:
        return
    if text.endswith("/"):
        yield "ends with `/`"
    scheme = _SCHEME.match(text)
    if scheme is None:
        yield "has no scheme: `api://${appId}` or an https name in a verified domain"
        return
    name, rest = scheme[1].lower(), text[scheme.end() :].lstrip("/")
    if personal and (name == "urn" or "?" in text or "#" in text or len(text) > limits.LONGEST_PERSONAL_URI):
        yield (
            f"with personal accounts: no urn, query or fragment, at most {limits.LONGEST_PERSONAL_URI} "
            "characters"
        )
    if name == "api":
        yield from _api_uri(rest, {*own_ids, _SAMPLE} if isinstance(uri, Text) else set(own_ids), v2=v2)
    elif name == "http":
        yield "is http; https"


def _api_uri(rest: str, own_ids: set[str], *, v2: bool) -> Iterator[str]:
    parts = rest.split("/")
    first = parts[0].lower()
    if not rest:
        yield "names nothing after `api://`"
    elif GUID.fullmatch(first) and first not in own_ids:
        yield "names an id that is neither the tenant's nor its own appId: write `api://${appId}`"
    elif not v2 and not any(part.lower() in own_ids for part in parts):
        # The tenant-wide policy of 2025 exempts applications with v2 tokens.
        yield "needs the appId or the tenant's id in it while `accessTokenVersion` is not 2: `api://${appId}`"
