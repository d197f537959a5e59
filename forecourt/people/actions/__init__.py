"""Everything that a person can do with their own account, beside what allauth does."""

from forecourt.people.actions.addresses import make_primary, remove_address, restore_address
from forecourt.people.actions.factor_resets import cancel_factor_reset
from forecourt.people.actions.factor_seals import reseal_factors
from forecourt.people.actions.identities import link_identity, unlink_identity, ways_in
from forecourt.people.actions.keys import rename_key
from forecourt.people.actions.profile import change_profile, end_session, end_sessions_but

__all__ = [
    "cancel_factor_reset",
    "change_profile",
    "end_session",
    "end_sessions_but",
    "link_identity",
    "make_primary",
    "remove_address",
    "rename_key",
    "reseal_factors",
    "restore_address",
    "unlink_identity",
    "ways_in",
]
