"""The addresses of this room."""

from __future__ import annotations

from django.urls import path

from kring.absences import views

app_name = "absences"
urlpatterns = [
    path("absences/", views.reports.own, name="own"),
    path("absences/visit/", views.visits.new_visit, name="new_visit"),
    path("absences/visit/<str:public_id>/", views.visits.visit, name="visit"),
    path("absences/visit/<str:public_id>/withdraw/", views.visits.withdraw, name="withdraw_visit"),
    path("absences/visit/<str:public_id>/seen/", views.visits.seen, name="see_visit"),
    path("absences/report/", views.reports.report, name="report"),
    path("absences/report/<str:public_id>/still/", views.reports.still, name="still_ill"),
    path("absences/report/<str:public_id>/well/", views.reports.well, name="well"),
    path("absences/report/<str:public_id>/take-back/", views.reports.take_back, name="take_back"),
    path("absences/report/<str:public_id>/seen/", views.reports.seen, name="see_absence"),
    path("absences/leave/", views.leave.ask, name="leave"),
    path("absences/leave/<str:public_id>/", views.leave.request_page, name="leave_request"),
    path("absences/leave/<str:public_id>/withdraw/", views.leave.withdraw, name="withdraw_leave"),
    path("absences/leave/<str:public_id>/letter/", views.leave.letter, name="letter"),
    path("absences/document/<str:public_id>/", views.leave.document, name="document"),
    path("school/<str:school_id>/day/", views.day.day, name="day"),
    path("school/<str:school_id>/day/find/", views.day.find, name="find"),
    path("school/<str:school_id>/day/log/", views.day.log, name="log"),
    path("school/<str:school_id>/day/export/", views.day.export, name="export"),
    path("school/<str:school_id>/day/<str:public_id>/", views.day.change, name="change"),
    path("school/<str:school_id>/day/<str:public_id>/here/", views.day.here, name="here"),
    path("school/<str:school_id>/leave/", views.decide.requests, name="leave_requests"),
    path("school/<str:school_id>/leave/<str:public_id>/", views.decide.decide, name="decide"),
]
