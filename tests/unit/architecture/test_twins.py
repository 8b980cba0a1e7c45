"""No function does what another does, step for step."""

from __future__ import annotations

import ast

from tests.unit.architecture.sources import PACKAGE, tree
from tests.unit.architecture.twins import functions, twins

# Functions that say the same, each with what speaks against one of them.
ALIKE = {
    # The same loop, of questions of two types that each answers with its own items.
    ("actual/fetch.py:details", "actual/fetch.py:every"),
    # The first letter of a name, and of a sentence: neither room knows the other, nor should for that.
    ("manifest/published/starter.py:title", "report/drift_html.py:_capital"),
}


def test_nothing_is_written_twice() -> None:
    """No function of any size does what another does, step for step; the emulator is a reading of its own and
    is compared with itself.
    """
    modules = {path.relative_to(PACKAGE).as_posix(): tree(path) for path in sorted(PACKAGE.rglob("*.py"))}
    emulator = {name: each for name, each in modules.items() if name.startswith("emulator/")}
    engine = {name: each for name, each in modules.items() if name not in emulator}
    first = "def first(a: int, b):\n    'Say it.'\n    c = [a * 2 for a in range(a)]\n    return b[c[0]]"
    second = "def second(x, y):\n    z = [x * 2 for x in range(x)]\n    return y[z[0]]"
    other = second.replace("y[z[0]]", "z[y[0]]")
    planted = {name: ast.parse(text) for name, text in (("a", first), ("b", second), ("c", other))}

    assert {tuple(each) for half in (engine, emulator) for each in twins(functions(half))} == ALIKE
    assert [*twins(functions(planted))] == [["a:first", "b:second"]]
