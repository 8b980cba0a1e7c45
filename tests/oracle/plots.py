"""The plots of worlds, each drawn into a draft by its function, in the order in which seeds take their
turns.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.oracle import plots_of_access, plots_of_deletion, plots_of_names
from tests.oracle.draft import Draft

# A plot says False where the draft has no room for it.
Shape = Callable[[Draft], bool]

# Each is the main thing of one world in so many.
MAIN: tuple[Shape, ...] = (
    plots_of_names.key_used_again,
    plots_of_names.label_used_again,
    plots_of_names.values_swapped,
    plots_of_names.values_handed_on,
    plots_of_names.moved_between_projects,
    plots_of_names.key_renamed,
    plots_of_names.key_replaced,
    plots_of_names.label_renamed,
    plots_of_names.value_changed,
    plots_of_access.overridden,
    plots_of_access.permission_taken,
    plots_of_access.assignments_dropped,
    plots_of_access.group_unreadable,
    plots_of_names.uris_exchanged,
    plots_of_access.member_types_changed,
    plots_of_access.assignment_required,
    plots_of_deletion.destroyed,
    plots_of_deletion.restored,
    plots_of_deletion.client_restored,
    plots_of_deletion.api_restored,
    plots_of_deletion.role_removed,
    plots_of_access.consent_changed,
    plots_of_access.role_of_others,
    plots_of_access.assigned_at_others,
    plots_of_access.role_disabled,
    plots_of_deletion.id_declared,
    plots_of_access.people_changed,
    plots_of_access.edited_by_hand,
    plots_of_access.group_renamed,
    plots_of_access.secret_left,
    plots_of_access.held_by_others,
    plots_of_access.granted_to_others,
)
# These get on with any other.
BESIDE: tuple[Shape, ...] = (
    plots_of_access.people_changed,
    plots_of_access.edited_by_hand,
    plots_of_access.group_unreadable,
    plots_of_access.consent_changed,
    plots_of_access.permission_taken,
    plots_of_access.held_by_others,
    plots_of_access.granted_to_others,
    plots_of_access.group_renamed,
    plots_of_access.secret_left,
)
