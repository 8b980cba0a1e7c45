"""What a record is, in the database and in JSON."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

# The pattern tells readers of the OpenAPI document what stripping means: a title is not blank. What `\s` is
# differs: U+0085 is a space here and none in JavaScript, U+FEFF the other way round.
NOT_BLANK = r"[^\s\u0085\uFEFF]"
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NOT_BLANK)
]
Text = Annotated[str, StringConstraints(max_length=4000)]


class RecordInput(BaseModel):
    """What a writer says of a record."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    text: Text = ""


class Record(BaseModel):
    """A record, and who wrote it when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    text: str
    createdAt: str
    createdBy: str
    updatedAt: str
    updatedBy: str
    owner: str


class RecordPage(BaseModel):
    """Some records, newest first, and the cursor of the next ones."""

    model_config = ConfigDict(extra="forbid")

    items: list[Record]
    next: str | None


class Person(BaseModel):
    """Who listed or wrote records, as their token named them last; an application has no names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Literal["user", "application"]
    name: str | None
    username: str | None


class Owner(Person):
    """Somebody who may own records, and how many they own."""

    records: int


class Assignment(BaseModel):
    """Who is to own a record: the object id of somebody whom the API knows."""

    model_config = ConfigDict(extra="forbid")

    owner: UUID
