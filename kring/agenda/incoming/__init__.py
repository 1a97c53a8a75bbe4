"""Reading a calendar that somebody made elsewhere: an iCalendar file or a spreadsheet becomes rows and faults.

Pure: bytes in, rows out. Nothing here knows the database, the request or the words on the screen.
"""
