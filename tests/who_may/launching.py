"""The addresses by which products sign people in. What they answer to a request that is one, the
tests of `products/tests/test_launching*.py` ask; here it is of nobody, so it is refused."""

from tests.who_may.rows import ANYONE, REST, SIGNED_IN, Row

OIDC = "idp:oidc:"
# (`is_signed`: a program knows no token of a form.)
#: Whoever is signed in is asked whether to sign out here, too.
STAYS = {"anonymous": 302, REST: 200}

LAUNCHING = [
    Row("GET", OIDC + "configuration", ANYONE),
    Row("GET", OIDC + "jwks", ANYONE),
    Row("GET", OIDC + "authorization", ANYONE, 400),
    Row("POST", OIDC + "authorization", ANYONE, 302, is_signed=True),
    Row("POST", OIDC + "choose", ANYONE, 400, action="start_launch"),
    Row("POST", OIDC + "token", ANYONE, 400, is_signed=True),
    Row("POST", OIDC + "revoke", ANYONE, 400, is_signed=True),
    Row("POST", OIDC + "introspect", ANYONE, 400, is_signed=True),
    Row("POST", OIDC + "device_code", ANYONE, 400, is_signed=True),
    Row("GET", OIDC + "userinfo", ANYONE, 401),
    Row("POST", OIDC + "userinfo", ANYONE, 401, is_signed=True),
    Row("GET", OIDC + "logout", ANYONE, STAYS),
    Row("POST", OIDC + "logout", ANYONE, STAYS, is_signed=True),
    Row("GET", OIDC + "device_authorization", SIGNED_IN),
    Row("POST", OIDC + "device_authorization", SIGNED_IN),
    Row("GET", "connected_products", SIGNED_IN),
    Row("GET", "disconnect_product", SIGNED_IN, 404),
    Row("POST", "disconnect_product", SIGNED_IN, 404),
]

#: What the vendor's staff do by the command line, and what happens by itself.
STAFF_WITH_CLIENTS = {"add_client", "rotate_client_secret", "disable_client", "rotate_token_key"}
STAFF_WITH_CLIENTS |= {"reseal_token_keys"}
LAUNCHES_BY_THEMSELVES = {"end_launches"}
