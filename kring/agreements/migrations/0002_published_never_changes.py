"""The database itself refuses to change a published version (only who published it may be forgotten)."""

from django.db import migrations

COLUMNS = "number, in_force_from, state, \"values\", confirmed, paragraphs, printed, is_public, published_at, school_id"
SQLITE = f"""
CREATE TRIGGER agreement_published_is_final BEFORE UPDATE OF {COLUMNS} ON agreements_agreement
WHEN OLD.state = 'published'
BEGIN SELECT RAISE(ABORT, 'a published agreement never changes'); END;
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION agreement_published_is_final() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'a published agreement never changes' USING ERRCODE = 'integrity_constraint_violation'; END;
$$ LANGUAGE plpgsql;
"""
POSTGRES_TRIGGER = f"""
CREATE TRIGGER agreement_published_is_final BEFORE UPDATE OF {COLUMNS} ON agreements_agreement
FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION agreement_published_is_final();
"""


def add(apps, schema_editor):
    """Add the trigger in the dialect of the database."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTION, params=None)
        schema_editor.execute(POSTGRES_TRIGGER, params=None)
    else:
        schema_editor.execute(SQLITE, params=None)


def remove(apps, schema_editor):
    """Take the trigger away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER agreement_published_is_final ON agreements_agreement", params=None)
        schema_editor.execute("DROP FUNCTION agreement_published_is_final()", params=None)
    else:
        schema_editor.execute("DROP TRIGGER agreement_published_is_final", params=None)


class Migration(migrations.Migration):
    """A trigger on agreements_agreement."""

    dependencies = [("agreements", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
