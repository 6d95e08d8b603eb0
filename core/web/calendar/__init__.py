"""The calendar face of record lists: days, weeks and months in either calendar, drawn on the server."""
