"""The templates of the pipeline: each says whose file it will be, and prints no value without quoting it."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from entra_config.bootstrap import templates
from entra_config.bootstrap.model import is_ours

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted(
    path for path in (ROOT / "entra_config/bootstrap/templates/github").rglob("*") if path.is_file()
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_each_template_says_whose_it_is(path: Path) -> None:
    """What bootstrap wrote once it may write again; only zizmor's settings are of whoever has some."""
    assert is_ours(path.read_text(encoding="utf-8")) is (path.name != "zizmor.yml")


EVERY = sorted((ROOT / "entra_config/bootstrap/templates").rglob("*.y*ml"))


@pytest.mark.parametrize("path", EVERY, ids=lambda path: path.name)
def test_each_value_goes_through_a_filter_that_quotes_it(path: Path) -> None:
    """And nothing else is called."""
    found = templates.TEMPLATES.environment.parse(path.read_text(encoding="utf-8"))
    outputs = [each for output in found.find_all(nodes.Output) for each in output.nodes]
    printed = [each for each in outputs if not isinstance(each, nodes.TemplateData)]
    assert printed
    assert all(isinstance(each, nodes.Filter) and each.name in {"plain", "yaml"} for each in printed)
    assert list(found.find_all(nodes.Call)) == []


def fill(source: str, **values: object) -> str:
    """Return what a template makes of some values."""
    return templates.TEMPLATES.environment.from_string(source).render(values)


def test_a_value_without_a_filter_is_an_error() -> None:
    """So is one that is not defined, and one that the filter for bare values would have to quote."""
    shown = fill("[= a | yaml =] [= b | plain =] [= c | plain =]", a="x: y", b="o/r@v1", c=3)
    assert shown == '"x: y" o/r@v1 3'
    with pytest.raises(TypeError, match="a template prints 'x' without a filter that quotes it"):
        fill("[= a =]", a="x")
    with pytest.raises(jinja2.UndefinedError):
        fill("[= a | plain =]")
    for value in ("a b", "a\n", "$x", "a'", "${{ x }}", "#"):
        with pytest.raises(ValueError, match="needs quotes in a file of a pipeline"):
            fill("[= a | plain =]", a=value)
