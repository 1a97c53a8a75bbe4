"""Conversations: parents and the team of a group, parents among each other, and a whole group about one question.

Delivery is held until people can be reached (H1), writing never is. What may be seen is `visible_to`, asked at every
reading; who belongs to the team of a group is never copied. Pushes and mails carry no content.
"""
