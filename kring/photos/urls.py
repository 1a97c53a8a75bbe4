"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.photos import views

app_name = "photos"
urlpatterns = [
    path("school/<str:school_id>/groups/<str:group_id>/photos/", views.upload, name="upload"),
    path("photos/<str:public_id>/status/", views.status, name="status"),
    path("photos/<str:public_id>/describe/", views.describe, name="describe"),
    path("photos/<str:public_id>/retry/", views.retry, name="retry"),
    path("photos/<str:public_id>/crop/", views.crop, name="crop"),
    path("photos/<str:public_id>/cover/", views.cover, name="cover"),
    path("photos/<str:public_id>/remove/", views.remove, name="remove"),
    path("photos/<str:public_id>/<int:size>.webp", views.rendition, name="rendition"),
]
