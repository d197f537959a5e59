"""What can be asked of the Account room."""

from django.urls import path

from forecourt.account import activity_views, naming_views, views

organization_urlpatterns = [
    path("account/", views.account, name="account"),
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
