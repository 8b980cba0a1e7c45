"""One federated credential in, named or written out; issuer, subject or expression out, and where each
stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from entra_config.errors import Position
from entra_config.manifest.fields import expression, limits
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.workload import FormWord, WorkloadForm
from entra_config.manifest.fields.workloads import FORMS
from entra_config.manifest.reading.node import Entry, Map, Node, is_null
from entra_config.manifest.reading.problems import listing
from entra_config.manifest.reading.reader import Reader

_OWN = ("issuer", "subject", "matches")


@dataclass(frozen=True, slots=True)
class WorkloadIdentity:
    """Whose tokens sign in: a subject, or an expression. `positions` say where: of issuer, subject and
    each word.
    """

    issuer: str = ""
    subject: str = ""
    expression: str | None = None
    positions: Mapping[str, Position] = field(default_factory=dict)


def read(fields: Map, what: str, reader: Reader, tenant_id: str | None = None) -> WorkloadIdentity:
    """Read what names a workload, of a form or as issuer and subject; `tenant_id` is where a managed
    identity is, unsaid.
    """
    # An override takes a form away by null.
    stated = [key for key, entry in fields.entries.items() if not is_null(entry.node)]
    named = [key for key in stated if key in FORMS]
    if not named:
        return _written(fields, what, reader)
    mixed = [key for key in stated if key in (*named[1:], *_OWN)]
    for key in mixed:
        message = (
            f"`{key}` cannot be set next to `{named[0]}`: a federated credential names one workload, in one "
            "form"
        )
        reader.problems.add(fields.where(key), message)
    entry = fields.entries[named[0]]
    return _FormReader(FORMS[entry.key], entry, reader).read(tenant_id) if not mixed else WorkloadIdentity()


def _written(fields: Map, what: str, reader: Reader) -> WorkloadIdentity:
    issuer = reader.required(fields, "issuer", what, longest=limits.LONGEST_OF_FEDERATED)
    if issuer and not re.fullmatch(r"https://[^\s/?#]+[^\s?#]*", issuer):
        reader.problems.add(
            fields.where("issuer"), f"`issuer`: `{issuer}` is not an https URL; it equals `iss` of the token"
        )
    positions = {key: entry.node.position for key, entry in fields.entries.items() if key in _OWN}
    matches = fields.node("matches")
    if matches is None or is_null(matches):
        subject = reader.required(fields, "subject", what, longest=limits.LONGEST_OF_FEDERATED)
        return WorkloadIdentity(issuer, subject, None, positions)
    if "subject" in fields.entries and not is_null(fields.node("subject")):
        reader.problems.add(
            fields.where("subject"),
            "`subject` and `matches` are both set, but Graph accepts only one of them",
        )
    text = reader.text(matches, "matches") or ""
    if text and expression.clauses(text) is None:
        reader.problems.add(fields.where("matches"), f"`matches`: expected {expression.WANTED}")
    return WorkloadIdentity(issuer, "", text, {**positions, "subject": positions["matches"]})


class _FormReader:
    """Reads the words of one form."""

    def __init__(self, form: WorkloadForm, entry: Entry, reader: Reader) -> None:
        self._form, self._entry, self._reader = form, entry, reader
        fields = reader.map(entry.node, entry.key)
        self._before = len(reader.problems.found)
        self._fields = bind(fields, entry.key, form.record, reader)
        self._positions = {key: each.node.position for key, each in fields.entries.items()}

    def read(self, tenant_id: str | None) -> WorkloadIdentity:
        """Return the workload; nothing of it where a word is wrong."""
        form, positions = self._form, self._positions
        words: dict[str, str | bool] = (
            {"tenantId": tenant_id} if form.key == "managedIdentity" and tenant_id else {}
        )
        words.update({part.key: value for part in form.parts if (value := self._word(part)) is not None})
        words.update({key: True for key in form.choices if self._is_flag(key)})
        matches = self._fields.node("matches") if form.language else None
        found = (
            self._subject(words) if matches is None or is_null(matches) else self._expression(matches, words)
        )
        if len(self._reader.problems.found) > self._before:
            return WorkloadIdentity()
        last = found.positions.get("subject") or self._entry.position
        first = next((positions[key] for key in form.of_issuer if key in positions), self._entry.position)
        return replace(found, positions={**positions, "issuer": first, "subject": last})

    def _word(self, part: FormWord) -> str | None:
        value: str | None = self._fields[part.key]
        if value is None:
            return None
        written = value.replace(":", "%3A") if part.encoded else value
        if re.fullmatch(part.rule, written, re.ASCII):
            return value
        hint = part.hint(value)
        message = f"`{part.key}`: `{value}` is not {part.wanted}"
        self._reader.problems.add(self._positions[part.key], f"{message}: {hint}" if hint else message)
        return value

    def _is_flag(self, key: str) -> bool:
        if self._fields[key] is False:
            self._reader.problems.add(self._positions[key], f"`{key}` is true, or not written")
        return self._fields[key] is True

    def _subject(self, words: dict[str, str | bool]) -> WorkloadIdentity:
        form, fields = self._form, self._fields
        self._missing([key for key in form.needed if key not in words])
        chosen = [key for key in form.choices if key in fields and not is_null(fields.node(key))]
        if form.choices and not chosen:
            more = ["matches"] if form.language else []
            message = f"`{form.key}` needs one of {listing([*form.choices, *more], 'or')}"
            self._reader.problems.add(self._entry.position, message)
        for key in chosen[1:]:
            message = (
                f"`{key}` cannot be set next to `{chosen[0]}`: a subject has one of them. Write a second "
                "federated credential"
            )
            self._reader.problems.add(fields.where(key), message)
        if any(key not in words for key in (*form.needed, *chosen)) or (form.choices and not chosen):
            return WorkloadIdentity()
        last = [key for key in (*form.shared, *chosen) if key in fields][-1:]
        where = {"subject": self._positions[last[0]]} if last else {}
        issuer, subject = form.issuer(words), form.subject(words)
        for text, name in ((issuer, "issuer"), (subject, "subject")):
            if len(text) > limits.LONGEST_OF_FEDERATED:
                message = (
                    f"makes a {name} of {len(text)} characters; Graph takes {limits.LONGEST_OF_FEDERATED}"
                )
                self._reader.problems.add(self._entry.position, f"`{form.key}` {message}")
        return WorkloadIdentity(issuer, subject, None, where)

    def _missing(self, keys: list[str]) -> None:
        for key in keys:
            node = self._fields.node(key)
            if node is None or is_null(node):
                part = self._form.part(key)
                message = f"`{key}` of `{self._form.key}` is missing: {part.wanted}, such as `{part.example}`"
                self._reader.problems.add(self._fields.where(key) if node else self._entry.position, message)

    def _expression(self, node: Node, words: dict[str, str | bool]) -> WorkloadIdentity:
        form, fields, language = self._form, self._fields, self._form.language
        assert language is not None
        for key in form.record.keys:
            if key not in (*form.of_issuer, "matches") and key in fields and not is_null(fields.node(key)):
                message = (
                    f"`{key}` cannot be set next to `matches`, which describes the complete subject: "
                    "`claims['sub'] matches '…'`"
                )
                self._reader.problems.add(fields.where(key), message)
        issuer = form.issuer(words)
        if not re.fullmatch(language.issuers, issuer):
            key = next((key for key in form.of_issuer if key in fields), "matches")
            message = (
                f"Entra matches no expressions with tokens of {issuer}; with those of {language.issuer} "
                "it does"
            )
            self._reader.problems.add(fields.where(key), message)
        text: str | None = fields["matches"]
        if text is None:
            return WorkloadIdentity()
        found = expression.clauses(text)
        stated = [f"expected {expression.WANTED}"] if found is None else expression.refused(found, language)
        for each in stated:
            self._reader.problems.add(node.position, f"`matches`: {each}")
        return WorkloadIdentity(issuer, "", text, {"subject": node.position})
