"""`/records`: requests with the right scopes and roles in, records out."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response, status

from api.auth.requirements import require
from api.auth.route import GuardedRoute
from api.auth.user import CurrentUser
from api.generated.authorization import Operation
from api.openapi import PROTECTED, problem
from api.records.model import Assignment, Record, RecordInput, RecordPage
from api.records.people import person
from api.records.store import RecordStore

Reader = Annotated[CurrentUser, Depends(require(Operation.READ_RECORDS))]
Author = Annotated[CurrentUser, Depends(require(Operation.CREATE_RECORD))]
Editor = Annotated[CurrentUser, Depends(require(Operation.UPDATE_RECORD))]
Remover = Annotated[CurrentUser, Depends(require(Operation.DELETE_RECORD))]
Assigner = Annotated[CurrentUser, Depends(require(Operation.ASSIGN_RECORD))]

MISSING: dict[int | str, dict[str, Any]] = {404: problem("There is no such record.")}
INVALID: dict[int | str, dict[str, Any]] = {422: problem("The request is not valid.")}
TOO_LARGE: dict[int | str, dict[str, Any]] = {413: problem("The body is too large.")}

router = APIRouter(prefix="/records", tags=["records"], route_class=GuardedRoute, responses=PROTECTED)


def _store(request: Request) -> RecordStore:
    store: RecordStore = request.app.state.store
    return store


Store = Annotated[RecordStore, Depends(_store)]


@router.get("", responses=INVALID)
def list_records(
    store: Store,
    user: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: UUID | None = None,
    owner: UUID | None = None,
) -> RecordPage:
    """List records, newest first; those of one owner where you name one."""
    store.know(person(user))
    return store.page(limit, str(after) if after else None, str(owner) if owner else None)


@router.post("", status_code=status.HTTP_201_CREATED, responses=INVALID | TOO_LARGE)
def create_record(given: RecordInput, store: Store, user: Author, response: Response) -> Record:
    """Create a record."""
    record = store.create(given, person(user))
    response.headers["Location"] = f"/records/{record.id}"
    return record


@router.get("/{record_id}", responses=INVALID | MISSING)
def get_record(record_id: UUID, store: Store, user: Reader) -> Record:
    """Read one record."""
    del user
    return _found(store.get(str(record_id)))


@router.put("/{record_id}", responses=INVALID | MISSING | TOO_LARGE)
def update_record(record_id: UUID, given: RecordInput, store: Store, user: Editor) -> Record:
    """Replace a record's title and text."""
    return _found(store.update(str(record_id), given, user.object_id))


@router.delete("/{record_id}", status_code=status.HTTP_204_NO_CONTENT, responses=INVALID | MISSING)
def delete_record(record_id: UUID, store: Store, user: Remover) -> None:
    """Delete a record."""
    del user
    if not store.delete(str(record_id)):
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such record.")


@router.put("/{record_id}/owner", responses=INVALID | MISSING | TOO_LARGE)
def assign_record(record_id: UUID, given: Assignment, store: Store, user: Assigner) -> Record:
    """Give a record to somebody else whom `/admin/data` lists."""
    del user
    _found(store.get(str(record_id)))
    record = store.assign(str(record_id), str(given.owner))
    if record is None:
        message = "Nobody with this id has come here yet, so nobody knows who that is."
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT, message)
    return record


def _found(record: Record | None) -> Record:
    if record is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "There is no such record.")
    return record
