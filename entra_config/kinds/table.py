"""The kinds, in the order in which a plan lists them. A new kind is one file and one line here."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.kinds.app_role_assignment import AppRoleAssignmentKind
from entra_config.kinds.application import ApplicationKind
from entra_config.kinds.authorized_clients import AuthorizedClientKind
from entra_config.kinds.base import Kind
from entra_config.kinds.details import FederatedTrust, SignInList
from entra_config.kinds.directory import Live
from entra_config.kinds.enterprise_application import EnterpriseApplicationKind
from entra_config.kinds.federated_credential import FederatedCredentialKind
from entra_config.kinds.logo import LogoKind
from entra_config.kinds.owners import OwnerKind
from entra_config.kinds.permission_grant import PermissionGrantKind
from entra_config.kinds.trace import Trace
from entra_config.manifest.fields.field import Brought
from entra_config.plan.diff import Shape

KINDS: tuple[Kind, ...] = (
    ApplicationKind(),
    EnterpriseApplicationKind(),
    AuthorizedClientKind(),
    FederatedCredentialKind(),
    LogoKind(),
    OwnerKind(),
    PermissionGrantKind(),
    AppRoleAssignmentKind(),
)
# What exists by itself; all else is a part of one, and comes and goes with it.
OBJECTS = frozenset({ApplicationKind.name, EnterpriseApplicationKind.name})
# What kinds bring to the manifest's applications; `manifest/fields/table.py` asks for it.
FIELDS: tuple[Brought, ...] = tuple(field for kind in KINDS for field in kind.fields)
# Whose tokens sign in as an application: rules, reports and import read it here.
SIGN_IN_LISTS: tuple[SignInList, ...] = tuple(each for kind in KINDS for each in kind.sign_ins)
TRACES: dict[str, Trace] = {kind.name: kind.trace for kind in KINDS}
SHAPES: dict[str, Shape] = {kind.name: kind.shape for kind in KINDS}


def sign_ins(live: Live) -> Iterator[tuple[SignInList, FederatedTrust]]:
    """Yield whose tokens sign in as a live application, each with its list."""
    for listed in SIGN_IN_LISTS:
        for row in live.rows(listed.detail):
            yield listed, row
