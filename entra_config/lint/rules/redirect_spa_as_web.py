"""The page of a single-page application on the platform web."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Fix, Hit, Rule, View
from entra_config.lint.subject import LintSubject

# What MSAL's samples serve for silent renewal, and where the development servers of pages listen.
PAGES = (
    "/redirect.html",
    "/redirect",
    "/blank.html",
    "/auth-end.html",
    "/silent-renew.html",
    "/silent-refresh.html",
)
PORTS = frozenset({"4200", "5173"})


def check(view: View) -> Iterator[Hit]:
    """Yield each URI on `web` that is a browser's by its page or port, or of an application of type spa."""
    for subject in view.subjects:
        for each in subject.on("web"):
            page = uris.path(each.uri).lower().endswith(PAGES)
            if subject.type == "spa" or page or (uris.is_local(each.uri) and uris.port(each.uri) in PORTS):
                message = f"`{each.uri}` looks like a page of the browser, on the platform `web`"
                fix = (Fix("remove", each.path, each.uri), Fix("add", _pages(subject), new=each.uri))
                yield Hit(each.position, message, subject.key, each.uri, fix=fix)


def _pages(subject: LintSubject) -> tuple[str, ...]:
    """Return the key path of the list that a page belongs to."""
    known = next(subject.on("spa"), None)
    short = ("redirectUris",) if subject.type == "spa" else ("platforms", "spa")
    return known.path if known else ("applications", subject.key, *short)


RULE = Rule(
    id="redirect-spa-as-web",
    severity="W",
    confidence="medium",
    on=("manifest", "live"),
    finds="The page of a single-page application on the platform web.",
    why=(
        "The browser cannot redeem a code there (AADSTS9002326), so such pages were made to work with the "
        "implicit "
        "grant, whose tokens stand in URLs."
    ),
    fix="Move the URI to the platform `spa`.",
    source="Microsoft Learn, migrate-spa-implicit-to-auth-code; AADSTS9002326",
    bad="""\
applications:
  app:
    type: application
    displayName: App
    platforms:
      web:
        - «https://app.example.com/redirect.html
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - https://app.example.com/signin-oidc
""",
    check=check,
)
