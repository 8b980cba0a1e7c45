"""Templates of reports: they hold layout only, and cannot print a value that is not escaped."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes
from markupsafe import Markup

from entra_config.report import rendering
from entra_config.report.rendering import Printed

ROOT = Path(__file__).parents[3]
FOLDERS = ("entra_config/report/templates", "entra_fleet/report/templates")
TEMPLATES = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.html"))
# The style of a page, which the policy of the page names by its hash.
UNESCAPED = {"page.html": 1}
# What a template may be made of. Wording, order and numbers come from the document.
LAYOUT = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Tuple),
    *(nodes.Getattr, nodes.Getitem, nodes.If, nodes.For, nodes.Compare, nodes.Operand, nodes.Not, nodes.And),
    *(nodes.Or, nodes.Extends, nodes.Block, nodes.FromImport, nodes.Macro, nodes.Call, nodes.CallBlock),
    nodes.Filter,
)


def walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield a node and all below it."""
    yield node
    for child in node.iter_child_nodes():
        yield from walk(child)


def parse(path: Path) -> list[nodes.Node]:
    """Return all nodes of a template."""
    templates = rendering.html_templates("entra_fleet.report")
    return list(walk(templates.parse(path.read_text(encoding="utf-8"))))


def test_there_are_templates() -> None:
    """In both packages."""
    assert {path.parent for path in TEMPLATES} == {ROOT / folder for folder in FOLDERS}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_holds_layout_only(path: Path) -> None:
    """It calls nothing but macros, computes and sorts nothing, and does not turn the escaping off."""
    found = parse(path)
    assert {type(node).__name__ for node in found if not isinstance(node, LAYOUT)} == set()
    macros = {node.name for node in found if isinstance(node, nodes.Macro)} | {"caller"}
    macros |= {name for node in found if isinstance(node, nodes.FromImport) for name in node.names}
    calls = [node.node for node in found if isinstance(node, nodes.Call)]
    assert {node.name for node in calls if isinstance(node, nodes.Name)} <= macros
    assert all(isinstance(node, nodes.Name) for node in calls)
    filters = [node.name for node in found if isinstance(node, nodes.Filter)]
    assert filters == ["unescaped"] * UNESCAPED.get(path.name, 0)


def render(source: str, **values: object) -> str:
    """Return what a template makes of some values."""
    return rendering.html_templates().from_string(source).render(values)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('<b a="\'">&', "&lt;b a=&quot;&#x27;&quot;&gt;&amp;"),
        ("\u202e\x1b[1m\\", "\\u{202e}\\u{1b}[1m\\"),
        (Printed("\\u{202e}<"), "\\u{202e}&lt;"),
        (Markup("<b>"), "<b>"),
        (3, "3"),
    ],
)
def test_all_that_is_printed_is_escaped(value: object, shown: str) -> None:
    """As text, in an attribute, and through a macro; what is markup already is printed as it is."""
    assert render("{{ value }}", value=value) == shown
    assert render('<a title="{{ value }}">', value=value) == f'<a title="{shown}">'
    assert (
        render("{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(value) }}", value=value) == f"<i>{shown}</i>"
    )


@pytest.mark.parametrize("value", [None, 1.5, ["x"], object()])
def test_a_template_prints_texts_and_numbers(value: object) -> None:
    """What is neither is a mistake of whoever made the values."""
    with pytest.raises(TypeError, match="a template prints texts and numbers"):
        render("{{ value }}", value=value)


def test_what_is_not_defined_is_an_error() -> None:
    """A misspelled name is not an empty text."""
    with pytest.raises(jinja2.UndefinedError, match="'valeu' is undefined"):
        render("{{ valeu }}", value="x")


def test_only_templates_make_markup() -> None:
    """No other module of a report says of a text that it is markup."""
    makers = {
        path.relative_to(ROOT).as_posix()
        for folder in ("entra_config", "entra_fleet")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup"
    }
    assert makers == {"entra_config/report/rendering.py"}


def test_a_plan_as_text_loads_no_templates() -> None:
    """Jinja2 takes as long to import as a small plan takes to be compared."""
    code = (
        "import sys; from entra_config.cli import formats; from entra_config.cli.options import Common; "
        "from tests.unit.report.plans import worked_example; "
        "list(formats.PLAN['text'](formats.PlanReport(Common(), worked_example()))); "
        "print('jinja2' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout == "False\n"
