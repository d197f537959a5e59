"""What can be asked of the console."""

from django.urls import include, path

from forecourt.console import (
    brand_views,
    contact_views,
    import_views,
    license_views,
    list_views,
    merge_views,
    money_views,
    organization_views,
    staff_views,
    suspension_views,
    views,
    visit_views,
    work_views,
)

#: Below /console/.
urlpatterns = [
    path("", views.home, name="console"),
    path("second-factor/", views.second_factor, name="console_second_factor"),
    path("search/", views.search, name="console_search"),
    path("catalog/", include("forecourt.console.catalog_urls")),
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
    path(
        "organizations/<slug:slug>/subscriptions/new/",
        money_views.start,
        name="console_start_subscription",
    ),
    path(
        "organizations/<slug:slug>/subscriptions/<int:subscription_id>/",
        money_views.change,
        name="console_change_subscription",
    ),
    path(
        "organizations/<slug:slug>/invoices/new/",
        money_views.issue,
        name="console_issue_invoice",
    ),
    path(
        "organizations/<slug:slug>/invoices/<int:invoice_id>/payment/",
        money_views.mark_paid,
        name="console_mark_paid",
    ),
    path(
        "organizations/<slug:slug>/invoices/<int:invoice_id>/credit/",
        money_views.credit,
        name="console_credit_invoice",
    ),
    path("organizations/<slug:slug>/primary/", contact_views.ask, name="console_ask_move"),
    path(
        "organizations/<slug:slug>/primary/<int:move_id>/",
        contact_views.decide,
        name="console_decide_move",
    ),
    path("organizations/<slug:slug>/merge/", merge_views.merge, name="console_merge"),
    path("organizations/<slug:slug>/suspension/", suspension_views.suspend, name="console_suspend"),
    path("organizations/<slug:slug>/reopening/", suspension_views.reopen, name="console_reopen"),
    path("organizations/<slug:slug>/visit/", visit_views.start, name="console_start_visit"),
    path("organizations/<slug:slug>/visit/ending/", visit_views.end, name="console_end_visit"),
    path("organizations/<slug:slug>/notes/", organization_views.note, name="console_add_note"),
    path("lists/<slug:name>/", list_views.one, name="console_list"),
    path("lists/<slug:name>/export/", list_views.export, name="console_export_list"),
    path("jobs/", work_views.jobs, name="console_jobs"),
    path("jobs/<int:job_id>/retry/", work_views.retry, name="console_retry_job"),
    path("mail/", work_views.mails, name="console_mails"),
    path("staff/", staff_views.staff, name="console_staff"),
    path("staff/<int:staff_id>/", staff_views.change, name="console_change_staff"),
    path("brand/", brand_views.change, name="console_brand"),
    path("brand/preview/<slug:what>/", brand_views.preview, name="console_brand_preview"),
    path("imports/", import_views.overview, name="console_imports"),
    path("imports/sending/", import_views.send, name="console_send_invitations"),
    path("imports/<int:import_id>/", import_views.one, name="console_import"),
    path("imports/<int:import_id>/start/", import_views.start, name="console_start_import"),
    path(
        "imports/<int:import_id>/discarding/", import_views.discard, name="console_discard_import"
    ),
]
