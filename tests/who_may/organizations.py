"""The addresses of an organization's rooms."""

from forecourt.orgs.permissions import Permission
from tests.who_may.rows import ADMINS, ANYONE, HOLDER, MEMBERS, REMOVERS, REST, Row, inside

VIEW, INVITE, EDIT = Permission.VIEW_MEMBERS, Permission.INVITE_MEMBERS, Permission.EDIT_MEMBERS
PEOPLE = {"people": "one@new.example, two@new.example"}
SETTINGS = {"who_may_invite": "admins", "invitation_days": "3", "who_sees_keys": "everyone"}
NOT_MINE = {"admin": 303, REST: 403}  # an invitation that the vendor sent

MEMBERS_ROOM = [
    inside("GET", "organization", MEMBERS, Permission.VIEW_PRODUCTS, 302),
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
    inside("GET", "reset_factor", ADMINS, Permission.RESET_FACTORS, 200, thing="member"),
    inside(
        "POST",
        "reset_factor",
        ADMINS,
        Permission.RESET_FACTORS,
        422,  # nobody in the cast has a second factor
        form={"reason": "lost"},
        thing="member",
        action="ask_factor_reset",
    ),
    inside(
        "POST",
        "withdraw_factor_reset",
        ADMINS,
        Permission.RESET_FACTORS,
        404,
        thing="member",
        action="withdraw_factor_reset",
    ),
    inside("GET", "leave", MEMBERS, Permission.LEAVE, 200),
    inside("POST", "leave", MEMBERS, Permission.LEAVE, {"primary": 422, REST: 303}, action="leave"),
]

CONTACTS, PRIMARY = Permission.EDIT_CONTACTS, Permission.EDIT_PRIMARY
CONTACT = {"name": "Kim", "email": "kim@new.example", "phone": "", "kinds": ["releases"]}
#: While a member is the primary billing contact, nobody else changes it (S39).
THE_PRIMARY = frozenset({"primary"})
CONTACTS_ROOM = [
    inside("GET", "edit_primary", THE_PRIMARY, PRIMARY, 200),
    inside(
        "POST", "edit_primary", THE_PRIMARY, PRIMARY, 303, form=CONTACT, action="change_primary"
    ),
    inside("GET", "add_contact", REMOVERS, CONTACTS, 200),
    inside("POST", "add_contact", REMOVERS, CONTACTS, 303, form=CONTACT, action="add_contact"),
    inside("GET", "edit_contact", REMOVERS, CONTACTS, 200, thing="contact"),
    inside(
        "POST",
        "edit_contact",
        REMOVERS,
        CONTACTS,
        303,
        form=CONTACT,
        thing="contact",
        action="change_contact",
    ),
    inside("GET", "remove_contact", REMOVERS, CONTACTS, 200, thing="contact"),
    inside(
        "POST",
        "remove_contact",
        REMOVERS,
        CONTACTS,
        303,
        thing="contact",
        action="remove_contact",
    ),
    inside(
        "POST",
        "clear_bounce",
        REMOVERS,
        CONTACTS,
        303,
        thing="bounced_contact",
        action="clear_bounce",
    ),
    # By a link in a contact's mail
    Row("GET", "confirm_contact", HOLDER),
    Row("POST", "confirm_contact", HOLDER, action="confirm_address"),
    Row("GET", "mail_preferences", HOLDER),
    Row("POST", "mail_preferences", HOLDER, 303, action="choose_mail"),
    Row("GET", "unsubscribe", HOLDER),
    # A mail program sends it, and knows no token of a form: the link is the proof (RFC 8058).
    Row("POST", "unsubscribe", HOLDER, action="leave_kind", is_signed=True),
    # By the link in the mail to a former primary contact
    Row("GET", "undo_primary", HOLDER),
    Row("POST", "undo_primary", HOLDER, action="restore_primary"),
]

ACCOUNT_ROOM = [
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
    inside("GET", "rename_organization", ADMINS, Permission.EDIT_SETTINGS, 200),
    inside(
        "POST",
        "rename_organization",
        ADMINS,
        Permission.EDIT_SETTINGS,
        303,
        form={"name": "Another", "slug": "another"},
        action="rename_organization",
    ),
    inside("GET", "activity", ADMINS, Permission.VIEW_ACTIVITY, 200),
    inside("GET", "activity_exports", ADMINS, Permission.VIEW_ACTIVITY, 200),
    inside(
        "POST",
        "activity_exports",
        ADMINS,
        Permission.VIEW_ACTIVITY,
        303,
        form={"file_type": "csv"},
        action="export_activity",
    ),
    inside("GET", "activity_export", ADMINS, Permission.VIEW_ACTIVITY, 200, thing="log_export"),
    inside(
        "GET", "activity_export_file", ADMINS, Permission.VIEW_ACTIVITY, 200, thing="log_export"
    ),
    inside("GET", "organization_mail", ADMINS, Permission.VIEW_MAIL, 200),
    # The provider signs what it tells; in a portal that sends by a mail server it is not there.
    Row("POST", "mail_events", ANYONE, 404, is_signed=True),
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
]
