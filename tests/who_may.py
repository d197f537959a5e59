"""The table: every address, and who may ask what there. Written by hand, so that it can disagree
with the code; `test_who_may.py` runs it for every person of the cast."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forecourt.orgs.permissions import Permission

# The kinds of people inside an organization
MEMBERS = frozenset({"member", "primary", "admin"})
REMOVERS = frozenset({"primary", "admin"})
ADMINS = frozenset({"admin"})
# ... and everybody else's word
ANYONE, SIGNED_IN, HOLDER = "anyone", "signed in", "whoever holds the link"

#: What `ok` says for those who are not named in it.
REST = "everybody else"
Answers = int | Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """One method of one address.

    `who`: the kinds inside the organization that get in, or a word for an address outside of any.
    `ok`: the answer to those, as one status or by kind of person. `form` is sent; `{object}` in
    its address is a member's or an invitation's id. `action`: what a POST does, or a GET notes.
    """

    method: str
    name: str
    who: frozenset[str] | str
    ok: Answers = 200
    form: Mapping[str, Any] = field(default_factory=dict)
    thing: str = ""
    action: str = ""
    permission: Permission | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    def status(self, kind: str) -> int:
        """The answer to this kind of person, who is let in."""
        if isinstance(self.ok, int):
            return self.ok
        return self.ok.get(kind, self.ok.get(REST, 0))


def inside(
    method: str, name: str, who: frozenset[str], permission: Permission, ok: Answers, **more
):
    return Row(method, name, who, ok, permission=permission, **more)


VIEW, INVITE, EDIT = Permission.VIEW_MEMBERS, Permission.INVITE_MEMBERS, Permission.EDIT_MEMBERS
PEOPLE = {"people": "one@new.example, two@new.example"}
SETTINGS = {"who_may_invite": "admins", "invitation_days": "3"}
ACCOUNT = {"password": "a long sentence of mine"}
PROFILE = {"name": "Another Name", "time_zone": "Europe/Berlin"}
NOT_MINE = {"admin": 303, REST: 403}  # an invitation that the vendor sent
AWAY = {"anonymous": 200, REST: 302}  # pages for people who are not signed in
FORM = {"anonymous": 422, REST: 302}
ONLY_IN = {"anonymous": 302, REST: 200}

TABLE = [
    # An organization's pages
    inside("GET", "organization", MEMBERS, VIEW, 302),
    inside("GET", "members", MEMBERS, VIEW, 200),
    inside("GET", "invite", MEMBERS, INVITE, 200),
    inside(
        "POST",
        "invite",
        MEMBERS,
        INVITE,
        303,
        form={"email": "one@new.example"},
        action="invite_member",
    ),
    inside("GET", "invite_several", MEMBERS, INVITE, 200),
    inside("POST", "invite_several", MEMBERS, INVITE, 200, form=PEOPLE),
    inside("POST", "send_several", MEMBERS, INVITE, 200, form=PEOPLE, action="invite_several"),
    inside(
        "POST",
        "resend_invitation",
        MEMBERS,
        INVITE,
        NOT_MINE,
        thing="invitation",
        action="resend_invitation",
    ),
    inside(
        "GET", "revoke_invitation", MEMBERS, VIEW, {"admin": 200, REST: 403}, thing="invitation"
    ),
    inside(
        "POST",
        "revoke_invitation",
        MEMBERS,
        VIEW,
        NOT_MINE,
        thing="invitation",
        action="revoke_invitation",
    ),
    inside("GET", "edit_member", ADMINS, EDIT, 200, thing="member"),
    inside(
        "POST",
        "edit_member",
        ADMINS,
        EDIT,
        303,
        form={"role": "member"},
        thing="member",
        action="change_role",
    ),
    inside("GET", "remove_member", REMOVERS, Permission.REMOVE_MEMBERS, 200, thing="member"),
    inside(
        "POST",
        "remove_member",
        REMOVERS,
        Permission.REMOVE_MEMBERS,
        303,
        thing="member",
        action="remove_member",
    ),
    inside("GET", "leave", MEMBERS, Permission.LEAVE, 200),
    inside("POST", "leave", MEMBERS, Permission.LEAVE, {"primary": 422, REST: 303}, action="leave"),
    inside("GET", "account", MEMBERS, Permission.VIEW_ACCOUNT, 200),
    inside(
        "POST",
        "account_settings",
        ADMINS,
        Permission.EDIT_SETTINGS,
        303,
        form=SETTINGS,
        action="change_settings",
    ),
    # An invitation's link; "invitee" has a verified account with its address
    Row("GET", "invitation", HOLDER),
    Row(
        "POST",
        "accept_invitation",
        HOLDER,
        {"anonymous": 303, "invitee": 303, REST: 422},
        action="accept_invitation",
    ),
    Row("POST", "accept_with_password", HOLDER, 422, ACCOUNT, action="accept_with_new_account"),
    Row("GET", "decline_invitation", HOLDER, 303),
    Row("POST", "decline_invitation", HOLDER, 200, action="decline_invitation"),
    Row("POST", "switch_account", HOLDER, 303),
    Row("POST", "confirm_address", HOLDER, 303),
    # A person's own pages
    Row("GET", "home", SIGNED_IN, 302),
    Row("GET", "organizations", SIGNED_IN),
    Row(
        "POST",
        "accept_waiting",
        SIGNED_IN,
        {"invitee": 303, REST: 404},
        thing="waiting",
        action="accept_invitation",
    ),
    Row(
        "POST",
        "decline_waiting",
        SIGNED_IN,
        {"invitee": 303, REST: 404},
        thing="waiting",
        action="decline_invitation",
    ),
    Row("GET", "export_account", SIGNED_IN, action="export_account"),
    Row("GET", "delete_account", SIGNED_IN),
    Row(
        "POST",
        "delete_account",
        SIGNED_IN,
        {"invitee": 303, REST: 422},
        form={"email": "nobody@example.com"},
        action="delete_account",
    ),
    # Signing in and what belongs to it
    inside("GET", "second_factor_required", MEMBERS, VIEW, 302),
    inside(
        "POST",
        "sign_in_rules",
        ADMINS,
        Permission.EDIT_SETTINGS,
        303,
        form={"second_factor": "off", "session_hours": "8"},
        action="change_sign_in_rules",
    ),
    # Signing in with a provider or a passkey
    Row("POST", "openid_connect_login", ANYONE, 404),
    Row("GET", "openid_connect_callback", ANYONE, 404),
    Row("GET", "socialaccount_login_cancelled", ANYONE, 302),
    Row("GET", "account_link", ANYONE, 302),
    Row("POST", "account_link", ANYONE, 302),
    Row("POST", "invitation_provider", HOLDER, 404),
    Row("GET", "account_signup_by_passkey", ANYONE, AWAY),
    Row("POST", "account_signup_by_passkey", ANYONE, FORM),
    Row("GET", "mfa_login_webauthn", ANYONE, 302),
    Row("POST", "mfa_login_webauthn", ANYONE, FORM),
    Row("GET", "mfa_signup_webauthn", ANYONE, 302),
    Row("POST", "mfa_signup_webauthn", ANYONE, 302),
    Row("GET", "mfa_authenticate", ANYONE, 302),
    Row("POST", "mfa_authenticate", ANYONE, 302),
    Row("GET", "mfa_reauthenticate", SIGNED_IN),
    Row("POST", "mfa_reauthenticate", SIGNED_IN, 422),
    Row("GET", "mfa_reauthenticate_webauthn", SIGNED_IN),
    Row("POST", "mfa_reauthenticate_webauthn", SIGNED_IN, 422),
    # One's own account
    Row("GET", "profile", SIGNED_IN),
    Row("GET", "mfa_index", SIGNED_IN),
    Row("GET", "account_email", SIGNED_IN),
    Row("POST", "save_profile", SIGNED_IN, 303, PROFILE, action="change_profile"),
    Row("POST", "add_address", SIGNED_IN, 303, form={"email": "another@new.example"}),
    Row("GET", "make_primary", SIGNED_IN, 404),
    Row("POST", "make_primary", SIGNED_IN, 404, action="make_primary"),
    Row("GET", "remove_address", SIGNED_IN, 404),
    Row("POST", "remove_address", SIGNED_IN, 404, action="remove_address"),
    Row("GET", "revert_address", HOLDER, 404),
    Row("POST", "revert_address", HOLDER, 404, action="restore_address"),
    Row("POST", "cancel_factor_reset", SIGNED_IN, 404, action="cancel_factor_reset"),
    Row("POST", "end_other_sessions", SIGNED_IN, 303),
    Row("POST", "end_session", SIGNED_IN, 404),
    Row("GET", "unlink_identity", SIGNED_IN, 404),
    Row("POST", "unlink_identity", SIGNED_IN, 404),
    Row("GET", "mfa_activate_totp", SIGNED_IN),
    Row("POST", "mfa_activate_totp", SIGNED_IN, 422),
    Row("GET", "mfa_deactivate_totp", SIGNED_IN, 404),
    Row("POST", "mfa_deactivate_totp", SIGNED_IN, 404),
    Row("GET", "mfa_view_recovery_codes", SIGNED_IN, 404),
    Row("GET", "mfa_generate_recovery_codes", SIGNED_IN),
    Row("POST", "mfa_generate_recovery_codes", SIGNED_IN, 422),
    Row("GET", "mfa_add_webauthn", SIGNED_IN),
    Row("POST", "mfa_add_webauthn", SIGNED_IN, 422),
    Row("GET", "mfa_edit_webauthn", SIGNED_IN, 404),
    Row("POST", "mfa_edit_webauthn", SIGNED_IN, 404),
    Row("GET", "mfa_remove_webauthn", SIGNED_IN, 404),
    Row("POST", "mfa_remove_webauthn", SIGNED_IN, 404),
    Row("GET", "account_login", ANYONE, AWAY),
    Row("POST", "account_login", ANYONE, FORM),
    Row("GET", "account_request_login_code", ANYONE, AWAY),
    Row("POST", "account_request_login_code", ANYONE, FORM),
    Row("GET", "account_confirm_login_code", ANYONE, 302),
    Row("POST", "account_confirm_login_code", ANYONE, 302),
    Row("GET", "account_logout", ANYONE, ONLY_IN),
    Row("POST", "account_logout", ANYONE, 302),
    Row("GET", "account_inactive", ANYONE),
    Row("GET", "account_signup", ANYONE, AWAY),
    Row("POST", "account_signup", ANYONE, FORM),
    Row("GET", "account_reauthenticate", SIGNED_IN),
    Row("POST", "account_reauthenticate", SIGNED_IN, 422),
    Row("GET", "account_email_verification_sent", ANYONE, 302),
    Row("POST", "account_email_verification_sent", ANYONE, 302),
    Row("GET", "account_change_password", SIGNED_IN),
    Row("POST", "account_change_password", SIGNED_IN, 422),
    Row("GET", "account_set_password", SIGNED_IN, 302),
    Row("POST", "account_set_password", SIGNED_IN, 302),
    Row("GET", "account_reset_password", ANYONE),
    Row("POST", "account_reset_password", ANYONE, 422),
    Row("GET", "account_confirm_password_reset_code", ANYONE, 302),
    Row("POST", "account_confirm_password_reset_code", ANYONE, 302),
    Row("GET", "account_complete_password_reset", ANYONE, 302),
    Row("POST", "account_complete_password_reset", ANYONE, 302),
    Row("GET", "account_password_reset_completed", ANYONE),
    # The house
    Row("GET", "health", ANYONE),
    Row("GET", "asset", ANYONE),
    Row("POST", "theme", ANYONE, 303),
    # The demo's mailbox
    Row("GET", "demo_mail", ANYONE),
    Row("GET", "demo_mail_message", ANYONE, 404),
    Row("GET", "demo_mail_html", ANYONE, 404),
]

#: Actions that no address leads to; their tests name them.
#: What of an address is nobody's, where the rows above are asked with it.
NOBODYS = {
    "openid_connect_login": {"provider_id": "none"},
    "openid_connect_callback": {"provider_id": "none"},
    "invitation_provider": {"provider_id": "none"},
    "make_primary": {"address_id": 987_654_321},
    "remove_address": {"address_id": 987_654_321},
    "end_session": {"mark": "0123456789abcdef"},
    "unlink_identity": {"identity_id": 987_654_321},
    "mfa_edit_webauthn": {"key_id": 987_654_321},
    "mfa_remove_webauthn": {"key_id": 987_654_321},
}
#: Actions on things that the cast does not have; their own tests walk through them.
OF_ONES_OWN = {
    "end_session",
    "end_sessions_but",
    "link_identity",
    "rename_key",
    "unlink_identity",
}
FROM_THE_COMMAND_LINE = {"start_organization", "add_staff"}
ELSEWHERE = FROM_THE_COMMAND_LINE | OF_ONES_OWN
