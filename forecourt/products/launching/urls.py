"""What products can ask: the addresses of an OpenID provider, by allauth's names for them."""

from allauth.idp.oidc import views as allauths
from django.urls import path

from forecourt.core.pages import operation
from forecourt.products.launching import device_views, protocol_views, views

#: What a program asks it asks with its own name and secret, or with a person's token.
read = operation("GET", who="anyone")
ask = operation("POST", who="anyone")
either = operation("GET", "POST", who="anyone")

app_name = "oidc"
urlpatterns = [
    path(".well-known/openid-configuration", read(allauths.configuration), name="configuration"),
    path(".well-known/jwks.json", read(allauths.jwks), name="jwks"),
    path("identity/o/authorize", views.authorize, name="authorization"),
    path("identity/o/authorize/choice", views.choose, name="choose"),
    path("identity/o/device", device_views.device, name="device_authorization"),
    path("identity/o/logout", either(protocol_views.logout), name="logout"),
    path("identity/o/api/token", ask(protocol_views.token), name="token"),
    path("identity/o/api/revoke", ask(allauths.revoke), name="revoke"),
    path("identity/o/api/device/code", ask(allauths.device_code), name="device_code"),
    path("identity/o/api/introspect", ask(allauths.introspect), name="introspect"),
    path("identity/o/api/userinfo", either(allauths.user_info), name="userinfo"),
]
