"""All records of the tables of fields."""

from __future__ import annotations

from entra_config.manifest.fields import (
    application,
    client,
    credential_records,
    environment,
    fleet_records,
    lint_records,
    records,
    root,
    root_records,
    settings,
    sink_records,
)
from entra_config.manifest.fields.field import Record

ROOMS = (
    application,
    client,
    credential_records,
    records,
    root_records,
    sink_records,
    environment,
    lint_records,
    root,
    fleet_records,
    settings,
)
RECORDS = list(
    {id(each): each for room in ROOMS for each in vars(room).values() if isinstance(each, Record)}.values()
)
