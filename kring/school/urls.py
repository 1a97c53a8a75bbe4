"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from kring.school.views import groups, holidays, layers, settings

app_name = "school"
PLACE = "school/<str:school_id>/settings/"
urlpatterns: list[URLPattern] = [
    path(PLACE, settings.school_settings, name="settings"),
    path(f"{PLACE}groups/", groups.years_and_groups, name="groups"),
    path(f"{PLACE}groups/new/", groups.add_group, name="add_group"),
    path(f"{PLACE}groups/<str:group_id>/", groups.group_settings, name="group"),
    path(f"{PLACE}groups/<str:group_id>/hours/", groups.lesson_hours, name="lesson_hours"),
    path(f"{PLACE}years/new/", groups.add_year, name="add_year"),
    path(f"{PLACE}layers/", layers.layer_list, name="layers"),
    path(f"{PLACE}layers/new/", layers.add_layer, name="add_layer"),
    path(f"{PLACE}layers/<str:layer_id>/", layers.layer_settings, name="layer"),
    path(f"{PLACE}holidays/", holidays.holiday_list, name="holidays"),
    path(f"{PLACE}holidays/new/", holidays.new_holiday, name="add_holiday"),
    path(f"{PLACE}holidays/<str:holiday_id>/remove/", holidays.take_back_holiday, name="remove_holiday"),
]
