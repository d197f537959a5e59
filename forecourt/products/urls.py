"""What can be asked of the Products room."""

from django.urls import URLPattern

#: Below /o/<slug>/.
organization_urlpatterns: list[URLPattern] = []

#: Below /.
urlpatterns: list[URLPattern] = []
