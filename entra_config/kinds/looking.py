"""Writes that give clients something in; before them a mark of this run on each client that is to be
looked at again, out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from entra_config.kinds.base import LOOKED_TAG, looked_ref, text
from entra_config.kinds.writes import Patch, WriteView
from entra_config.plan.model import Update
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Value


def marking(writes: Iterable[Step | Patch], view: WriteView) -> Iterator[Patch]:
    """Yield one mark for each client that is given anything, and that somebody may have owned until a
    moment ago.
    """
    armed = {address for write in writes for address in write.order.arms}
    for address in sorted(armed):
        if address in view.looks and view.looks[address].marked:
            yield Patch(address, Phase.LOOK, {"tags": _tags(address, view)}, (), address)


def _tags(address: Address, view: WriteView) -> list[Value]:
    """Return the tags that a client has by now, with the mark of this look in the place of an earlier one."""
    change = view.changes.get(address)
    if isinstance(change, Update) and any(field.path == "tags" for field in change.fields):
        tags = change.after.values["tags"]
    else:
        tags = (view.directory.live[address.key].subject.application or {}).get("tags") or ()
    return [
        *(tag for tag in tags if not tag.startswith(LOOKED_TAG)),
        text(LOOKED_TAG, looked_ref(address.key)),
    ]
