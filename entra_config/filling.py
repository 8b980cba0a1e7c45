"""Templates of files that programs read: each value is printed through a filter that quotes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2

Filter = Callable[[Any], str]


class Quoted(str):
    """A value as it can stand in a file."""

    __slots__ = ()


class Templates:
    """The templates in a folder of a package, with the filters that quote a value for them.

    Workflows and scripts have braces of their own: values stand in `[= … =]`, and a line that begins with
    `#:` is a statement.
    """

    def __init__(self, package: str, folder: str, filters: Mapping[str, Filter]) -> None:
        self._package, self._folder, self._filters = package, folder, filters

    def fill(self, name: str, /, **values: Any) -> str:
        """Return the file that a template makes of some values."""
        return self.environment.get_template(name).render(values)

    @cached_property
    def environment(self) -> jinja2.Environment:
        """Return what reads the templates; Jinja2 is imported when the first of them is filled."""
        import jinja2

        found = jinja2.Environment(
            loader=jinja2.FileSystemLoader(str(resources.files(self._package).joinpath(self._folder))),
            autoescape=False,  # noqa: S701  # a value that no filter has quoted is an error
            finalize=_check_quoted,
            undefined=jinja2.StrictUndefined,
            variable_start_string="[=",
            variable_end_string="=]",
            block_start_string="[%",
            block_end_string="%]",
            comment_start_string="[#",
            comment_end_string="#]",
            line_statement_prefix="#:",
            keep_trailing_newline=True,
        )
        found.filters = {name: _quoting(quote) for name, quote in self._filters.items()}
        return found


def _quoting(quote: Filter) -> Callable[[Any], Quoted]:
    return lambda value: Quoted(quote(value))


def _check_quoted(value: object) -> object:
    if not isinstance(value, Quoted):
        raise TypeError(f"a template prints {value!r} without a filter that quotes it")
    return value
