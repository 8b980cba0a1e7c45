"""Templates of reports: all that a template prints is escaped for its format, unless it is markup already."""

from __future__ import annotations

import base64
import hashlib
import html
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from entra_config.report import escape

OWN = "entra_config.report"


class Printed(str):
    """Text whose invisible characters are visible escapes already: only what would be markup is escaped."""

    __slots__ = ()


@cache
def html_templates(*packages: str) -> jinja2.Environment:
    """Return the templates of HTML in these packages, and in this one."""
    loaders = [jinja2.PackageLoader(package) for package in (*packages, OWN)]
    found = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=True,  # so that what a macro returns is markup
        finalize=_escape_html,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # The only way around the escaping; a test lists its uses.
    found.filters = {"unescaped": Markup}
    return found


def _escape_html(value: object) -> Markup:
    if isinstance(value, Markup):
        return value
    text = str(value)  # of what is not defined this is an error
    if isinstance(value, Printed):
        return Markup(html.escape(text))
    if isinstance(value, str | int):
        return Markup(escape.html(text))
    raise TypeError(f"a template prints texts and numbers, and this is a {type(value).__name__}: {text}")


def html_part(name: str, *packages: str, **values: Any) -> Markup:
    """Return a part of a page, which the page's template prints as it is."""
    return Markup(html_templates(*packages).get_template(name).render(values))


def html_page(name: str, *packages: str, title: str, style: str = "", **values: Any) -> str:
    """Return a self-contained page: it asks for nothing and runs nothing.

    The policy names its one style by its hash: no name brings in another style, a script or an address.
    `style` is what the page's style has besides `page.css`.
    """
    whole = read_style(OWN, "page.css") + style
    digest = base64.b64encode(hashlib.sha256(whole.encode()).digest()).decode()
    return str(html_part(name, *packages, title=title, style=whole, style_hash=digest, **values))


def read_style(package: str, name: str) -> str:
    """Return the text of a style sheet, which lies beside the templates of a package."""
    return resources.files(package).joinpath("templates", name).read_text(encoding="utf-8")
