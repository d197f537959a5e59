"""What can be asked of the catalog in the console."""

from django.urls import path

from forecourt.console import catalog_views, client_views, plan_views, publish_views

#: Below /console/catalog/.
urlpatterns = [
    path("", catalog_views.products, name="console_catalog"),
    path("new/", catalog_views.add_product, name="console_add_product"),
    path("clients/", client_views.clients, name="console_clients"),
    path("clients/new/", client_views.add_client, name="console_add_client"),
    path("clients/<str:client_id>/", client_views.client, name="console_client"),
    path(
        "clients/<str:client_id>/secret/",
        client_views.rotate_client_secret,
        name="console_rotate_client",
    ),
    path(
        "clients/<str:client_id>/disabling/",
        client_views.disable_client,
        name="console_disable_client",
    ),
    path("<slug:slug>/", catalog_views.product, name="console_product"),
    path("<slug:slug>/description/", catalog_views.change_product, name="console_change_product"),
    path("<slug:slug>/place/<slug:way>/", catalog_views.move_product, name="console_move_product"),
    path("<slug:slug>/releases/new/", publish_views.publish, name="console_publish"),
    path("<slug:slug>/releases/new/notes/", publish_views.preview, name="console_preview"),
    path("<slug:slug>/releases/new/files/", publish_views.name_files, name="console_name_files"),
    path(
        "<slug:slug>/releases/<str:version>/withdrawal/",
        catalog_views.withdraw_release,
        name="console_withdraw_release",
    ),
    path("<slug:slug>/plans/new/", plan_views.add_plan, name="console_add_plan"),
    path(
        "<slug:slug>/plans/<slug:plan>/withdrawal/",
        plan_views.withdraw_plan,
        name="console_withdraw_plan",
    ),
]
