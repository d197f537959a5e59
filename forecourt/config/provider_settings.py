"""Django's settings for the portal as OpenID provider of the vendor's products (allauth's names)."""

IDP_OIDC_ADAPTER = "forecourt.products.launching.adapter.Adapter"
# In seconds. What an access token is worth ends by itself soon, whatever becomes of the rest.
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 5 * 60
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 5 * 60
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
# From its last use on: each refresh gives a new one.
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 30 * 24 * 60 * 60
IDP_OIDC_INTROSPECTION_ENABLED = True
IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT = False
IDP_OIDC_RATE_LIMITS = {
    # A product asks at each of its own requests, if it wants; from one address.
    "introspect_ip": "6000/m/ip",
    "introspect_client": "6000/m/key",
    "device_user_code": "20/m/ip",
}
