"""Write the reference of the manifest from the tables that the loader reads: an index and a page for each
section, in docs/manifest/.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

from entra_config.manifest.fields.application import WHO_MAY_USE
from entra_config.manifest.fields.client import URIS
from entra_config.manifest.fields.credential_records import CERTIFICATE, CREDENTIALS, GENERATE, SECRET
from entra_config.manifest.fields.enterprise import ENTERPRISE, EXTERNAL
from entra_config.manifest.fields.environment import ENVIRONMENT, POLICY
from entra_config.manifest.fields.field import IMPLICIT_GRANT, PLATFORMS, TYPES, Field, Record
from entra_config.manifest.fields.fleet_records import (
    CREDENTIAL,
    FLEET,
    FLEET_LIMITS,
    LAYER,
    PROJECT,
    TENANT,
    WAVE,
)
from entra_config.manifest.fields.lint_records import LINT, RULE
from entra_config.manifest.fields.properties import Entity, table
from entra_config.manifest.fields.records import (
    APP_ROLE,
    BY_KIND,
    CLAIM,
    HELD,
    HOLDERS,
    LASTING,
    MCP,
    NAME,
    OPTIONAL_CLAIMS,
    PERMISSION,
    SCOPE,
)
from entra_config.manifest.fields.root import LEFT, ROOT, ROOT_ONLY, ROOT_POLICY
from entra_config.manifest.fields.root_records import (
    ACKNOWLEDGED,
    CONSENTS,
    FILE,
    GIVEN,
    ITEM,
    LIMITS,
    REMOVED,
)
from entra_config.manifest.fields.settings import FIELDS, OPERATION, REQUEST, SETTINGS
from entra_config.manifest.fields.sinks.table import KINDS, SINK
from entra_config.manifest.fields.table import added, application_fields, first_class
from entra_config.manifest.fields.workload import ClaimLanguage, WorkloadForm
from entra_config.manifest.fields.workloads import FORMS
from entra_config.manifest.sections import microsoft
from entra_config.manifest.targets import TARGETS
from entra_config.properties import find

_MADE = "<!-- Made by `make generated`; a test compares it. -->"


def text() -> str:
    """Return the index: what all sections share, and a link to the page of each."""
    head, sections = _read_prose()
    links = (f"- [{title}]({name}.md)" for name, (title, _) in sections.items())
    return f"{head}## Sections\n\n" + "\n".join(links) + "\n"


def names() -> list[str]:
    """Return the names of the pages, in the order of the index."""
    return list(_read_prose()[1])


def page(name: str) -> str:
    """Return the page of a section: its prose in data/reference.md, with its tables."""
    title, prose = _read_prose()[1][name]
    for table_name, table_text in _tables().items():
        prose = prose.replace(f"<!-- table: {table_name} -->", table_text.rstrip())
    paragraphs = (added_field.prose for added_field in added().values())
    prose = prose.replace("<!-- fields of kinds -->", "\n\n".join(paragraphs))
    return f"# {title}\n\n{_MADE}\n\n{prose.strip()}\n"


def _read_prose() -> tuple[str, Mapping[str, tuple[str, str]]]:
    """Return the head of data/reference.md, and title and text of each section by its page's name."""
    prose = resources.files("entra_config.manifest").joinpath("data/reference.md").read_text(encoding="utf-8")
    head, *sections = prose.split("\n## ")
    parts = (section.partition("\n") for section in sections)
    return f"{head}\n", {title.lower().replace(" ", "-"): (title, text) for title, _, text in parts}


def _tables() -> Mapping[str, str]:
    return {
        "applications": _fields(application_fields().values()),
        "workloads": _workloads(),
        "expressions": _expressions(),
        "types": _table(("type", "what it is"), ([f"`{kind}`", what] for kind, what in TYPES.items())),
        "types and fields": _types(),
        "enterprise applications": _fields(ENTERPRISE),
        "others": _fields(EXTERNAL),
        "scopes and roles": _records(SCOPE, APP_ROLE),
        "records": _records(
            URIS,
            WHO_MAY_USE,
            PERMISSION,
            BY_KIND,
            CERTIFICATE,
            GENERATE,
            CREDENTIALS,
            SECRET,
            MCP,
            CLAIM,
            OPTIONAL_CLAIMS,
            NAME,
            HELD,
            HOLDERS,
            LASTING,
            FILE,
            ITEM,
            CONSENTS,
            LIMITS,
            GIVEN,
            ACKNOWLEDGED,
            LEFT,
            REMOVED,
            ROOT_POLICY,
        ),
        "sinks": _records(SINK, *(kind.record for kind in KINDS.values())),
        "fleet": _records(FLEET),
        "files": _files(),
        "fleet records": _records(PROJECT, CREDENTIAL, LAYER, TENANT, WAVE, FLEET_LIMITS),
        "targets": _targets(),
        "settings": _settings(),
        "environments": _records(ENVIRONMENT),
        "policy": _records(POLICY),
        "lint": _records(LINT, RULE),
        "properties": _properties(),
        "apis": _table(("API", "appId"), ([name, f"`{app_id}`"] for name, app_id in microsoft.APIS.items())),
        "clients": _table(
            ("client", "appId"), ([name, f"`{app_id}`"] for name, app_id in microsoft.CLIENTS.items())
        ),
    }


def _fields(fields: Iterable[Field]) -> str:
    rows = (
        [
            f"`{item.key}`",
            f"`{item.graph}`" if item.graph else "",
            item.cls,
            _sentence(item),
            f"`{_inline(item.example)}`",
        ]
        for item in fields
    )
    return _table(("key", "Graph", "class", "says", "example"), rows)


def _files() -> str:
    rows = (
        [
            f"`{each.key}`",
            "root" if each.key in ROOT_ONLY else "anywhere",
            f"{each.description}{_bounds(each)}",
            _examples(each.example),
        ]
        for each in ROOT.fields
    )
    return _table(("key", "stands", "says", "example"), rows)


def _records(*records: Record) -> str:
    """Return the keys of records, a row each; what two of them say alike stands once."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for record in records:
        for each in record.fields:
            says = f"{each.description}{_bounds(each)}"
            rows.setdefault((each.key, says, _examples(each.example)), []).append(record.noun)
    table = ([f"`{key}`", " and ".join(of), says, example] for (key, says, example), of in rows.items())
    return _table(("key", "of", "says", "example"), table)


def _bounds(item: Field) -> str:
    chosen = item.choices if item.shape in ("word", "choice", "choices") else ()
    words = f" One of {', '.join(f'`{each}`' for each in chosen)}." if chosen else ""
    words += f" {item.limits[:1].upper()}{item.limits[1:]}." if item.limits else ""
    longest = f" At most {item.longest:,} characters." if item.longest else ""
    return (
        words
        + longest
        + (f" At most {item.most}." if item.most else "")
        + (" Required." if item.required else "")
    )


def _examples(example: Any) -> str:
    given = example if isinstance(example, tuple) else () if example is None else (example,)
    return ", ".join(f"`{_inline(each)}`" for each in given)


def _workloads() -> str:
    head = ("form", "is", "words", "issuer", "subject")
    return _table(head, ([f"`{form.key}`", form.says, *_texts(form)] for form in FORMS.values()))


def _texts(form: WorkloadForm) -> tuple[str, str, str]:
    flags = [f"`{each.flag}: true`" for each in form.subjects if each.flag]
    words = [
        f"`{each.key}`{f' (absent: {each.absent})' if each.absent else ''}: {each.says}"
        for each in form.parts
    ]
    issuers, subjects = (
        " or ".join(f"`{each.text}`" for each in texts) for texts in (form.issuers, form.subjects)
    )
    return " ".join([*words, *dict.fromkeys(flags)]), issuers, subjects


def _expressions() -> str:
    forms = ((form.key, form.language) for form in FORMS.values() if form.language)
    rows = ([f"`{key}`", _claims(language)] for key, language in forms)
    return _table(("of", "claims and their operators"), rows)


def _claims(language: ClaimLanguage) -> str:
    return ", ".join(f"`{claim}` ({' or '.join(operators)})" for claim, operators in language.claims.items())


def _sentence(item: Field) -> str:
    return (
        f"{item.description} {item.limits[:1].upper()}{item.limits[1:]}." if item.limits else item.description
    )


def _types() -> str:
    rows = [
        [f"`{item.key}`", *(_cell(item, kind) for kind in TYPES)]
        for item in application_fields().values()
        if item.cls != "own"
    ]
    rows += [[f"`properties.{path}`", *(_implicit(kind) for kind in TYPES)] for path in IMPLICIT_GRANT]
    return _table(("field", *(f"`{kind}`" for kind in TYPES)), rows)


def _cell(item: Field, kind: str) -> str:
    refusal = item.refused.get(kind)
    if refusal is not None:
        return f"refused: {refusal.why}"
    if item.key == "displayName":
        return "required"
    if item.cls != "kept":
        return "allowed"
    default = item.default(kind)
    return f"`{_inline(default)}`" if item.defaults else "none"


def _implicit(kind: str) -> str:
    return "`false`" if kind in {"web", "application"} else "refused: tokens in a URL leak"


def _targets() -> str:
    halves = {"source": "the manifest, committed", "values": "the tenant, at deploy"}
    rows = (
        [f"`{each.key}`", f"`{each.section}`", halves[each.half], each.description, f"`{each.example}`"]
        for each in TARGETS
    )
    return _table(("key", "of", "comes from", "is", "example"), rows)


def _settings() -> str:
    of = [(each, SETTINGS.noun) for each in SETTINGS.fields]
    of += [(each, " and ".join(f"`{section}`" for section in sections)) for sections, each in FIELDS]
    of += [(each, record.noun) for record in (OPERATION, REQUEST) for each in record.fields]
    rows = (
        [f"`{each.key}`", noun, f"{each.description}{_bounds(each)}", _examples(each.example)]
        for each, noun in of
    )
    return _table(("key", "of", "says", "example"), rows)


def _properties() -> str:
    entities: tuple[Entity, ...] = ("application", "servicePrincipal")
    rows = [
        [f"`{path}`", entity, what, _since(path, entity)]
        for entity in entities
        for path, what in _writable(entity)
    ]
    return _table(("property", "of", "is", "since"), rows)


def _since(path: str, entity: Entity) -> str:
    row = find(path)
    return row.since if entity in row.of.split() else ""


def _writable(entity: Entity) -> Iterator[tuple[str, str]]:
    own = (*first_class(entity), *PLATFORMS.values())
    for path, shape in table(entity).items():
        has_key = any(path == name or path.startswith(f"{name}.") for name in own)
        if "readOnly" in shape or has_key or (shape["type"] == "object" and "properties" not in shape):
            continue
        words = ", ".join(shape["values"]) if shape["type"] == "enum" else shape["type"]
        yield path, f"list of {words}" if shape.get("collection") else words


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _inline(value: Any) -> str:
    """Return a value as YAML in one line."""
    match value:
        case dict():
            return "{ " + ", ".join(f"{key}: {_inline(item)}" for key, item in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_inline, value)) + "]"
        case str():
            plain = value == value.strip() and not value.isdigit()
            quoted = any(mark in value for mark in ":#{}[],&*?|>%@`\"'")
            return value if plain and not quoted else json.dumps(value)
        case _:
            return json.dumps(value)
