"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.demo import views

app_name = "demo"
urlpatterns = [path("demo/sign-in/", views.sign_in, name="sign_in")]
