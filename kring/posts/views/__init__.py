"""The pages of this room: compose.py (writing), read.py (reading), team.py (a group's weeks and the series)."""
