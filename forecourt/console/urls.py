"""What can be asked of the console."""

from django.urls import path

from forecourt.console import license_views, organization_views, views

#: Below /console/.
urlpatterns = [
    path("", views.home, name="console"),
    path("second-factor/", views.second_factor, name="console_second_factor"),
    path("search/", views.search, name="console_search"),
    path("organizations/", organization_views.organizations, name="console_organizations"),
    path("organizations/new/", organization_views.add_organization, name="add_organization"),
    path(
        "organizations/<slug:slug>/",
        organization_views.organization,
        name="console_organization",
    ),
    path(
        "organizations/<slug:slug>/licenses/new/",
        license_views.grant,
        name="console_grant_license",
    ),
    path(
        "organizations/<slug:slug>/licenses/<int:license_id>/",
        license_views.change,
        name="console_change_license",
    ),
]
