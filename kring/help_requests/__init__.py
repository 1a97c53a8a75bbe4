"""Requests for help: who asks, who places it, who gets the replies (O1, O2).

A class parent asks through the teacher, the parent council through the office, in Kring or by mail to a secret address.
What is placed stands in a post or a group conversation of the rooms below; replies are read by who is named only.
"""
