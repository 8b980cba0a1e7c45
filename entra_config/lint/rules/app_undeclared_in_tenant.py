"""Registrations that nobody manages."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield how many there are, with the first names."""
    found = view.facts("external")
    if found:
        names = sorted(str(each["displayName"]) for each in found)
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        yield Hit(
            None,
            f"{len(names)} registrations that nobody manages: {', '.join(names[:5])}{more}",
            what="registrations",
        )


RULE = Rule(
    id="app-undeclared-in-tenant",
    severity="I",
    confidence="high",
    on=("live",),
    finds="Registrations that nobody manages.",
    why="Nobody reviews what they may and who can act as them.",
    fix="`entra-config import --all` writes a manifest of them.",
    source="this project; drift --unmanaged lists them",
    bad="""\
application: { displayName: App }
facts:
  external: [{ appId: 11111111-0000-4000-8000-000000000001, «displayName: Experiment }]
""",
    good="""\
application: { displayName: App }
facts:
  external: []
""",
    check=check,
)
