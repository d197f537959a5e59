"""Everything that a person can do with their own account, beside what allauth does."""

from forecourt.people.actions.identities import link_identity, unlink_identity

__all__ = ["link_identity", "unlink_identity"]
