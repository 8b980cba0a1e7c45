"""`/healthz` and `/readyz`: is the process alive, and can it serve."""

import logging
import sqlite3
from typing import Literal

from fastapi import APIRouter, Request, Response, status
from pydantic import BaseModel

log = logging.getLogger("api.health")


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether each thing that the API needs is there."""

    status: Literal["ready", "not ready"]
    keys: bool
    database: bool


router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> Health:
    """Answer while the process lives; restart it if this fails."""
    return Health()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "Not ready."}})
def readyz(request: Request, response: Response) -> Readiness:
    """Answer 200 when tokens can be verified and records stored; send no traffic otherwise."""
    keys = request.app.state.keys.ready
    try:
        request.app.state.store.check()
        database = True
    except sqlite3.Error as error:
        log.error("database not ready", extra={"error": str(error)})  # noqa: TRY400  # no trace needed
        database = False
    ready = keys and database
    if not ready:
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return Readiness(status="ready" if ready else "not ready", keys=keys, database=database)
