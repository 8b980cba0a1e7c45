"""Lines of a plan's text: places flush right, names that stay on their line, colours that change no word."""

from __future__ import annotations

import dataclasses
import io
import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from entra_config.plan.model import (
    Delete,
    FieldChange,
    ItemChange,
    Notice,
    Refusal,
    TenantInfo,
    Update,
)
from entra_config.report import lines, text
from entra_config.resource import Address
from tests.unit.report.plans import API, HERE, TENANT, plan_of, resource, steps


@given(st.text(st.characters(codec=None), max_size=60))
def test_no_name_leaves_its_line(name: str) -> None:
    """Whatever people call their things, the plan has the lines that it has, and only printable
    characters.
    """
    hostile = Address("application", "api")
    there = resource(hostile, name or "x", name, HERE)
    item = ItemChange("change", name, name, (FieldChange(name, name, [name]),), (name,))
    nested = FieldChange("y", {}, {name: name}, differences=(FieldChange(name, None, name),))
    plan = plan_of(
        Update(
            there, there, (FieldChange(name, items=(item,)), FieldChange("x", name, name), nested), (name,)
        ),
        warnings=(Notice(name, hostile),),
        refusals=(Refusal("many", name, hostile),),
    )
    plan = dataclasses.replace(plan, tenant=TenantInfo(TENANT, name), steps=steps(1))
    shown = text.render(plan)

    assert len(shown.splitlines()) == (18 if name else 17)
    assert all(char == "\n" or unicodedata.category(char)[0] != "C" for char in shown)


def test_colours_change_nothing_but_colours() -> None:
    """The coloured text is the plain text plus ANSI styles, and no name is rich markup."""
    api = resource(API, "[red]api[/red]", "[bold]x", HERE)
    plan = plan_of(Delete(api))
    out = io.StringIO()
    Console(file=out, force_terminal=True, color_system="standard", width=200).print(
        lines.styled(text.lines(plan)), soft_wrap=True
    )
    bare = io.StringIO()
    Console(file=bare, no_color=True, width=200).print(lines.styled(text.lines(plan)), soft_wrap=True)

    assert "[red]api[/red]" in out.getvalue()
    assert "[red]api[/red]" in bare.getvalue()
    assert [each.rstrip() for each in bare.getvalue().splitlines()] == text.render(plan).splitlines()
