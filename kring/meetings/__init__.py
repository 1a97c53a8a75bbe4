"""Rounds of conversations between families and teachers: prepared by the school, a moment chosen by each family.

`solver` is plain code without Django: one good plan for everybody, and adjoining options for one family;
`manage.py plan_meetings` runs it on files. A single agreed moment is no matter of this room but of `conversations`.
"""
