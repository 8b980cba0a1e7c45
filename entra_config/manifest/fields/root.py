"""The records of whole files: what stands in any file of a manifest, and what in the root file alone."""

from __future__ import annotations

from entra_config.manifest.fields.environment import ENVIRONMENT
from entra_config.manifest.fields.field import Definition, Mapped, Record, Several, row
from entra_config.manifest.fields.lint_records import LINT
from entra_config.manifest.fields.root_records import FILE, GIVEN, REMOVED
from entra_config.manifest.fields.settings import SETTINGS
from entra_config.manifest.reading.reader import MAX_KEY

ROOT_POLICY = Record(
    "`policy` of the root file",
    "What holds in every environment.",
    (row("lint", LINT, LINT.description, {"domains": ["example.com"]}),),
)
LEFT = Record(
    "`removed`",
    "What becomes of applications that left the manifest.",
    (
        row(
            "applications",
            Mapped(REMOVED, names=("application",)),
            "What becomes of each, by its key.",
            {"old": {"destroy": True}},
        ),
    ),
)
PARTIAL = Record(
    "a file of a manifest",
    "One of the files that the root file names.",
    (
        row(
            "applications",
            Mapped(Definition("application"), keys=True, names=("application",), expands=True),
            "The registrations of this project, by key.",
            {"api": {"type": "api", "displayName": "MyApp API"}},
        ),
        row(
            "enterpriseApplications",
            Mapped(Definition("foreign"), keys=True, names=("application",), expands=True),
            "Applications of others, by key: assigned, consented, required, never created or deleted.",
            {"hr": {"displayName": "HR"}},
        ),
        row(
            "appRoleAssignments",
            Mapped(Definition("assignments"), keys=True, names=("application",), expands=True),
            "Users and groups that hold each role, by application and label of role.",
            {"api": {"Reader": {"groups": ["All Staff"]}}},
        ),
        row(
            "lists",
            Mapped(Definition("list"), keys=True),
            "Lists of items, for entries with `each`.",
            {"services": {"orders": {"owner": "orders-team@contoso.com"}}},
        ),
    ),
)
_ONLY = (
    row(
        "project",
        "key",
        "The project: with the environment it marks what this manifest owns in the tenant.",
        "myapp",
        limits="a letter, then letters, digits and hyphens",
        longest=MAX_KEY,
        required=True,
    ),
    row(
        "files",
        Several(FILE),
        "The other files, as globs below this folder; a map restricts what a file may declare.",
        [
            "applications/*.yaml",
            {"path": "teams/billing.yaml", "mayDeclare": ["applications/api/appRoles/Billing.*"]},
        ],
    ),
    row(
        "tests",
        Several(FILE),
        "The files of access tests, as globs below this folder; absent: tests/*.yaml.",
        ["tests/*.yaml"],
    ),
    row(
        "environments",
        Mapped(ENVIRONMENT, keys=True, least=1, names=("environment",)),
        "The environments by name; each is one owner in its tenant.",
        {"dev": {"tenantId": "11111111-1111-1111-1111-111111111111"}},
        required=True,
    ),
    row("policy", ROOT_POLICY, ROOT_POLICY.description, {"lint": {"domains": ["example.com"]}}),
    row("removed", LEFT, LEFT.description, {"applications": {"old": {"destroy": True}}}),
    row(
        "grants",
        Mapped(Mapped(GIVEN, names=("application",)), names=("servicePrincipal",), expands=True),
        "By principal that is not ours (display name, `project/environment/key` or id) and API of others: "
        "roles given to it.",
        {"Deploy identity": {"Microsoft Graph": {"application": ["User.Read.All"]}}},
    ),
    row("settings", SETTINGS, SETTINGS.description, {"folder": "../output/settings/${environment}"}),
)
ROOT = Record(
    "a manifest",
    "A root file (entra-config.yaml) or one of the files that it names.",
    (*_ONLY, *PARTIAL.fields),
)
SHARED = PARTIAL.keys
ROOT_ONLY = tuple(each.key for each in _ONLY)
# The maps in which an entry may have `each`.
EXPANDING = tuple(each.key for each in ROOT.fields if isinstance(each.shape, Mapped) and each.shape.expands)
# What the `overrides` of an environment may change.
OVERRIDABLE = (*SHARED, "grants", "settings")
