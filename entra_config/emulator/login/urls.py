"""Text that should be a URL in, its parts out; none where it is no URL."""

from urllib.parse import SplitResult, urlsplit

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
