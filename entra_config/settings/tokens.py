"""What all environments say of an API in; docs/tokens.md, how a developer gets a token for it, out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from entra_config import quoting
from entra_config.filling import Templates
from entra_config.quoting import Variable
from entra_config.settings.constants import MARK
from entra_config.settings.source import ApiSource, Client

LOOPBACK = "http://localhost"
# Keys of applications, names of environments and of variables: no markup, and plain to a shell.
_WORD = re.compile(r"[\w.-]+")
_APP_ID_URI, _API_URL, _ENV = Variable("API_APP_ID_URI"), Variable("API_URL"), Variable("ENV")
_Part = str | Variable


def write(source: ApiSource) -> str:
    """Return the walk-through in Markdown; its `sh` blocks run in this order in one bash."""
    person = next(
        (client for client in source.clients if client.type == "publicClient" and client.scopes), None
    )
    application = next((client for client in source.clients if client.roles), None)
    scopes = person.scopes if person else ()
    requested: list[_Part] = [part for scope in scopes for part in (" ", _APP_ID_URI, f"/{scope}")][1:]
    text = _TEMPLATES.fill(
        "tokens.md",
        api=source.api,
        mark=MARK,
        clients=source.clients,
        environments=source.environments,
        first=source.environments[:1],
        folder=_folder(source),
        person=person,
        person_id=_client_id(person),
        scope=requested,
        scope_field=["scope=", *requested],
        loopback=person is not None and LOOPBACK in person.redirect_uris,
        user_header=("Authorization: Bearer ", Variable("USER_TOKEN")),
        application=application,
        application_id=_client_id(application),
        application_header=("Authorization: Bearer ", Variable("APP_TOKEN")),
        calls=[(_API_URL, path) for path in source.requests or ("/",)],
        scopes=source.scopes,
        roles=source.roles,
        docs_client=source.docs_clients[0] if source.docs_clients else "",
    )
    return text.rstrip() + "\n"


def _client_id(client: Client | None) -> tuple[_Part, ...]:
    return ("client_id=", Variable(client.variable)) if client else ()


def _folder(source: ApiSource) -> list[_Part]:
    """Return the file of the values by the parts of its path; nothing where environments have none alike."""
    if len(source.values) < 2:
        return []
    first, *rest = source.values
    # What begins with `-` would be an option of the dot.
    begin = "./" if first.removeprefix("../").startswith("-") else ""
    between = [part for text in rest for part in (_ENV, text)]
    return [begin, first.removeprefix("../"), *between, f"/{source.variables_file}"]


def _check_word(value: str) -> str:
    if not _WORD.fullmatch(value):
        raise ValueError(f"{value!r} needs quotes in Markdown or in a shell")
    return value


def _check_comment(value: str) -> str:
    if "--" in value or not value.isprintable():
        raise ValueError(f"{value!r} would end a comment")
    return value


def _format_cells(values: Iterable[str]) -> str:
    return ", ".join(map(quoting.code_cell, values)) or "none"


_TEMPLATES = Templates(
    "entra_config.settings",
    "data",
    {
        "word": _check_word,
        "words": lambda values: ", ".join(map(_check_word, values)),
        "comment": _check_comment,
        "span": quoting.code_span,
        "cell": quoting.code_cell,
        "cells": _format_cells,
        "sh": lambda parts: quoting.sh(*parts),
        "sh_block": lambda text: quoting.fenced_block(text.removeprefix("\n"), "sh"),
    },
)
