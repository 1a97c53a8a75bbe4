"""What was shown before purposes were there went to its own group; anything else becomes wide, which shows less."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, F, OuterRef


def give_purposes(apps: Any, schema_editor: Any) -> None:
    """Write down of each use which consent it needs, as `rules.purpose_of` would, and in which message it stands."""
    uses = apps.get_model("photos", "PhotoUse").objects.using(schema_editor.connection.alias)
    audience = apps.get_model("people", "Audience")
    uses.update(purpose="app_school", within=F("audience"))
    groups = audience.groups.through.objects.filter(audience_id=OuterRef("audience_id"))
    layers = audience.layers.through.objects.filter(audience_id=OuterRef("audience_id"))
    persons = audience.persons.through.objects.filter(audience_id=OuterRef("audience_id"))
    roles = apps.get_model("people", "AudienceRole").objects.filter(audience_id=OuterRef("audience_id"))
    of_its_group = uses.filter(
        Exists(groups.filter(group_id=OuterRef("photo__group_id"))), audience__whole_school=False
    )
    narrow = of_its_group.filter(
        ~Exists(groups.exclude(group_id=OuterRef("photo__group_id"))), ~Exists(layers), ~Exists(persons), ~Exists(roles)
    )
    uses.filter(pk__in=list(narrow.values_list("pk", flat=True))).update(purpose="app_group")


class Migration(migrations.Migration):
    dependencies = [("photos", "0003_who_may_be_shown")]

    operations = [migrations.RunPython(give_purposes, migrations.RunPython.noop)]
