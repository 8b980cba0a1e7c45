"""Text that should be a URL in, its parts out; none where it is no URL."""

import re
from urllib.parse import SplitResult, urlsplit

# Entra takes any port of these for a registered redirect URI.
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
# What a browser carries out, or reads from this machine, instead of going there.
_LOCAL_SCHEMES = frozenset({"javascript", "data", "vbscript", "file"})
NOTHING = SplitResult("", "", "", "", "")


def split(text: str) -> SplitResult:
    """Take a URL apart; empty parts for text that Python refuses to."""
    try:
        parts = urlsplit(text)
        # Reading the port is what checks it.
        _ = parts.port
    except ValueError:
        return NOTHING
    return parts


def runs_in_browser(text: str) -> bool:
    """Return True for a URL that a browser must never be sent to, however its scheme is written."""
    scheme = re.sub(r"[\x00-\x20]", "", text.partition(":")[0])
    return scheme.casefold() in _LOCAL_SCHEMES
