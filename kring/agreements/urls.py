"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.agreements.views import read, write

app_name = "agreements"
urlpatterns = [
    path("school/<str:school_id>/agreements/", read.page_view, name="page"),
    path("school/<str:school_id>/agreements/public/", read.public_view, name="public"),
    path("school/<str:school_id>/agreements/versions/<int:number>/", read.version_view, name="version"),
    path("school/<str:school_id>/agreements/confirm/", read.confirm, name="confirm"),
    path("school/<str:school_id>/agreements/edit/", write.edit, name="edit"),
    path("school/<str:school_id>/agreements/edit/live/", write.live, name="live"),
    path("school/<str:school_id>/agreements/preview/", write.preview, name="preview"),
    path("school/<str:school_id>/agreements/publish/", write.publish, name="publish"),
    path("school/<str:school_id>/agreements/discard/", write.discard, name="discard"),
    path("board/<str:board_id>/agreements/copy/", write.copy, name="copy"),
]
