"""Small OneRoster files, written by hand: a school of five children, to be changed by each test."""

from __future__ import annotations

import copy
import csv
import io
import zipfile
from typing import Any

CANARY = "kanarie-7713"  # stands in every column that Kring must not read

Tables = dict[str, list[dict[str, Any]]]

HEADERS: dict[str, str] = {
    "manifest": "propertyName,value",
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId",
    "classes": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
        "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods"
    ),
    "users": (
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
        "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
    ),
    "roles": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
        "userProfileSourcedId"
    ),
    "enrollments": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate"
    ),
    "demographics": "sourcedId,status,dateLastModified,birthDate,sex,countryOfBirthCode,cityOfBirth",
}
SECRET = {"username": CANARY, "userIds": f"{{bsn:{CANARY}}}", "identifier": CANARY, "password": CANARY}


def user(key: str, role: str, given: str, family: str, **more: Any) -> dict[str, Any]:
    return {
        "sourcedId": key,
        "role": role,
        "givenName": given,
        "familyName": family,
        "orgSourcedIds": "s",
        **SECRET,
        **more,
    }


def enrolled(group: str, key: str, role: str = "student", **more: Any) -> dict[str, Any]:
    return {
        "sourcedId": f"e-{group}-{key}",
        "classSourcedId": group,
        "schoolSourcedId": "s",
        "userSourcedId": key,
        "role": role,
        **more,
    }


def group(key: str, title: str, grades: str, **more: str) -> dict[str, str]:
    return {
        "sourcedId": key,
        "title": title,
        "grades": grades,
        "classType": "homeroom",
        "schoolSourcedId": "s",
        "termSourcedIds": "y",
        **more,
    }


def small() -> Tables:
    """Groep 1/2A (kids a, b), Groep 5 (c, d, e; two Jan Jansens), an extra group, two teachers, four parents."""
    return {
        "manifest": [
            {"propertyName": "manifest.version", "value": "1.0"},
            {"propertyName": "oneroster.version", "value": "1.1"},
            *(
                {"propertyName": f"file.{name}", "value": "bulk"}
                for name in ("academicSessions", "classes", "enrollments", "orgs", "users", "demographics")
            ),
        ],
        "orgs": [
            {"sourcedId": "b", "name": "Stichting Samen", "type": "district"},
            {"sourcedId": "s", "name": "De Wilg", "type": "school", "parentSourcedId": "b"},
        ],
        "academicSessions": [
            {
                "sourcedId": "y",
                "title": "2026-2027",
                "type": "schoolYear",
                "startDate": "2026-08-24",
                "endDate": "2027-07-09",
                "schoolYear": "2027",
            }
        ],
        "classes": [
            group("g12", "Groep 1/2A", "01,02"),
            group("g5", "Groep 5", "05"),
            group("plus", "Plusklas", "", classType="scheduled"),
        ],
        "users": [
            user("a", "student", "Aya", "Haddou", grades="01"),
            user("b", "student", "Bram", "van den Berg", grades="02", agentSourcedIds="p2"),
            user("c", "student", "Jan", "Jansen", grades="05"),
            user("d", "student", "Jan", "Jansen", grades="05"),
            user("e", "student", "Eva", "Smit", grades="05"),
            user("p1", "parent", "Samira", "Haddou", email="samira@example.org", agentSourcedIds="a"),
            user("p2", "parent", "Loes", "van den Berg", email="loes@example.org", phone="085 0000 121"),
            user("p3", "parent", "Jan", "Jansen", email="jan1@example.org", agentSourcedIds="c"),
            user("p4", "guardian", "Jan", "Jansen", email="jan2@example.org", agentSourcedIds="d,e"),
            user("t1", "teacher", "Anouk", "de Boer", email="anouk@example.org"),
            user("t2", "teacher", "Wim", "Post", email="wim@example.org"),
        ],
        "enrollments": [
            enrolled("g12", "a"),
            enrolled("g12", "b"),
            enrolled("g5", "c"),
            enrolled("g5", "d"),
            enrolled("g5", "e"),
            enrolled("plus", "e"),
            enrolled("g5", "t1", "teacher", primary="true"),
            enrolled("g5", "t2", "teacher", primary="false"),
        ],
        "demographics": [{"sourcedId": "a", "birthDate": CANARY, "sex": CANARY, "cityOfBirth": CANARY}],
    }


def as_1_2(tables: Tables) -> Tables:
    """Return the same roster as version 1.2 has it: roles in a file of their own."""
    tables = copy.deepcopy(tables)
    tables["manifest"][1]["value"] = "1.2"
    tables["manifest"].append({"propertyName": "file.roles", "value": "bulk"})
    tables["roles"] = [
        {
            "sourcedId": f"r-{row['sourcedId']}",
            "userSourcedId": row["sourcedId"],
            "roleType": "primary",
            "role": row.pop("role"),
            "orgSourcedId": row.pop("orgSourcedIds"),
        }
        for row in tables["users"]
    ]
    return tables


def delta(tables: Tables) -> Tables:
    """Return the tables as a delta: the manifest says delta for each file that is there, absent for the rest."""
    names = ("academicSessions", "classes", "enrollments", "orgs", "users")
    rows = [{"propertyName": f"file.{name}", "value": "delta" if name in tables else "absent"} for name in names]
    return {**tables, "manifest": [{"propertyName": "oneroster.version", "value": "1.1"}, *rows]}


def find(tables: Tables, name: str, key: str) -> dict[str, Any]:
    return next(row for row in tables[name] if row["sourcedId"] == key)


def without(tables: Tables, *keys: str) -> Tables:
    """Return the tables without the users `keys` and all that points to them."""
    tables = copy.deepcopy(tables)
    tables["users"] = [row for row in tables["users"] if row["sourcedId"] not in keys]
    for row in tables["users"]:
        agents = [agent for agent in row.get("agentSourcedIds", "").split(",") if agent and agent not in keys]
        row["agentSourcedIds"] = ",".join(agents)
    tables["enrollments"] = [row for row in tables["enrollments"] if row["userSourcedId"] not in keys]
    return tables


def as_csv(name: str, rows: list[dict[str, Any]], *, bom: bool = False, header: list[str] | None = None) -> bytes:
    columns = header or HEADERS[name].split(",")
    columns = columns + [key for row in rows for key in row if key not in columns]
    columns = list(dict.fromkeys(columns))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def as_files(tables: Tables, **options: Any) -> list[tuple[str, bytes]]:
    return [(f"{name}.csv", as_csv(name, rows, **options)) for name, rows in tables.items()]


def as_zip(tables: Tables, **options: Any) -> bytes:
    return pack(as_files(tables, **options))


def pack(files: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()
