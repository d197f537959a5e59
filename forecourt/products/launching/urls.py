"""What products can ask: the addresses of an OpenID provider, by allauth's names for them."""

from allauth.idp.oidc import views as allauths
from django.urls import path

from forecourt.products.launching import device_views, protocol_views, views

app_name = "oidc"
urlpatterns = [
    path(".well-known/openid-configuration", allauths.configuration, name="configuration"),
    path(".well-known/jwks.json", allauths.jwks, name="jwks"),
    path("identity/o/authorize", views.authorize, name="authorization"),
    path("identity/o/authorize/choice", views.choose, name="choose"),
    path("identity/o/device", device_views.device, name="device_authorization"),
    path("identity/o/logout", protocol_views.logout, name="logout"),
    path("identity/o/api/token", protocol_views.token, name="token"),
    path("identity/o/api/revoke", allauths.revoke, name="revoke"),
    path("identity/o/api/device/code", allauths.device_code, name="device_code"),
    path("identity/o/api/introspect", allauths.introspect, name="introspect"),
    path("identity/o/api/userinfo", allauths.user_info, name="userinfo"),
]
