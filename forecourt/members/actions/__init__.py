"""Everything that can happen to the people of an organization, one function each."""

from forecourt.members.actions.answers import (
    accept_invitation,
    accept_with_new_account,
    decline_invitation,
    needs_proof,
)
from forecourt.members.actions.departure import delete_account
from forecourt.members.actions.export import export_account
from forecourt.members.actions.factor_resets import ask_factor_reset, withdraw_factor_reset
from forecourt.members.actions.invitations import (
    invite_member,
    invite_several,
    resend_invitation,
    revoke_invitation,
)
from forecourt.members.actions.people import change_role, leave, remove_member
from forecourt.members.actions.preparing import send_prepared
from forecourt.members.actions.start import start_organization

__all__ = [
    "accept_invitation",
    "accept_with_new_account",
    "ask_factor_reset",
    "change_role",
    "decline_invitation",
    "delete_account",
    "export_account",
    "invite_member",
    "invite_several",
    "leave",
    "needs_proof",
    "remove_member",
    "resend_invitation",
    "revoke_invitation",
    "send_prepared",
    "start_organization",
    "withdraw_factor_reset",
]
