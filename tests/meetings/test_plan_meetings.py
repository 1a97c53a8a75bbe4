"""`manage.py plan_meetings` on files: it plans, suggests, refuses in a sentence, and asks no database anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.meetings.small import broken, conference, plan_of, rows_of

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def instance(tmp_path: Path) -> str:
    return written(tmp_path / "instance.json", conference())


def written(path: Path, data: Any) -> str:
    path.write_text(json.dumps(data))
    return str(path)


def test_it_writes_a_plan_that_breaks_no_rule(instance: str, tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "plan.json"
    call_command("plan_meetings", instance=instance, seconds=0.3, out=str(out), seed=5)
    plan = json.loads(out.read_text())
    assert (plan["format"], plan["instance"]) == ("conference-plan/1", "small")
    assert len(plan["assignments"]) == 3
    assert broken(conference(), rows_of(plan["assignments"])) == set()
    assert "3 of 3 conversations planned" in capsys.readouterr().out


def test_it_suggests_around_a_plan(instance: str, tmp_path: Path, capsys: Any) -> None:
    plan = written(tmp_path / "plan.json", plan_of(("k2", "tue", 2, ("ann",))))
    call_command("plan_meetings", instance=instance, suggest="two", plan=plan)
    answer = json.loads(capsys.readouterr().out)
    assert answer["format"] == "conference-suggest/1"
    assert len(answer["options"]) == 5
    assert {row["conversation"] for row in answer["options"][0]} == {"k1", "k3"}


def test_it_runs_as_a_command_without_a_database(instance: str, tmp_path: Path) -> None:
    """In a process of its own, with a database that does not exist; a failure ends with 1 and one sentence."""
    nowhere = f"sqlite:///{tmp_path}/no/such/folder/db.sqlite3"
    env = {**os.environ, "DATABASE_URL": nowhere, "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "manage.py", "plan_meetings", "--instance", instance, "--suggest"]
    good, bad = (
        subprocess.run([*command, party], cwd=ROOT, env=env, capture_output=True, text=True)  # noqa: S603
        for party in ("two", "zed")
    )
    assert good.returncode == 0, good.stderr
    assert len(json.loads(good.stdout)["options"]) == 5
    assert bad.returncode == 1
    assert "CommandError: There is no party zed in this instance." in bad.stderr
    assert "Traceback" not in bad.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is not a JSON file"),
        ("[]", "This is no conference instance"),
        ('{"format": "conference-instance/1"}', "“unserved” should be a whole number"),
        ("[" * 100_000, "is not a JSON file"),
    ],
)
def test_a_broken_instance_file_is_refused_with_its_name(content: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content)
    with pytest.raises(CommandError, match=told) as error:
        call_command("plan_meetings", instance=str(path), out=str(tmp_path / "plan.json"))
    assert str(path) in str(error.value)
    assert not (tmp_path / "plan.json").exists()


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
    for name in ("noise", "nothing"):
        with pytest.raises(CommandError, match=r"not a JSON file|cannot be read"):
            call_command("plan_meetings", instance=str(tmp_path / name), out="plan.json")


def test_a_plan_that_breaks_a_rule_is_not_built_upon(instance: str, tmp_path: Path) -> None:
    rows = (("k1", "tue", 2, ("ann",)), ("k2", "tue", 2, ("ann",)))
    plan = written(tmp_path / "plan.json", plan_of(*rows))
    with pytest.raises(CommandError, match=r"breaks 1 rules\. The first: Teacher ann has another conversation"):
        call_command("plan_meetings", instance=instance, suggest="two", plan=plan)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "Say with --out"),
        ({"out": "x", "seconds": 0.0}, "more than 0"),
        ({"out": "x", "seed": -1}, "not less than 0"),
        ({"out": "/nowhere/at/all/plan.json", "moves": 5}, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(options: dict[str, Any], told: str, instance: str) -> None:
    with pytest.raises(CommandError, match=told):
        call_command("plan_meetings", instance=instance, **options)
