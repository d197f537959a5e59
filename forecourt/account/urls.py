"""What can be asked of the Account room."""

from django.urls import path

from forecourt.account import views

organization_urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/settings/", views.account_settings, name="account_settings"),
    path("account/sign-in/", views.sign_in_rules, name="sign_in_rules"),
]
