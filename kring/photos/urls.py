"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.photos import views, views_album, views_alter

app_name = "photos"
urlpatterns = [
    path("school/<str:school_id>/groups/<str:group_id>/photos/", views.upload, name="upload"),
    path("school/<str:school_id>/groups/<str:group_id>/photos/hidden/", views.hidden, name="hidden"),
    path("photos/<str:public_id>/status/", views.status, name="status"),
    path("photos/<str:public_id>/describe/", views.describe, name="describe"),
    path("photos/<str:public_id>/retry/", views.retry, name="retry"),
    path("photos/<str:public_id>/alter/", views_alter.alter, name="alter"),
    path("photos/<str:public_id>/crop/", views.crop, name="crop"),
    path("photos/<str:public_id>/cover/", views.cover, name="cover"),
    path("photos/<str:public_id>/remove/", views.remove, name="remove"),
    path("photos/<str:public_id>/elsewhere/", views.used_elsewhere, name="used_elsewhere"),
    path("photos/<str:public_id>/taken-down/", views.taken_down, name="taken_down"),
    path("photos/<str:public_id>/<int:size>.webp", views.rendition, name="rendition"),
    path("albums/", views_album.albums, name="albums"),
    path("school/<str:school_id>/groups/<str:group_id>/album/", views_album.group_album, name="group_album"),
    path(
        "school/<str:school_id>/groups/<str:group_id>/album/download/",
        views_album.group_download,
        name="group_download",
    ),
    path(
        "school/<str:school_id>/groups/<str:group_id>/album/<str:public_id>/",
        views_album.group_photo,
        name="group_photo",
    ),
    path(
        "school/<str:school_id>/groups/<str:group_id>/album/<str:public_id>/download/",
        views_album.group_download_one,
        name="group_download_one",
    ),
    path("children/<str:child_id>/photos/", views_album.child_album, name="child_album"),
    path("children/<str:child_id>/photos/download/", views_album.child_download, name="child_download"),
    path("children/<str:child_id>/photos/<str:public_id>/", views_album.child_photo, name="child_photo"),
    path(
        "children/<str:child_id>/photos/<str:public_id>/download/",
        views_album.child_download_one,
        name="child_download_one",
    ),
]
