"""Every address of the portal."""

from django.conf import settings
from django.urls import include, path

from forecourt.account import urls as account
from forecourt.billing import urls as billing
from forecourt.core import assets, errors
from forecourt.core.health import health
from forecourt.members import front
from forecourt.members import urls as members
from forecourt.people import urls as people
from forecourt.products import urls as products

urlpatterns = [
    path("", front.home, name="home"),
    path("health", health, name="health"),
    path("static/<str:name>", assets.serve, name="asset"),
    path("theme/", front.theme, name="theme"),
    path("organizations/", front.organizations, name="organizations"),
    path("accounts/", include("forecourt.people.urls")),
    path("profile/", include(people.profile_urlpatterns)),
    *members.urlpatterns,
    *products.urlpatterns,
    *billing.urlpatterns,
    *account.urlpatterns,
    path("console/", include("forecourt.console.urls")),
    path("o/<slug:slug>/", front.organization, name="organization"),
    path(
        "o/<slug:slug>/second-factor/", front.second_factor_required, name="second_factor_required"
    ),
    path(
        "o/<slug:slug>/",
        include(
            [
                *products.organization_urlpatterns,
                *members.organization_urlpatterns,
                *billing.organization_urlpatterns,
                *account.organization_urlpatterns,
            ]
        ),
    ),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("forecourt.demo.urls")))

#: Views of others without a word about who may ask: URL name → (methods, who). None now.
FOREIGN: dict[str, tuple[tuple[str, ...], str]] = {}

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_often
handler500 = errors.server_error
