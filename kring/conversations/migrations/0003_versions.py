from django.db import migrations, models
from django.utils import timezone


def hold(apps, _schema_editor):
    """What waits for its moment at this moment is told of when that comes."""
    apps.get_model("conversations", "Message").objects.filter(visible_from__gt=timezone.now()).update(is_held=True)


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0002_circle'),
        ('people', '0002_named_children'),
        ('school', '0002_push_names_sender'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='version',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='conversation',
            name='whole_version',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='message',
            name='is_held',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='message',
            name='version',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['conversation', 'version'], name='message_changed'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('is_held', True)), fields=['visible_from'], name='message_held'),
        ),
        migrations.RunPython(hold, migrations.RunPython.noop, elidable=True),
    ]
