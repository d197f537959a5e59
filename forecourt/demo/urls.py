"""The demo's own addresses; the roof includes them only in the demo."""

from django.urls import path

from forecourt.demo import views

urlpatterns = [
    path("mail/", views.mails, name="demo_mail"),
    path("mail/<slug:mail_id>/", views.mail, name="demo_mail_message"),
    path("mail/<slug:mail_id>/html/", views.mail_html, name="demo_mail_html"),
]
