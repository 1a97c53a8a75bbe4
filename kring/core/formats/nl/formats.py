"""Dates and times as people say them in Dutch."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j b Y"
TIME_FORMAT = "G.i"
DATETIME_FORMAT = "j F Y, G.i"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 1
