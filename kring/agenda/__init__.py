"""The agenda: what is on at school, who comes, and places to fill.

`Offer` and `Place` are the one race-safe way to hand out places: help requests use them too. Events of a series are
rows of their own, so that each can be changed, cancelled and answered by itself.
"""
