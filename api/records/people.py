"""Who calls in; by what name an administrator finds them among the owners of records out."""

from api.auth.user import CurrentUser
from api.records.model import Person


def person(user: CurrentUser) -> Person:
    """Return who calls as they are shown; what counts is the id, since names change hands."""
    return Person(id=user.object_id, kind=user.kind, name=user.name, username=user.username)
