"""Walk through the portal as a person does: open every link and send every form of its pages."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

import httpx
from starlette.routing import Match, Route

from tests.unit.emulator.portal.browsing import CONTOSO, Browser

Tag = tuple[str, tuple[str, ...]]
# The stream never ends; what leads back to a page is no page itself.
NO_PAGES = ("/portal/{tenant}/traffic/stream", "/portal", "/portal/assets/{name}", "/portal/{rest:path}")
# Pages of one sort that are opened: of a list and its objects each differs by its names alone.
OF_A_SORT = 8
SENT = 2
# With what a person fills in what a form leaves open.
FILLED = {"text": "a.b.c", "name": "a new one", "uri": "https://new.example/", "upn": "new@contoso.com"}


@dataclass
class Form:
    """A form of a page: where it leads, and what it sends."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a browser makes of a page: tags with the names of their attributes, links and forms."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[Tag] = set()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.loaded: list[str] = []
        self.inline = ""
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, what it loads and where it leads."""
        values = {name: value or "" for name, value in attrs}
        # Which of these stand there is of a person's choice, not of a name.
        plain = tuple(
            name for name, _ in attrs if name not in ("selected", "checked", "aria-current", "open")
        )
        self.tags.add((tag, plain))
        self._in = tag if tag in ("script", "style") else ""
        self.inline += "".join(name for name in values if name == "style" or name.startswith("on"))
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag in ("script", "img", "iframe", "object", "embed", "audio", "video", "source"):
            self.loaded.append(values.get("src") or values.get("data") or "inline")
        if tag in ("link", "base", "image", "use"):
            self.loaded.append(values.get("href") or values.get("xlink:href") or "")
        if tag == "form":
            self.forms.append(Form(values.get("method", "get"), values.get("action", "")))
        if tag in ("input", "select", "textarea", "button") and values.get("name") and self.forms:
            name = values["name"]
            self.forms[-1].fields.setdefault(name, values.get("value") or FILLED.get(name, ""))

    def handle_data(self, data: str) -> None:
        """Note what stands between the tags of a script or a style."""
        if self._in and data.strip():
            self.inline += data
        self._in = ""


@dataclass
class Walk:
    """All pages that can be reached from the first: by links, then by forms."""

    browser: Browser
    tags: dict[str, set[Tag]] = field(default_factory=lambda: defaultdict(set))
    seen: Counter[str] = field(default_factory=Counter)
    responses: list[tuple[str, httpx.Response, Page]] = field(default_factory=list)

    @cached_property
    def routes(self) -> list[Route]:
        """Return the portal's routes: each time that it is asked it makes them anew."""
        return [route for route in self.browser.portal.routes() if isinstance(route, Route)]

    def sort_of(self, path: str, method: str) -> str:
        """Give the route of a path."""
        scope = {"type": "http", "method": method, "path": urlsplit(path).path, "headers": []}
        for route in self.routes:
            if route.matches(scope)[0] is Match.FULL:
                return route.path
        return ""

    def all(self) -> None:
        """Open and send everything, some of each sort."""
        waiting, known = [CONTOSO, f"{CONTOSO}/users/nobody"], set[str]()
        forms: list[Form] = []
        while waiting or forms:
            if not waiting:
                form = forms.pop(0)
                sort = f"{self.sort_of(form.action, 'POST')} {sorted(form.fields)}"
                if self.seen[sort] < SENT:
                    self.seen[sort] += 1
                    waiting += self._take(sort, self.browser.post(form.action, form.fields), forms)
                continue
            path = urldefrag(waiting.pop(0))[0]
            sort = self.sort_of(path, "GET")
            names = sorted(re.findall(r"[?&]([^=]+)=", path))
            if not path or path in known or self.seen[f"{sort} {names}"] >= OF_A_SORT:
                continue
            known.add(path)
            self.seen[f"{sort} {names}"] += 1
            waiting += self._take(sort, self.browser.get(path), forms)

    def _take(self, sort: str, response: httpx.Response, forms: list[Form]) -> list[str]:
        assert response.status_code < 500, (sort, response.text)
        if "text/html" not in response.headers.get("content-type", ""):
            return []
        page = Page(response.text)
        self.tags[sort.split(" ", maxsplit=1)[0]] |= page.tags
        self.responses.append((sort, response, page))
        forms += [each for each in page.forms if each.method == "post"]
        requested = [
            f"{each.action}?{httpx.QueryParams(each.fields)}" for each in page.forms if each.method == "get"
        ]
        return [each for each in (*page.links, *requested) if each.startswith("/portal/")]

    def sorts(self) -> set[str]:
        """Give the routes that were walked."""
        return {sort.split(" ")[0] for sort in self.seen}
