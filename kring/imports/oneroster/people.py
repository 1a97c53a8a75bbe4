"""Users become children and adults: their names, how to reach an adult, and who looks after whom."""

from __future__ import annotations

import re

from kring.imports import grades
from kring.imports.faults import Effect, Faults
from kring.imports.oneroster.places import Scope
from kring.imports.oneroster.tables import Row, Table, current
from kring.imports.roster import Roster, RosterAdult, RosterChild, RosterLink

# The words of a Dutch surname that come before the name it is sorted by: Marloes *van den* Heuvel.
INFIXES = frozenset(
    {
        "van",
        "von",
        "de",
        "den",
        "der",
        "des",
        "het",
        "'t",
        "\u2019t",
        "t",
        "te",
        "ten",
        "ter",
        "in",
        "op",
        "aan",
        "bij",
        "onder",
        "over",
        "uit",
        "voor",
        "'s",
        "\u2019s",
        "la",
        "le",
        "du",
        "el",
        "al",
    }
)
PARENTS = {"parent": "parent", "guardian": "guardian"}
ROLES = {"student": "student", "teacher": "teacher", **PARENTS}
OTHER_ROLES = frozenset(
    {
        "administrator",
        "aide",
        "proctor",
        "relative",
        "counselor",
        "principal",
        "districtadministrator",
        "siteadministrator",
        "systemadministrator",
        "observer",
    }
)
EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s.,;<>\"()]+(\.[^@\s.,;<>\"()]+)+")
PHONE = re.compile(r"[0-9+()./\s-]{3,30}")
FIRST, INFIX, LAST, MAIL = 60, 20, 80, 254


def read_users(users: Table | None, roles: Table | None, roster: Roster, scope: Scope, faults: Faults) -> None:
    """Add the children and adults of the file to `roster`. `keep_needed` later drops who has nothing to do here."""
    if users is None:
        return
    scope.bad_users |= users.left_out
    given = _roles(roles, scope, faults) if roles is not None else None
    if roles is not None and given is not None:
        _refer_back(roles, users, scope, faults)
    for row in users.rows:
        if row.is_over:
            scope.gone_users.add(row.key)
            continue
        kinds, places = _from_row(users, row, faults) if given is None else given.get(row.key, (set(), set()))
        places = places | {row["primaryOrgSourcedId"]}
        for org in sorted(places - {""}) if scope.orgs else ():
            if org not in scope.orgs:
                faults.add(
                    "unknown_org", Effect.VALUE, file=users.file, row=row.number, column="orgSourcedIds", value=org
                )
        if given is not None and not kinds and row["role"]:
            kinds, places = _from_row(users, row, faults)
        scope.kinds[row.key] = kinds or {"other"}
        if scope.school in places:
            scope.here.add(row.key)
        if not kinds & set(ROLES):
            continue
        _take(users, row, kinds, roster, scope, faults)
    gone = scope.gone_users
    roster.removed.children |= {key for key in gone if key in scope.known_children}
    roster.removed.adults |= {key for key in gone if key in scope.known_adults}
    roster.untouched.children |= {key for key in scope.bad_users if key in scope.known_children}
    roster.untouched.adults |= {key for key in scope.bad_users if key in scope.known_adults}


def _from_row(users: Table, row: Row, faults: Faults) -> tuple[set[str], set[str]]:
    """Return roles and places as version 1.1 has them, on the user's own row."""
    role = row["role"].lower()
    if role not in ROLES and role not in OTHER_ROLES:
        faults.add("user_role", Effect.ROW, file=users.file, row=row.number, column="role", value=row["role"])
    return ({ROLES[role]} if role in ROLES else set()), set(row.many("orgSourcedIds"))


def _roles(table: Table, scope: Scope, faults: Faults) -> dict[str, tuple[set[str], set[str]]]:
    """Return for each user the roles and the places that roles.csv (1.2) gives."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for row in current(table):
        role = row["role"].lower()
        if role not in ROLES:
            if role not in OTHER_ROLES:
                faults.add("user_role", Effect.ROW, file=table.file, row=row.number, column="role", value=row["role"])
            continue
        if row["endDate"] and row["endDate"][:10] < scope.today.isoformat():
            continue
        kinds, places = found.setdefault(row["userSourcedId"], (set(), set()))
        kinds.add(ROLES[role])
        places.add(row["orgSourcedId"])
    return found


def _refer_back(roles: Table, users: Table, scope: Scope, faults: Faults) -> None:
    in_file = {row.key for row in users.rows} | users.left_out
    scope.bad_users |= {row["userSourcedId"] for row in roles.out_rows}
    for row in current(roles):
        user = row["userSourcedId"]
        if user not in in_file and user not in scope.known_children and user not in scope.known_adults:
            faults.add("unknown_user", Effect.ROW, file=roles.file, row=row.number, column="userSourcedId", value=user)


def split_name(given: str, middle: str, family: str) -> tuple[str, str, str]:
    """Return first name, infix ("van den") and last name. A second given name is not kept."""
    words = family.split()
    count = 0
    while count < len(words) - 1 and words[count] in INFIXES:
        count += 1
    infix = " ".join(words[:count])
    if not infix and middle and all(word in INFIXES for word in middle.split()):
        infix = " ".join(middle.split())
    return " ".join(given.split()), infix, " ".join(words[count:])


def _take(users: Table, row: Row, kinds: set[str], roster: Roster, scope: Scope, faults: Faults) -> None:
    first, infix, last = split_name(
        row["preferredGivenName"] or row["givenName"],
        row["preferredMiddleName"] or row["middleName"],
        row["preferredFamilyName"] or row["familyName"],
    )
    limits = ((first, "givenName", FIRST), (last, "familyName", LAST), (infix, "familyName", INFIX))
    for text, column, longest in limits:
        code = "long_name" if len(text) > longest else "" if text.isprintable() else "odd_name"
        if not text and longest != INFIX:
            code = "no_name"
        if code:
            faults.add(code, Effect.ROW, file=users.file, row=row.number, column=column, value=text)
            scope.bad_users.add(row.key)
            return
    if "student" in kinds:
        codes = row.many("grades")
        if len(codes) > 1:
            text = row["grades"]
            faults.add("grades_many", Effect.VALUE, file=users.file, row=row.number, column="grades", value=text)
        grade = grades.normal(codes[0]) if len(codes) == 1 else ""
        roster.children.append(RosterChild(row.key, first, infix, last, grade))
        return
    email, phone = _email(users, row, faults), _phone(users, row, faults)
    roster.adults.append(RosterAdult(row.key, first, infix, last, email, phone))


def _email(users: Table, row: Row, faults: Faults) -> str | None:
    """Return the address, "" when the cell is empty, None when it is unusable or there is no such column."""
    text = row["email"]
    if text and (len(text) > MAIL or not EMAIL.fullmatch(text)):
        faults.add("email", Effect.VALUE, file=users.file, row=row.number, column="email", value=text)
        return None
    return text if "email" in users.columns else None


def _phone(users: Table, row: Row, faults: Faults) -> str | None:
    column = "phone" if row["phone"] else "sms"
    text = " ".join(row[column].split())
    if text and not PHONE.fullmatch(text):
        faults.add("phone", Effect.VALUE, file=users.file, row=row.number, column=column, value=text)
        return None
    return text if {"phone", "sms"} & users.columns else None


def read_links(users: Table | None, roster: Roster, scope: Scope, faults: Faults) -> None:
    """Add who looks after whom, from either side: the child's row or the adult's."""
    found: dict[tuple[str, str], RosterLink] = {}
    if users is None:
        return
    for row in current(users):
        if row.key in scope.bad_users:
            continue
        for other in row.many("agentSourcedIds"):
            pair = _pair(users, row, other, scope, faults)
            if pair is None or found.get(pair):
                continue
            kinds = scope.kinds.get(pair[1], set())
            found[pair] = RosterLink(*pair, "guardian" if "guardian" in kinds and "parent" not in kinds else "parent")
    roster.links = list(found.values())


def _pair(users: Table, row: Row, other: str, scope: Scope, faults: Faults) -> tuple[str, str] | None:
    """Return (child, adult), or None when the two are not a child and its parent or guardian."""
    if not scope.is_user(other):
        faults.add(
            "unknown_agent", Effect.VALUE, file=users.file, row=row.number, column="agentSourcedIds", value=other
        )
        return None
    child, adult = (row.key, other) if scope.is_child(row.key) else (other, row.key)
    if other in scope.gone_users or other in scope.bad_users or not scope.is_child(child):
        return None
    kinds = scope.kinds.get(adult)
    if kinds is not None and not kinds & set(PARENTS):
        if "student" in kinds or "teacher" in kinds:
            faults.add(
                "agent_role", Effect.VALUE, file=users.file, row=row.number, column="agentSourcedIds", value=other
            )
        return None
    return (child, adult) if kinds is not None or adult in scope.known_adults else None


def keep_needed(roster: Roster, scope: Scope) -> None:
    """Drop everybody who has nothing to do with this school: no place, no group, no child here."""
    roster.children = [child for child in roster.children if child.key in scope.here]
    children = {child.key for child in roster.children} | scope.known_children
    roster.links = [link for link in roster.links if link.child in children]
    parents = {link.adult for link in roster.links}
    staff = {adult for adult in scope.here if "teacher" in scope.kinds.get(adult, ())}
    roster.adults = [adult for adult in roster.adults if adult.key in parents or adult.key in staff]


def read_dropped_links(users: Table, roster: Roster, scope: Scope, known: frozenset[tuple[str, str]]) -> None:
    """In a delta: a row that names some of its relations names all of them; one that it leaves out is over."""
    named: dict[str, set[str]] = {row.key: set(row.many("agentSourcedIds")) for row in current(users)}
    for child, adult in known:
        for one, other in ((child, adult), (adult, child)):
            if named.get(one) and other not in named[one] and one not in named.get(other, ()):
                roster.removed.links.add((child, adult))
