"""What can be asked of the Members room."""

from django.urls import path

from forecourt.members import departure_views, factor_views, views
from forecourt.members import invitation_views as invited

organization_urlpatterns = [
    path("members/", views.members, name="members"),
    path("members/departure/", views.leave, name="leave"),
    path("members/invitations/", views.invite, name="invite"),
    path("members/invitations/several/", views.invite_several, name="invite_several"),
    path("members/invitations/several/sending/", views.send_several, name="send_several"),
    path(
        "members/invitations/<int:invitation_id>/resending/",
        views.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "members/invitations/<int:invitation_id>/revocation/",
        views.revoke_invitation,
        name="revoke_invitation",
    ),
    path("members/<int:member_id>/role/", views.edit_member, name="edit_member"),
    path("members/<int:member_id>/removal/", views.remove_member, name="remove_member"),
    path("members/<int:member_id>/second-factor/", factor_views.reset_factor, name="reset_factor"),
    path(
        "members/<int:member_id>/second-factor/withdrawal/",
        factor_views.withdraw_factor_reset,
        name="withdraw_factor_reset",
    ),
]

urlpatterns = [
    path("profile/removal/", departure_views.delete_account, name="delete_account"),
    path("profile/export/", departure_views.export_account, name="export_account"),
    path(
        "invitations/<int:invitation_id>/acceptance/", invited.accept_waiting, name="accept_waiting"
    ),
    path(
        "invitations/<int:invitation_id>/declination/",
        invited.decline_waiting,
        name="decline_waiting",
    ),
    path("invitations/<str:token>/", invited.invitation, name="invitation"),
    path(
        "invitations/<str:token>/provider/<slug:provider_id>/",
        invited.invitation_provider,
        name="invitation_provider",
    ),
    path(
        "invitations/<str:token>/acceptance/", invited.accept_invitation, name="accept_invitation"
    ),
    path(
        "invitations/<str:token>/account/",
        invited.accept_with_password,
        name="accept_with_password",
    ),
    path(
        "invitations/<str:token>/declination/",
        invited.decline_invitation,
        name="decline_invitation",
    ),
    path("invitations/<str:token>/confirmation/", invited.confirm_address, name="confirm_address"),
    path("invitations/<str:token>/switch/", invited.switch_account, name="switch_account"),
]
