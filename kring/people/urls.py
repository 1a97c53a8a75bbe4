"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from kring.people.views import board, children, enrolments, groups, guardians, log, overview, persons, roles

app_name = "people"
PLACE = "school/<str:school_id>/people/"
CHILD = f"{PLACE}children/<str:child_id>/"
ADULT = f"{PLACE}adults/<str:person_id>/"
BOARD = "board/<str:board_id>/"
urlpatterns: list[URLPattern] = [
    path(PLACE, overview.manage, name="manage"),
    path(f"{PLACE}children/", children.child_list, name="children"),
    path(f"{PLACE}children/new/", children.new_child, name="new_child"),
    path(CHILD, children.child_page, name="child"),
    path(f"{CHILD}change/", children.edit_child, name="change_child"),
    path(f"{CHILD}leave/", children.leave_school, name="end_child"),
    path(f"{CHILD}remove/", children.remove, name="remove_child"),
    path(f"{CHILD}shield/", children.shield, name="shield_child"),
    path(f"{CHILD}group/", enrolments.enrol, name="enrol"),
    path(f"{CHILD}guardians/new/", guardians.add, name="add_guardian"),
    path(f"{CHILD}apart/", guardians.apart, name="keep_apart"),
    path(f"{PLACE}apart/<str:apart_id>/end/", guardians.end_apart, name="end_apart"),
    path(f"{PLACE}enrolments/<str:enrolment_id>/", enrolments.change, name="change_enrolment"),
    path(f"{PLACE}enrolments/<str:enrolment_id>/move/", enrolments.move, name="move"),
    path(f"{PLACE}enrolments/<str:enrolment_id>/end/", enrolments.end, name="end_enrolment"),
    path(f"{PLACE}guardians/<str:guardianship_id>/", guardians.change, name="change_guardian"),
    path(f"{PLACE}guardians/<str:guardianship_id>/end/", guardians.end, name="end_guardian"),
    path(f"{PLACE}adults/", persons.person_list, name="persons"),
    path(f"{PLACE}adults/new/", persons.new_person, name="new_person"),
    path(ADULT, persons.person_page, name="person"),
    path(f"{ADULT}change/", persons.edit_person, name="change_person"),
    path(f"{ADULT}leave/", persons.leave, name="end_person"),
    path(f"{ADULT}remove/", persons.remove, name="remove_person"),
    path(f"{ADULT}roles/new/", roles.give, name="give_role"),
    path(f"{ADULT}away/", roles.report_absence, name="report_absence"),
    path(f"{PLACE}roles/<str:role_id>/", roles.change, name="change_role"),
    path(f"{PLACE}roles/<str:role_id>/end/", roles.end, name="end_role"),
    path(f"{PLACE}away/<str:absence_id>/remove/", roles.remove_absence, name="remove_absence"),
    path(f"{PLACE}team/", persons.team, name="team"),
    path(f"{PLACE}groups/", groups.group_list, name="groups"),
    path(f"{PLACE}groups/<str:group_id>/", groups.group_page, name="group"),
    path(f"{PLACE}groups/<str:group_id>/close/", groups.close, name="close_group"),
    path(f"{PLACE}groups/<str:group_id>/remove/", groups.remove, name="remove_group"),
    path(f"{PLACE}layers/<str:layer_id>/remove/", groups.layer_remove, name="remove_layer"),
    path("school/<str:school_id>/log/", log.log_page, name="log"),
    path(BOARD, board.board_page, name="board"),
    path(f"{BOARD}schools/new/", board.add_school, name="add_school"),
    path(f"{BOARD}schools/<str:school_id>/managers/new/", board.new_manager, name="new_manager"),
    path(f"{BOARD}managers/<str:role_id>/end/", board.end_manager, name="end_manager"),
    path(f"{BOARD}administrators/new/", board.new_administrator, name="new_administrator"),
    path(f"{BOARD}administrators/<str:role_id>/end/", board.end_administrator, name="end_administrator"),
]
