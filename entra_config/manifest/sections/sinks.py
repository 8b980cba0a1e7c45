"""`environments.ENV.sinks` in, the places that keep secrets out; each application's secret at one of its
own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import urlsplit

from entra_config.manifest.fields.field import Field
from entra_config.manifest.fields.sink_records import AWS, AZURE, GITHUB, KINDS, SINK
from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar
from entra_config.manifest.reading.problems import listing, near
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sinks import Sink, Words


def read(node: Node | None, root: Path, reader: Reader) -> Mapping[str, Sink]:
    """Read the sinks of one environment; two that are one place are an error."""
    found: dict[str, Sink] = {}
    for entry in reader.map(node, "sinks").entries.values():
        reader.name(entry, "a sink")
        sink = _sink(entry, root, reader)
        if sink is None:
            continue
        twin = next((other for other in found.values() if _place(other) == _place(sink)), None)
        if twin is not None:
            reader.problems.add(
                entry.position, f"`{entry.key}` is the same place as `{twin.name}`: it keeps one secret"
            )
        found[entry.key] = sink
    return found


def _place(sink: Sink) -> tuple[str, ...]:
    # Two ways to one file, through a link, are one.
    return ("file", str(Path(sink.text("path")).resolve())) if sink.kind == "file" else sink.place


def check(applications: Iterable[Application], node: Node | None, environment: str, reader: Reader) -> None:
    """Note each secret, or key pair, whose sink is not there, or keeps another already."""
    users: dict[str, str] = {}
    # One that does not hold was told already.
    sinks = reader.map(node, "sinks").entries
    for application in applications:
        for secret in application.rotating.values():
            where = f"{application.key}/{secret.label}"
            if secret.sink not in sinks:
                known = near(secret.sink, sinks) or (f" There are {listing(sinks)}." if sinks else "")
                message = (
                    f"`{secret.sink}` is no sink of {environment}: `environments.{environment}.sinks` in "
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
    fields = reader.map(entry.node, what)
    reader.only(fields, SINK.keys, SINK.noun)
    kinds = [kind for kind in KINDS if kind in fields.entries]
    if len(kinds) != 1:
        if kinds or not fields.entries:
            reader.problems.add(entry.position, f"{what}: say what it is, one of {listing(KINDS, 'or')}")
        return None
    kind = kinds[0]
    node = fields.node(kind)
    if kind == "file" and isinstance(node, Scalar):
        node = Map({"path": Entry("path", node.position, node)}, node.position)
    inside = reader.map(node, kind)
    reader.only(inside, KINDS[kind].keys, KINDS[kind].noun)
    values: dict[str, Words] = {}
    for field in KINDS[kind].fields:
        value = _value(inside, field, what, reader)
        if value is not None:
            values[field.key] = value
        elif field.required:
            return None
    problem = _CHECKS[kind](values, root)
    if problem is not None:
        reader.problems.add(inside.where(problem[0]), f"{what}: {problem[1]}")
        return None
    return Sink(entry.key, kind, values, entry.position)


def _value(inside: Map, field: Field, what: str, reader: Reader) -> Words | None:
    if field.shape == "arguments":
        return _program(inside, field.key, what, reader)
    if field.required:
        return reader.required(inside, field.key, what) or None
    return reader.text(inside.node(field.key), field.key)


def _program(inside: Map, key: str, what: str, reader: Reader) -> tuple[str, ...] | None:
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
    if not _absolute(words[0]):
        reader.problems.add(inside.where(key), f"{what}: `{words[0]}` is no absolute path of a program")
        return None
    return tuple(words)


Found = tuple[str, str] | None


def _aws(values: Mapping[str, Words], _: Path) -> Found:
    arn = AWS.field("secret").match(values["secret"])
    if arn is None:
        return (
            "secret",
            f"`{values['secret']}` is no ARN of a secret: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME",
        )
    if not AWS.field("account").match(values["account"]):
        return "account", f"`{values['account']}` is no account of AWS: twelve digits, in quotes"
    if arn[1] != values["account"]:
        return "account", f"the ARN is of account {arn[1]}, and `account` says {values['account']}"
    return None


def _azure(values: Mapping[str, Words], _: Path) -> Found:
    if not AZURE.field("vault").match(values["vault"]):
        return "vault", f"`{values['vault']}` is no vault: https://NAME.vault.azure.net"
    if not AZURE.field("secret").match(values["secret"]):
        return (
            "secret",
            f"`{values['secret']}` is no name of a secret: letters, digits and hyphens, 127 at most",
        )
    return None


def _github(values: Mapping[str, Words], _: Path) -> Found:
    if not GITHUB.field("repository").match(values["repository"]):
        return "repository", f"`{values['repository']}` is no repository: OWNER/NAME"
    if not GITHUB.field("secret").match(values["secret"]):
        return (
            "secret",
            f"`{values['secret']}` is no name of a secret: letters, digits and `_`, not `GITHUB_…`",
        )
    if not _address(str(values.get("api", "https://api.github.com"))):
        return "api", f"`{values['api']}` is no https address of an API"
    return None


def _address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it is what checks it
    except ValueError:
        return False
    rest = parts.query or parts.fragment or "@" in parts.netloc
    return parts.scheme == "https" and bool(parts.hostname) and not rest


def _command(_: Mapping[str, Words], __: Path) -> Found:
    return None


def _file(values: Mapping[str, Words], root: Path) -> Found:
    path = str(values["path"])
    if not _absolute(path) or ".." in PurePosixPath(path).parts:
        return "path", f"`{path}` is no absolute path"
    # What stands beside the manifest is committed one day.
    checkout = _checkout(root.absolute().parent)
    if Path(path).resolve().is_relative_to(checkout):
        return "path", f"`{path}` lies in {checkout}: a secret is kept outside the checkout"
    return None


def _checkout(folder: Path) -> Path:
    """Return the folder of the repository that a manifest is in, else the one above the manifest's."""
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder.parent)


def _absolute(path: str) -> bool:
    return PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()


_CHECKS: Mapping[str, Callable[[Mapping[str, Words], Path], Found]] = {
    "aws": _aws,
    "azure": _azure,
    "github": _github,
    "command": _command,
    "file": _file,
}
