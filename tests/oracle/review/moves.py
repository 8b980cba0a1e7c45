"""What an author of pull requests does: each move edits files in place and tells whether it could. Drawn
towards what hides.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.oracle.review import moves_of_access, moves_of_disguise, moves_of_registrations
from tests.oracle.review.estate import Company, Files

Move = Callable[[Company, Files], bool]

POWERS: tuple[Move, ...] = (
    moves_of_access.holder,
    moves_of_access.holder,
    moves_of_access.team_holder,
    moves_of_registrations.redirect,
    moves_of_registrations.redirect,
    moves_of_registrations.federated,
    moves_of_registrations.federated,
    moves_of_access.owner,
    moves_of_registrations.certificate,
    moves_of_access.consent,
    moves_of_access.team_consent,
    moves_of_access.authorize,
    moves_of_registrations.settings,
    moves_of_registrations.settings,
    moves_of_registrations.role_value,
    moves_of_registrations.create,
    moves_of_registrations.create,
    moves_of_disguise.swap_pin,
    moves_of_disguise.swap_pin,
    moves_of_disguise.adopt,
    moves_of_access.others_role,
    moves_of_access.others_hold,
    moves_of_access.given_to_others,
    moves_of_access.owner_of_principal,
    moves_of_disguise.ignore,
    moves_of_disguise.look_away,
    moves_of_disguise.guards,
)
