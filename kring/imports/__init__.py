"""A roster from another system becomes people, children and groups: read, preview, apply.

Files are read into `roster.Roster` by a reader per format (`oneroster/`); `plan.py` compares that with what is here;
`actions.py` applies it in one transaction. Nobody is ever matched by name, and nothing is ever deleted.
"""
