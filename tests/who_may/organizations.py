"""The addresses of an organization's rooms."""

from forecourt.orgs.permissions import Permission
from tests.who_may.rows import ADMINS, MEMBERS, REMOVERS, REST, inside

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
