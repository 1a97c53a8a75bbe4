"""The database itself refuses to change an answer (only who typed it may be forgotten)."""

from django.db import migrations

COLUMNS = "public_id, school_id, child_id, code, text_id, person_id, is_yes, at, on_paper, previous_id"
SQLITE = f"""
CREATE TRIGGER consent_answer_is_final BEFORE UPDATE OF {COLUMNS} ON consents_answer
BEGIN SELECT RAISE(ABORT, 'an answer about consent never changes'); END;
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION consent_answer_is_final() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'an answer about consent never changes' USING ERRCODE = 'integrity_constraint_violation'; END;
$$ LANGUAGE plpgsql;
"""
POSTGRES_TRIGGER = f"""
CREATE TRIGGER consent_answer_is_final BEFORE UPDATE OF {COLUMNS} ON consents_answer
FOR EACH ROW EXECUTE FUNCTION consent_answer_is_final();
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
        schema_editor.execute("DROP TRIGGER consent_answer_is_final ON consents_answer", params=None)
        schema_editor.execute("DROP FUNCTION consent_answer_is_final()", params=None)
    else:
        schema_editor.execute("DROP TRIGGER consent_answer_is_final", params=None)


class Migration(migrations.Migration):
    """A trigger on consents_answer."""

    dependencies = [("consents", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
