"""What can be asked of the Products room."""

from django.urls import include, path

from forecourt.products import download_views, seat_views, signing_views, views
from forecourt.products.launching import connected_views
from forecourt.products.launching import views as launch_views

#: Below /o/<slug>/.
organization_urlpatterns = [
    path("products/", views.products, name="products"),
    path("products/<slug:product>/open/", launch_views.open_product, name="open_product"),
    path("products/<slug:product>/versions/", views.versions, name="versions"),
    path("products/<slug:product>/versions/<str:version>/", views.release, name="release"),
    path(
        "products/<slug:product>/versions/<str:version>/SHA256SUMS",
        download_views.checksums,
        name="checksums",
    ),
    path("products/files/<int:artifact_id>/", download_views.download_file, name="download_file"),
    path(
        "products/files/<int:artifact_id>/link/", download_views.download_link, name="download_link"
    ),
    path("products/licenses/<int:license_id>/key/", views.reveal_key, name="reveal_key"),
    path("products/licenses/<int:license_id>/rotation/", views.rotate_key, name="rotate_key"),
    path(
        "products/licenses/<int:license_id>/file/", signing_views.license_file, name="license_file"
    ),
    path("products/licenses/<int:license_id>/seats/", seat_views.seats, name="seats"),
    path(
        "products/licenses/<int:license_id>/seats/assignment/",
        seat_views.assign_seats,
        name="assign_seats",
    ),
    path(
        "products/licenses/<int:license_id>/seats/<int:member_id>/freeing/",
        seat_views.free_seat,
        name="free_seat",
    ),
]

#: Below /.
urlpatterns = [
    path(
        "",
        include(([path("", include("forecourt.products.launching.urls"))], "idp")),
    ),
    path(
        "profile/products/",
        connected_views.connected_products,
        name="connected_products",
    ),
    path(
        "profile/products/<str:client_id>/disconnection/",
        connected_views.disconnect_product,
        name="disconnect_product",
    ),
    path("downloads/<str:token>/<str:file_name>", download_views.download, name="download"),
    path(".well-known/forecourt-license-keys", signing_views.signing_keys, name="signing_keys"),
    path(
        ".well-known/forecourt-license-keys/<slug:kid>.pem",
        signing_views.signing_key,
        name="signing_key",
    ),
]
