"""A loaded shard in; each of its values with the place that said it, and what that replaced, out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from entra_config.errors import Position
from entra_config.manifest.environments import expansion
from entra_config.manifest.fields.root import OVERRIDABLE
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar, node_at, to_data
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.resource import Text

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Saying:
    """What one place says: a value as it stands there."""

    value: str
    position: Position
    by: str


@dataclass(frozen=True, slots=True)
class ExplainedValue:
    """One value: what it is here, who said it, and what that replaced, the latest first."""

    path: Path
    value: str
    said: Saying
    replaced: tuple[Saying, ...] = ()


def list_sections(shard: LoadedShard) -> list[tuple[str, Node | None]]:
    """Return what the files declare, before variables are filled in, each with the name of its source: the
    project's files, then the environment, then the layers.
    """
    environment = shard.placed.shard.environment
    own = _own(shard)
    quiet = Reader(Problems())
    files = expansion.expand(shard.loaded.source, own, environment, quiet).tree
    return [
        ("the project's files", _only(files)),
        (f"environment {environment}", own.node("overrides")),
        *((each.name, each.overrides) for each in shard.placed.shard.layers),
    ]


def _own(shard: LoadedShard) -> Map:
    """Return the entry of the environment."""
    own = shard.loaded.source.environments.node(shard.placed.shard.environment)
    return own if isinstance(own, Map) else Map()


def explain(shard: LoadedShard, prefix: Path = ()) -> Iterator[ExplainedValue]:
    """Yield each value at or below a path; `variables` are explained too, and what the environment says."""
    environment, layers, node = shard.placed.shard.environment, shard.placed.shard.layers, _own(shard)
    variables: list[tuple[str, Node | None]] = [(f"environment {environment}", node.node("variables"))]
    variables += [(each.name, each.variables) for each in layers]
    rest = node.without("variables", "overrides")
    placed = shard.placed.shard
    tenant = Entry("tenantId", placed.position, Scalar(placed.tenant_id, placed.position))
    own_words: list[tuple[str, Node | None]] = [
        (f"environment {environment}", rest),
        (f"tenant {placed.tenant}", Map({"tenantId": tenant})),
    ]
    yield from _each(own_words, None, ("environment",), prefix)
    yield from _each(variables, None, ("variables",), prefix)
    yield from _each(list_sections(shard), shard.loaded.tree, (), prefix)


def _only(tree: Map) -> Map:
    return Map({key: each for key, each in tree.entries.items() if key in OVERRIDABLE}, tree.position)


def _each(
    says: list[tuple[str, Node | None]], filled: Node | None, base: Path, prefix: Path
) -> Iterator[ExplainedValue]:
    """Yield the values that some places say of one tree, from bottom to top; `filled` is what came of it."""
    paths: dict[Path, None] = {}
    for _, node in says:
        if node is not None:
            paths |= dict.fromkeys(_leaves(node, ()))
    for path in paths:
        whole = (*base, *path)
        if not path or whole[: len(prefix)] != prefix:
            continue
        sayings = list(_sayings(says, path))
        now = node_at(filled, *path) if filled is not None else None
        if not sayings or (filled is not None and (now is None or (isinstance(now, Map) and now.entries))):
            continue  # what something else replaced as a whole, or `only` leaves out
        *before, last = sayings
        value = shown(now) if now is not None else last.value
        yield ExplainedValue(whole, value, last, tuple(reversed(before)))


def _sayings(says: list[tuple[str, Node | None]], path: Path) -> Iterator[Saying]:
    """Yield what each place says at a path, from bottom to top; a value above it says it too."""
    found: list[Saying] = []
    for by, root in says:
        node = root
        for key in path:
            if not isinstance(node, Map) or key not in node.entries:
                break
            node = node.entries[key].node
        else:
            if node is not None and (not isinstance(node, Map) or not node.entries):
                found.append(Saying(shown(node), node.position, by))
            continue
        if node is not None and not isinstance(node, Map):
            found.append(Saying(shown(node), node.position, by))
    yield from found


def _leaves(node: Node, path: Path) -> Iterator[Path]:
    if not isinstance(node, Map) or not node.entries:
        yield path
        return
    for key, entry in node.entries.items():
        yield from _leaves(entry.node, (*path, key))


def shown(node: Node) -> str:
    """Return a value in one line, as JSON has it; an appId that is not known yet as its placeholder."""
    value = to_data(node)
    if isinstance(node, Items):
        value = [str(each) if isinstance(each, Text) else each for each in value]
    return json.dumps(str(value) if isinstance(value, Text) else value, ensure_ascii=False, default=str)
