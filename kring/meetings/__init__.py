"""Conversations of families and teachers. So far the planner: one good plan for all families and teachers, and
adjoining options for one family. `solver` is plain code without Django; `manage.py plan_meetings` runs it on files.
"""
