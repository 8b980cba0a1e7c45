"""What a browser makes elements of in a page."""

from __future__ import annotations

from html.parser import HTMLParser


class _Skeleton(HTMLParser):
    """Keeps the tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, tuple(attrs)))


def skeleton(page: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    """Return what a browser makes elements of."""
    found = _Skeleton()
    found.feed(page)
    return found.tags
