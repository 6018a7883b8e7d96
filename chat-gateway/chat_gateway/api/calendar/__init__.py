"""Tasks as a calendar feed (RFC 5545): which ones, and how they are written.

`endpoint` reads the request and the tasks, `ical` writes a VCALENDAR, `vtimezone` the zones it names.
`ical` and `vtimezone` are pure; all may import what `api` may.
"""
