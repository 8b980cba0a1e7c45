"""The pages of one list in; the next one out, or an error where they never end."""

from __future__ import annotations

from collections.abc import Sized

from entra_config.errors import GraphError
from entra_config.graph.request import Request

MOST_PAGES = 10_000
MOST_ITEMS = 1_000_000  # a directory holds 300,000 objects unless its owner asked for more (service limits)
MOST_EMPTY = 100  # in sequence: Graph may answer a filtered page with nothing in it


class Pages:
    """What was read of one list so far."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._items = self._empty = 0

    def follow(self, request: Request, items: Sized, following: Request | None) -> Request | None:
        """Return the request of the next page, None at the end."""
        self._seen.add(str(request.path))
        self._items += len(items)
        self._empty = 0 if len(items) else self._empty + 1
        if following is None:
            return None
        if str(following.path) in self._seen:
            raise _endless(request, "it names a page again that was read already")
        if self._empty > MOST_EMPTY:
            raise _endless(request, f"{self._empty} pages in sequence were empty")
        if len(self._seen) >= MOST_PAGES or self._items > MOST_ITEMS:
            raise _endless(request, f"{len(self._seen)} pages with {self._items} items were read")
        return following


def _endless(request: Request, why: str) -> GraphError:
    path = str(request.path).partition("?")[0]
    return GraphError(
        f"the list {path} does not end: {why}",
        advice="Run the same again; if it lasts, something between this program and Graph changes responses.",
    )
