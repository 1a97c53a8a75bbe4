"""Persons, children, who looks after whom, who works where, and for whom something is meant.

A Person is an adult as one school knows her; a User is a login. See docs/words.md.
"""
