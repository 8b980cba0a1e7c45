"""`environments.ENV.sinks` in, the places that keep secrets out; each application's secret at one of its
own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.sinks.table import KINDS, SINK
from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Entry, Map
from entra_config.manifest.reading.problems import listing, near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sinks import Sink, Words, is_absolute


def read(declared: Map, root: Path, reader: Reader) -> Mapping[str, Sink]:
    """Read the sinks of one environment; two that are one place are an error."""
    found: dict[str, Sink] = {}
    for entry in declared.entries.values():
        reader.name(entry, "a sink")
        sink = _sink(entry, root, reader)
        if sink is None:
            continue
        twin = next((other for other in found.values() if other.place == sink.place), None)
        if twin is not None:
            reader.problems.add(
                entry.position, f"`{entry.key}` is the same place as `{twin.name}`: it keeps one secret"
            )
        found[entry.key] = sink
    return found


def check(applications: Iterable[Application], declared: Map, environment: str, reader: Reader) -> None:
    """Note each secret, or key pair, whose sink is not there, or keeps another already."""
    users: dict[str, str] = {}
    # One that does not hold was told already.
    sinks = declared.entries
    for application in applications:
        for secret in application.rotating.values():
            where = f"{application.key}/{secret.label}"
            if secret.sink not in sinks:
                known = near(secret.sink, sinks) or (f" There are {listing(sinks)}." if sinks else "")
                message = (
                    f"`{secret.sink}` is not a sink of {environment}: `environments.{environment}.sinks` in "
                    "the root file"
                )
                reader.problems.add(secret.position, f"{message}.{known}")
            elif other := users.get(secret.sink):
                reader.problems.add(
                    secret.position,
                    f"sink `{secret.sink}` keeps the secret of {other}: each secret has a sink of its own, "
                    "and so has each key pair",
                )
            users.setdefault(secret.sink, where)


def _sink(entry: Entry, root: Path, reader: Reader) -> Sink | None:
    what = f"sink `{entry.key}`"
    fields = bind(entry.node, what, SINK, reader)
    kinds = [kind for kind in KINDS if kind in fields]
    if len(kinds) != 1:
        if kinds or not fields.map.entries:
            reader.problems.add(entry.position, f"{what}: say what it is, one of {listing(KINDS, 'or')}")
        return None
    kind = KINDS[kinds[0]]
    inside = bind(fields[kind.kind], kind.kind, kind.record, reader, needed_by=what)
    values: dict[str, Words] = {}
    for field in kind.record.fields:
        is_program = field.shape == "arguments"
        value = _program(inside, field.key, what, reader) if is_program else inside[field.key]
        if value is not None:
            values[field.key] = value
        elif field.required:
            return None
    sink = kind(entry.key, values, entry.position)
    problem = sink.find_problem(root)
    if problem is not None:
        reader.problems.add(inside.where(problem[0]), f"{what}: {problem[1]}")
        return None
    return sink


def _program(inside: Bound, key: str, what: str, reader: Reader) -> tuple[str, ...] | None:
    """Read an argument list whose program is absolute: nothing looks it up, and no shell reads it."""
    words: list[str] = []
    for item in reader.items(inside.node(key), key):
        word = reader.text(item, key, empty=True)
        if word is None:
            return None
        words.append(word)
    if not words:
        reported = "`write` gets the secret on its standard input, `read` prints what is kept"
        reader.problems.add(
            inside.where(key), f"{what}: `{key}` is an argument list, without a shell: {reported}"
        )
        return None
    if not is_absolute(words[0]):
        reader.problems.add(inside.where(key), f"{what}: `{words[0]}` is not an absolute path of a program")
        return None
    return tuple(words)
