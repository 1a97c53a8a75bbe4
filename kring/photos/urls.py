"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.photos.views import album, alone, alter, work

app_name = "photos"
urlpatterns = [
    path("school/<str:school_id>/groups/<str:group_id>/photos/", work.upload, name="upload"),
    path("school/<str:school_id>/groups/<str:group_id>/photos/hidden/", work.hidden, name="hidden"),
    path("school/<str:school_id>/groups/<str:group_id>/photos/one-child/", alone.one_child, name="one_child"),
    path("photos/<str:public_id>/status/", work.status, name="status"),
    path("photos/<str:public_id>/describe/", work.describe, name="describe"),
    path("photos/<str:public_id>/retry/", work.retry, name="retry"),
    path("photos/<str:public_id>/alter/", alter.alter, name="alter"),
    path("photos/<str:public_id>/crop/", work.crop, name="crop"),
    path("photos/<str:public_id>/cover/", work.cover, name="cover"),
    path("photos/<str:public_id>/remove/", work.remove, name="remove"),
    path("photos/<str:public_id>/elsewhere/", work.used_elsewhere, name="used_elsewhere"),
    path("photos/<str:public_id>/taken-down/", work.taken_down, name="taken_down"),
    path("photos/<str:public_id>/<int:size>.webp", work.rendition, name="rendition"),
    path("albums/", album.albums, name="albums"),
    path("school/<str:school_id>/groups/<str:group_id>/album/", album.group_album, name="group_album"),
    path(
        "school/<str:school_id>/groups/<str:group_id>/album/download/",
        album.group_download,
        name="group_download",
    ),
    path(
        "school/<str:school_id>/groups/<str:group_id>/album/<str:public_id>/",
        album.group_photo,
        name="group_photo",
    ),
    path(
        "school/<str:school_id>/groups/<str:group_id>/album/<str:public_id>/download/",
        album.group_download_one,
        name="group_download_one",
    ),
    path("children/<str:child_id>/photos/", album.child_album, name="child_album"),
    path("children/<str:child_id>/photos/download/", album.child_download, name="child_download"),
    path("children/<str:child_id>/photos/<str:public_id>/", album.child_photo, name="child_photo"),
    path(
        "children/<str:child_id>/photos/<str:public_id>/download/",
        album.child_download_one,
        name="child_download_one",
    ),
]
