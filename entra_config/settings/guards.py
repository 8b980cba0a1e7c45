"""The operations of an API in; the table of what each needs, for the API in Python and its pages in
TypeScript, out: the same table, so that neither refuses or offers what the other does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from entra_config.settings.naming import constants, pascal, screaming
from entra_config.settings.source import ApiSource

_PYTHON = '''@dataclass(frozen=True)
class Guard:
    """What an operation needs: `scopes`, all of them or one where `any_scope`, and one of `roles` unless
    there is none; an application by itself needs one of `application_roles` in place of scopes.
    """

    scopes: tuple[Scope, ...] = ()
    any_scope: bool = False
    roles: tuple[Role, ...] = ()
    application_roles: tuple[Role, ...] = ()'''
_TYPESCRIPT = """\
/** What an operation needs of a person: all `scopes`, or one where `anyScope`; one of `roles`, if any. */
export interface Guard {
  readonly scopes: readonly Scope[];
  readonly anyScope: boolean;
  readonly roles: readonly Role[];
}

/** The API's guards are made of the same table. */
export const GUARDS: Readonly<Record<Operation, Guard>> = {"""


def python(source: ApiSource) -> Iterator[str]:
    """Yield the class of a guard, and the table."""
    names = _names(source, screaming)
    yield _PYTHON
    lines = ["GUARDS = {"]
    for each in source.operations:
        given = [
            *_tuple("scopes", "Scope", each.scopes, names),
            *(["any_scope=True"] if each.any_scope else []),
            *_tuple("roles", "Role", each.roles, names),
            *_tuple("application_roles", "Role", each.application_roles, names),
        ]
        key = f"    Operation.{names['Operation', each.name]}: Guard("
        lines += [key, *(f"        {argument}," for argument in given), "    ),"] if given else [f"{key}),"]
    yield "\n".join([*lines, "}"])


def typescript(source: ApiSource) -> Iterator[str]:
    """Yield the lines of a guard's type, and of the table."""
    names = _names(source, pascal)
    yield _TYPESCRIPT
    for each in source.operations:
        scopes, roles = (
            ", ".join(f"{kind}.{names[kind, value]}" for value in values)
            for kind, values in (("Scope", each.scopes), ("Role", each.roles))
        )
        yield f"  [Operation.{names['Operation', each.name]}]: {{"
        yield f"    scopes: [{scopes}],"
        yield f"    anyScope: {'true' if each.any_scope else 'false'},"
        yield f"    roles: [{roles}],"
        yield "  },"
    yield "};"


def _names(source: ApiSource, spelt: Callable[[str], str]) -> dict[tuple[str, str], str]:
    """Return the constant of each value, by the enumeration that has it."""
    kinds: tuple[tuple[str, Iterable[str]], ...] = (
        ("Scope", source.scopes),
        ("Role", source.roles),
        ("Operation", [each.name for each in source.operations]),
    )
    return {(kind, value): constant for kind, values in kinds for constant, value in constants(values, spelt)}


def _tuple(
    argument: str, kind: str, values: tuple[str, ...], names: dict[tuple[str, str], str]
) -> Iterator[str]:
    if values:
        items = ", ".join(f"{kind}.{names[kind, value]}" for value in values)
        yield f"{argument}=({items}{',' if len(values) == 1 else ''})"
