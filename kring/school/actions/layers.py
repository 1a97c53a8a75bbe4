"""Layers: the school's own sets of year levels."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.school.models import Layer, LayerLevel, School
from kring.school.permissions import can_manage_school


@transaction.atomic
def make_layer(*, by: Viewer, school: School, name: str, year_levels: Iterable[int]) -> Layer:
    """Make a layer with its year levels and return it. Refuses a name that the school already has."""
    require(can_manage_school(by, school))
    return _save(by, Layer(school=school), name, year_levels, "school.layer_made")


@transaction.atomic
def change_layer(*, by: Viewer, layer: Layer, name: str, year_levels: Iterable[int]) -> Layer:
    """Change a layer's name and year levels. What is addressed to the layer reaches the new levels from now on."""
    require(can_manage_school(by, layer.school))
    return _save(by, layer, name, year_levels, "school.layer_changed")


def _save(by: Viewer, layer: Layer, name: str, year_levels: Iterable[int], what: str) -> Layer:
    levels = set(year_levels)
    if not levels:
        raise Refused(_("Choose at least one year level."))
    layer.name = name.strip()
    try:
        with transaction.atomic():
            layer.save()
    except IntegrityError as error:
        raise Refused(_("There already is a layer called %(name)s.") % {"name": layer.name}) from error
    LayerLevel.objects.filter(layer=layer).exclude(year_level__in=levels).delete()
    present = set(LayerLevel.objects.filter(layer=layer).values_list("year_level", flat=True))
    LayerLevel.objects.bulk_create(LayerLevel(layer=layer, year_level=level) for level in sorted(levels - present))
    audit.record(by=by, what=what, about=layer, levels=len(levels))
    return layer
