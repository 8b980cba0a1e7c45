"""A redirect URI at a link shortener."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Hit, Rule, View

SHORTENERS = (
    "aka.ms", "bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly",
    "s.id",
    "short.io", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com",
)  # fmt: skip


def check(view: View) -> Iterator[Hit]:
    """Yield each redirect URI whose host is a shortener's."""
    for subject in view.subjects:
        for each in subject.redirects:
            if uris.below(uris.host(each.uri), SHORTENERS):
                yield Hit(
                    each.position,
                    f"`{each.uri}` leads wherever the owner of the short link says",
                    subject.key,
                    each.uri,
                )


RULE = Rule(
    id="redirect-shortener",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A redirect URI at a link shortener.",
    why="Who owns the short link decides where the code goes, and may change it at any time.",
    fix="Write the address that the short link leads to.",
    source="Zero Trust Assessment 21885",
    bad="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - «https://bit.ly/3xYz
""",
    good="""\
applications:
  app:
    type: web
    displayName: App
    redirectUris:
      - https://bit.ly.example.com/callback
""",
    check=check,
)
