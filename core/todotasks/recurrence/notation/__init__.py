"""The notations: RRULE and its lines, cron, `simple`; each is read into the same few values.

May import `calendar` and `errors`.
"""
