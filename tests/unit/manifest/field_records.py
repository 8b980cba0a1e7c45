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
)
from entra_config.manifest.fields.field import Record
from entra_config.manifest.fields.sinks.table import KINDS

ROOMS = (
    application,
    client,
    credential_records,
    records,
    root_records,
    environment,
    lint_records,
    root,
    fleet_records,
    settings,
)
IN_ROOMS = [each for room in ROOMS for each in vars(room).values() if isinstance(each, Record)]
RECORDS = list({id(each): each for each in (*IN_ROOMS, *(kind.record for kind in KINDS.values()))}.values())
