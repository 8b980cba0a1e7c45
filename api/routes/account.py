"""`/me` and `/admin/data`: a token in, what it says and what an administrator may see out."""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from api.auth.requirements import require, require_proof
from api.auth.route import GuardedRoute
from api.auth.user import CurrentUser
from api.generated.authorization import Operation
from api.openapi import PROTECTED
from api.records.model import Owner


class Me(BaseModel):
    """What the access token says of its bearer."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["user", "application"]
    objectId: str  # noqa: N815  # JSON's spelling
    tenantId: str  # noqa: N815  # JSON's spelling
    clientId: str  # noqa: N815  # JSON's spelling
    name: str | None
    username: str | None
    scopes: list[str]
    roles: list[str]
    groups: list[str] | None
    expiresAt: int  # noqa: N815  # JSON's spelling

    @classmethod
    def of(cls, user: CurrentUser) -> Self:
        """Show the user."""
        return cls(
            kind=user.kind,
            objectId=user.object_id,
            tenantId=user.tenant_id,
            clientId=user.client_id,
            name=user.name,
            username=user.username,
            scopes=sorted(user.scopes),
            roles=sorted(user.roles),
            groups=None if user.groups is None else sorted(user.groups),
            expiresAt=user.expires_at,
        )


class AdminData(BaseModel):
    """What only administrators see."""

    model_config = ConfigDict(extra="forbid")

    environment: str
    records: int
    owners: list[Owner]


router = APIRouter(tags=["account"], route_class=GuardedRoute, responses=PROTECTED)
# A router of its own, so that every path below /admin is guarded by default.
admin = APIRouter(
    prefix="/admin",
    tags=["admin"],
    route_class=GuardedRoute,
    responses=PROTECTED,
    dependencies=[Depends(require(Operation.ADMINISTER) & require_proof())],
)


@router.get("/me")
async def me(user: Annotated[CurrentUser, Depends(require(Operation.WHO_AM_I))]) -> Me:
    """Tell who the token says you are; `groups` is null when there are too many."""
    return Me.of(user)


@admin.get("/data")
def admin_data(request: Request) -> AdminData:
    """Tell what only administrators see: who owns how many records, and to whom one can be given."""
    state = request.app.state
    owners = state.store.owners()
    total = sum(owner.records for owner in owners)
    return AdminData(environment=state.settings.entra.environment, records=total, owners=owners)
