"""What can be asked of payments by Stripe."""

from django.urls import path

from forecourt.billing.stripe import views

urlpatterns = [path("billing/stripe/events/", views.stripe_events, name="stripe_events")]
#: Below /o/<slug>/.
organization_urlpatterns = [
    path("billing/payment-method/", views.set_up_method, name="set_up_method"),
    path("billing/payment-method/return/", views.method_set_up, name="method_set_up"),
    path("billing/invoices/<int:invoice_id>/payment/", views.pay_invoice, name="pay_invoice"),
]
