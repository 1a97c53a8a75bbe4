"""The ground every room stands on: the viewer, access, public ids, clean text, pages and the worker.

Knows nothing of schools, people or messages.
"""
