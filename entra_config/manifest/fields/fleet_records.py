"""The records of a fleet's file: their keys, shapes and limits, a row each."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.manifest.fields.field import Definition, Mapped, Record, Several, row
from entra_config.manifest.fields.root_records import FILE

# How the client of a fleet signs in, and the credential of `--credential` that does it.
KINDS: Mapping[str, str] = {
    "aws": "aws",
    "github": "workload-identity",
    "gitlab": "workload-identity",
    "kubernetes": "workload-identity",
}

CREDENTIAL = Record(
    "`credential`",
    "Who signs in: one client, the same in all tenants, and no secret.",
    (
        row("kind", "word", "Where the proof comes from.", "github", choices=tuple(KINDS), required=True),
        row("clientId", "guid", "Its appId.", "5c1b2f7e-0000-4000-8000-000000000001", required=True),
    ),
)
PROJECT = Record(
    "a project of a fleet",
    "A manifest, and the environment of it that is of the fleet.",
    (
        row(
            "manifest",
            "string",
            "The root file of the manifest, or its folder, below the folder of the fleet's file.",
            "myapp/manifests",
            required=True,
        ),
        row(
            "environment",
            "string",
            "An environment of it that says `fleet: true`.",
            "customer",
            required=True,
        ),
        row(
            "before",
            "texts",
            "The projects that come after this one in a tenant.",
            ["myapp"],
        ),
    ),
)
_VARIABLES = row(
    "variables",
    "variables",
    "What `${name}` stands for, on top of what is below.",
    {"region": "westeurope"},
)
_OVERRIDES = row(
    "overrides",
    Mapped(Definition("overrides")),
    "By project: goes on top of its files, as the `overrides` of an environment do.",
    {"myapp": {"applications": {"api": {"notes": "EU"}}}},
)
_CREDENTIAL = row("credential", Definition("fleetCredential"), "In place of the fleet's own.")
LAYER = Record(
    "a layer",
    "What several tenants have alike.",
    (
        row("tags", "texts", "It is of the tenants that have all of these; absent: of all tenants.", ["eu"]),
        _VARIABLES,
        _OVERRIDES,
        _CREDENTIAL,
    ),
)
TENANT = Record(
    "a tenant",
    "A tenant of the fleet.",
    (
        row(
            "tenantId",
            "guid",
            "Its id; a token for another one stops everything.",
            "11111111-1111-1111-1111-111111111111",
            required=True,
        ),
        row("tags", "texts", "What layers, waves and `--tag` find it by.", ["eu", "first"]),
        row("projects", "texts", "The projects that it has.", ["platform", "myapp"], required=True),
        _VARIABLES,
        _OVERRIDES,
        _CREDENTIAL,
    ),
)
WAVE = Record(
    "a wave",
    "Who is applied to next: exactly one of these.",
    (
        row("tags", "texts", "The tenants that have one of these.", ["first"]),
        row("percent", "number", "So many of a hundred, drawn by their ids.", 10, least=1, most=100),
        row("rest", "boolean", "All that are left: the last wave.", True),
    ),
    alone=True,
)
FLEET_LIMITS = Record(
    "`limits`",
    "What one approval may take away in all of its tenants together; what is over is not approved.",
    (
        row(
            "failedTenants",
            "percent",
            "Of so many tenants of a wave the apply may fail before the next one starts; of the first, none. "
            "Absent: 2%.",
            "2%",
            pattern=r"\d{1,3}(\.\d{1,2})?%",
        ),
        row("people", "number", "So many people may lose something. Absent: 50.", 50, largest=1_000_000),
        row(
            "applications",
            "number",
            "So many applications may lose something. Absent: 20.",
            20,
            largest=1_000_000,
        ),
        row("deleted", "number", "So many applications may be deleted. Absent: 0.", 0, largest=1_000_000),
    ),
)
TENANTS = "tenants"
FLEET = Record(
    "a fleet",
    "A fleet's file (fleet.yaml), or one that it names, which holds `tenants`.",
    (
        row(
            "projects",
            Mapped(PROJECT, keys=True),
            "The projects, by name: a manifest, and the environment that is of the fleet.",
            {"myapp": {"manifest": "myapp/manifests", "environment": "customer"}},
        ),
        row(
            "credential",
            Definition("fleetCredential"),
            "Who signs in to each tenant.",
            {"kind": "github", "clientId": "5c1b2f7e-0000-4000-8000-000000000001"},
        ),
        row(
            "layers",
            Several(LAYER),
            "What several tenants have alike, from bottom to top; a tenant's own goes on top.",
            [{"tags": ["eu"], "variables": {"region": "westeurope"}}],
        ),
        row(
            "files",
            Several(FILE),
            "Other files with tenants, as globs below this folder.",
            ["tenants/*.yaml"],
        ),
        row(
            "waves",
            Several(WAVE, least=1),
            "In which order they are applied to; absent: all at once.",
            [{"tags": ["first"]}, {"percent": 10}, {"rest": True}],
        ),
        row(
            "limits",
            FLEET_LIMITS,
            "What one approval may take away in all tenants together, and how many may fail.",
            {"failedTenants": "2%", "people": 50},
        ),
        row(
            TENANTS,
            Mapped(TENANT, keys=True),
            "The tenants, by name.",
            {"contoso": {"tenantId": "11111111-1111-1111-1111-111111111111", "projects": ["myapp"]}},
        ),
    ),
)
