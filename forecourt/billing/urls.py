"""What can be asked of the Billing room."""

from django.urls import path

from forecourt.billing import details_views, export_views, subscription_views, views
from forecourt.billing.stripe import urls as stripe

urlpatterns = [*stripe.urlpatterns]
#: Below /o/<slug>/.
organization_urlpatterns = [
    *stripe.organization_urlpatterns,
    path("billing/", views.billing, name="billing"),
    path("billing/details/", details_views.billing_details, name="billing_details"),
    path("billing/invoices/<int:invoice_id>/", views.invoice, name="invoice"),
    path("billing/invoices/<int:invoice_id>/pdf/", views.invoice_pdf, name="invoice_pdf"),
    path("billing/invoices/<int:invoice_id>/xml/", views.invoice_xml, name="invoice_xml"),
    path(
        "billing/invoices/<int:invoice_id>/correction/",
        views.correct_invoice,
        name="correct_invoice",
    ),
    path("billing/exports/", export_views.invoice_exports, name="invoice_exports"),
    path("billing/exports/<int:export_id>/", export_views.invoice_export, name="invoice_export"),
    path("billing/exports/<int:export_id>/file/", export_views.export_file, name="export_file"),
    path(
        "billing/subscriptions/<int:subscription_id>/cancellation/",
        subscription_views.cancel_subscription,
        name="cancel_subscription",
    ),
    path(
        "billing/subscriptions/<int:subscription_id>/resumption/",
        subscription_views.resume_subscription,
        name="resume_subscription",
    ),
    path(
        "billing/subscriptions/<int:subscription_id>/seats/",
        subscription_views.change_seats,
        name="change_seats",
    ),
]
