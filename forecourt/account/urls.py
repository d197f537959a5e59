"""What can be asked of the Account room."""

from django.urls import path

from forecourt.account import (
    activity_views,
    contact_views,
    delivery_views,
    mailing_views,
    naming_views,
    undo_views,
    views,
)

#: What contacts can ask by the links in their mail, and what the mail provider tells.
urlpatterns = [
    path("hooks/mail/<slug:provider>/", delivery_views.mail_events, name="mail_events"),
    path(
        "mailings/<str:token>/confirmation/",
        mailing_views.confirm_contact,
        name="confirm_contact",
    ),
    path(
        "mailings/<str:token>/preferences/",
        mailing_views.mail_preferences,
        name="mail_preferences",
    ),
    path("mailings/<str:token>/unsubscribe/", mailing_views.unsubscribe, name="unsubscribe"),
    path("mailings/<str:token>/primary-contact/", undo_views.undo_primary, name="undo_primary"),
]

organization_urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/primary-contact/", contact_views.edit_primary, name="edit_primary"),
    path("account/contacts/", contact_views.add_contact, name="add_contact"),
    path("account/contacts/<int:contact_id>/", contact_views.edit_contact, name="edit_contact"),
    path(
        "account/contacts/<int:contact_id>/removal/",
        contact_views.remove_contact,
        name="remove_contact",
    ),
    path(
        "account/contacts/<int:contact_id>/bounce/",
        delivery_views.clear_bounce,
        name="clear_bounce",
    ),
    path("account/mail/", delivery_views.mail_page, name="organization_mail"),
    path("account/settings/", views.account_settings, name="account_settings"),
    path("account/sign-in/", views.sign_in_rules, name="sign_in_rules"),
    path("account/name/", naming_views.rename, name="rename_organization"),
    path("account/activity/", activity_views.activity_page, name="activity"),
    path(
        "account/activity/exports/", activity_views.activity_exports_page, name="activity_exports"
    ),
    path(
        "account/activity/exports/<int:export_id>/",
        activity_views.activity_export,
        name="activity_export",
    ),
    path(
        "account/activity/exports/<int:export_id>/file/",
        activity_views.activity_export_file,
        name="activity_export_file",
    ),
]
