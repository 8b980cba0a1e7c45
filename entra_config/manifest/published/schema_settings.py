"""The part of the JSON Schema that `settings:` has, made from the tables of its fields and of targets."""

from __future__ import annotations

from entra_config.manifest.fields.settings import of as fields_of
from entra_config.manifest.published.schema_parts import KEY, Schema, closed, described, inner, mapped
from entra_config.manifest.targets import TARGETS, Section


def settings() -> Schema:
    """Return the schema of `settings`."""
    return closed(
        "What `entra-config settings` writes for the applications; paths are relative to the root file.",
        {
            "folder": {
                "type": "string",
                "description": "Where the values go.",
                "examples": ["../output/settings/${environment}"],
            },
            "apis": _section("apis", "The APIs, by key of their application."),
            "spas": _section("spas", "The pages, by key of their application."),
            "webs": _section("webs", "Servers that sign in for a page, by key of their application."),
        },
    )


def _section(section: Section, description: str) -> Schema:
    fields = {each.key: inner(each) for each in fields_of(section)}
    for target in TARGETS:
        if target.section == section:
            says = (
                f"{target.description} "
                f"{'Committed.' if target.half == 'source' else 'From the tenant, at deploy.'}"
            )
            fields[target.key] = described({"type": "string"}, says, target.example)
    one = closed("What is written for one application.", fields)
    return {**mapped(one), "description": description, "propertyNames": {"pattern": KEY}}
