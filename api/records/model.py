"""What a record is, in the database and in JSON."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

# The pattern tells readers of the OpenAPI document what stripping means: a title is not blank.
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"\S")]
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


class RecordPage(BaseModel):
    """Some records, newest first, and the cursor of the next ones."""

    model_config = ConfigDict(extra="forbid")

    items: list[Record]
    next: str | None


class Statistics(BaseModel):
    """How many records there are, and by whom."""

    model_config = ConfigDict(extra="forbid")

    total: int
    byAuthor: dict[str, int]
