"""Everything that a person can do with their own account, beside what allauth does."""

from forecourt.people.actions.identities import link_identity, unlink_identity, ways_in
from forecourt.people.actions.keys import rename_key
from forecourt.people.actions.profile import change_profile, end_session, end_sessions_but

__all__ = [
    "change_profile",
    "end_session",
    "end_sessions_but",
    "link_identity",
    "rename_key",
    "unlink_identity",
    "ways_in",
]
