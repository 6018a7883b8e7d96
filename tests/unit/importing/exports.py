"""Exports as the programs write them: the columns and fields of their documentation and sources, data of our own."""

# ruff: noqa: E501 - data is read along its line

import json
from typing import Any

TODOIST_CSV = (
    "\ufeffTYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,"
    "DEADLINE,DEADLINE_LANG\r\n"
    "meta,view_style=list,,,,,,,,,,,,\r\n"
    ",,,,,,,,,,,,,\r\n"
    'task,Renew the passport @errands @papers,"Form, photo,\nold passport",1,1,Ana (1234567),Ben (7654321),'
    "2027-03-14 17:00,en,Europe/Berlin,,,,\r\n"
    "note,The office closes at noon on Fridays,,,,Ana (1234567),,,,,,,,\r\n"
    "task,Find the birth certificate,,4,2,Ana (1234567),,,,,,,,\r\n"
    "section,Kitchen:,,,,,,,,,,,,\r\n"
    "task,Descale the machine,,3,1,Ana (1234567),,every! 3 weeks,en,Europe/Berlin,,,,\r\n"
    "task,Draft the roadmap,,2,1,Ana (1234567),,every friday at 10,en,,45,minute,2027-04-01,en\r\n"
    "task,Write the outline,,4,2,Ana (1234567),,,,,,,,\r\n"
    "task,Müll rausbringen,,4,1,,,jeden Montag um 19 Uhr,de,,,,,\r\n"
    "task,Call the vet,,4,1,,,after the second full moon,en,,,,,\r\n"
    ",,,,,,,,,,,,,\r\n"
).encode()

TODOIST_JSON: dict[str, Any] = {
    "sync_token": "TnYUZEpuzf2FMA9qzyY3j4xky6dXiYejmSO85S5paZ_a9y1FI85mBbIWZGpW",
    "full_sync": True,
    "projects": [
        {"id": "2203306141", "name": "Household", "parent_id": None, "is_deleted": False, "inbox_project": False},
    ],
    "sections": [{"id": "7025", "name": "Garden", "project_id": "2203306141", "is_deleted": False}],
    "collaborators": [{"id": "2671362", "email": "ben@example.com", "full_name": "Ben", "timezone": "Europe/Berlin"}],
    "items": [
        {
            "id": "2995104339", "user_id": "2671355", "project_id": "2203306141", "content": "Buy milk", "description": "",
            "priority": 4, "due": {"date": "2027-03-05", "timezone": None, "string": "5 mar", "lang": "en", "is_recurring": False},
            "deadline": None, "parent_id": None, "child_order": 1, "section_id": None, "labels": ["Food", "to buy"],
            "checked": False, "is_deleted": False, "responsible_uid": "2671362", "duration": {"amount": 15, "unit": "minute"},
        },
        {
            "id": "2995104340", "project_id": "2203306141", "content": "Mow the lawn", "description": "The **whole** lawn",
            "priority": 1, "due": {
                "date": "2027-03-06T09:00:00Z", "timezone": "Europe/Berlin", "string": "every 2 weeks at 10:00", "lang": "en",
                "is_recurring": True,
            }, "parent_id": None, "section_id": "7025", "labels": [], "checked": False, "is_deleted": False,
        },
        {
            "id": "2995104341", "project_id": "2203306141", "content": "Empty the box", "description": "", "priority": 2,
            "due": None, "parent_id": "2995104340", "labels": [], "checked": False, "is_deleted": False,
        },
        {
            "id": "2995104342", "project_id": "2203306141", "content": "Old news", "priority": 1, "due": None,
            "checked": True, "is_deleted": False, "labels": [], "completed_at": "2026-11-01T10:00:00Z",
        },
        {"id": "2995104343", "content": "Gone", "is_deleted": True, "checked": False},
    ],
    "notes": [
        {
            "id": "2992679862", "item_id": "2995104339", "content": "Whole milk", "is_deleted": False, "posted_uid": "2671355",
            "file_attachment": {"file_name": "list.pdf", "file_type": "application/pdf", "file_url": "https://files.example.com/list.pdf"},
        }
    ],
    "reminders": [
        {"id": "2992683215", "item_id": "2995104339", "type": "relative", "minute_offset": 1440, "is_deleted": False},
        {"id": "2992683216", "item_id": "2995104339", "type": "location", "name": "Supermarket", "is_deleted": False},
    ],
}  # fmt: skip

NONE = "0001-01-01T00:00:00Z"


def vikunja_task(number: int, title: str, **said: Any) -> dict[str, Any]:
    """With every field that Vikunja's JSON of a task has."""
    return {
        "id": number, "title": title, "description": "", "done": False, "done_at": NONE, "due_date": NONE, "reminders": None,
        "project_id": 2, "repeat_after": 0, "repeat_mode": 0, "priority": 0, "start_date": NONE, "end_date": NONE,
        "assignees": None, "labels": None, "hex_color": "", "percent_done": 0, "identifier": f"HOME-{number}", "index": number,
        "related_tasks": {}, "attachments": None, "cover_image_attachment_id": 0, "is_favorite": False,
        "created": f"2026-01-0{number}T08:00:00Z", "updated": "2026-02-01T08:00:00Z", "bucket_id": 0, "position": 0,
        "reactions": None, "created_by": {"id": 1, "name": "", "username": "ana"}, "comments": None,
        **said,
    }  # fmt: skip


def vikunja() -> list[dict[str, Any]]:
    paint = vikunja_task(
        1, "Paint the fence", description="<p>Two coats:</p><ul><li>primer</li><li>green &amp; gold</li></ul>", priority=5,
        due_date="2027-03-04T16:30:00Z", labels=[{"id": 1, "title": "out door"}], percent_done=0.5,
        assignees=[{"id": 1, "username": "ana"}, {"id": 2, "username": "ben"}],
        reminders=[
            {"reminder": "2027-03-03T16:30:00Z", "relative_period": -86400, "relative_to": "due_date"},
            {"reminder": "2027-03-01T07:00:00Z", "relative_period": 0, "relative_to": ""},
        ],
        comments=[{"id": 1, "comment": "<p>Ask Erna first</p>", "author": {"id": 2, "username": "ben"}}],
        attachments=[{"id": 1, "task_id": 1, "file": {"id": 1, "name": "fence.jpg", "mime": "image/jpeg"}}],
    )  # fmt: skip
    brushes = vikunja_task(2, "Buy brushes")
    paint["related_tasks"] = {"subtask": [dict(brushes)], "blocked": [{"id": 3, "title": "Wait for spring"}]}
    spring = vikunja_task(3, "Wait for spring", done=True, done_at="2026-11-02T10:00:00Z")
    filters = vikunja_task(
        4, "Change the filter", repeat_after=7776000, repeat_mode=2, due_date="2027-01-10T08:00:00Z"
    )
    rent = vikunja_task(5, "Pay the rent", repeat_mode=1, due_date="2027-01-31T23:00:00Z")
    odd = vikunja_task(6, "Count to ten", repeat_after=10, due_date="2027-01-10T08:00:00Z")
    return [
        {"id": 1, "title": "Home", "parent_project_id": 0, "tasks": None, "buckets": [], "views": []},
        {
            "id": 2,
            "title": "Garden",
            "parent_project_id": 1,
            "tasks": [paint, brushes, spring, filters, rent, odd],
        },
    ]


TASKWARRIOR: list[dict[str, Any]] = [
    {
        "id": 1, "description": "Pay the electrician", "due": "20270305T230000Z", "entry": "20261101T120000Z",
        "modified": "20261101T120000Z", "priority": "H", "project": "Home.Garden", "status": "pending",
        "tags": ["money", "phone"], "uuid": "296d835e-8f85-4224-8f36-c612cad1b9f8", "urgency": 14.9,
        "annotations": [{"entry": "20261101T120500Z", "description": "Invoice 17 & 18"}],
        "depends": ["5a0ed1e0-9b5e-4a9e-9d20-1b1f8a8a1a11", "00000000-0000-0000-0000-000000000000"],
        "estimate": "2h",
    },
    {
        "id": 2, "description": "Read the meter", "entry": "20261101T120000Z", "modified": "20261101T120000Z",
        "status": "waiting", "wait": "20270101T080000Z", "uuid": "5a0ed1e0-9b5e-4a9e-9d20-1b1f8a8a1a11", "urgency": 1.0,
    },
    {
        "id": 0, "description": "Water the plants", "due": "20260301T080000Z", "entry": "20260201T120000Z", "mask": "++-",
        "modified": "20261101T120000Z", "recur": "3days", "rtype": "periodic", "status": "recurring",
        "uuid": "b6e5d0a3-5d2f-4b1a-8a39-2e1c1f0a0001", "urgency": 5,
    },
    {
        "id": 3, "description": "Water the plants", "due": "20270107T080000Z", "entry": "20261230T080000Z", "imask": 2,
        "modified": "20261230T080000Z", "parent": "b6e5d0a3-5d2f-4b1a-8a39-2e1c1f0a0001", "recur": "3days",
        "status": "pending", "uuid": "b6e5d0a3-5d2f-4b1a-8a39-2e1c1f0a0002", "urgency": 5,
    },
    {
        "id": 0, "description": "Buy stamps", "end": "20261115T100000Z", "entry": "20261101T120000Z",
        "modified": "20261115T100000Z", "status": "completed", "uuid": "c0000000-0000-4000-8000-000000000001", "urgency": 0,
    },
    {
        "id": 0, "description": "Never mind", "end": "20261115T100000Z", "entry": "20261101T120000Z",
        "modified": "20261115T100000Z", "status": "deleted", "uuid": "c0000000-0000-4000-8000-000000000002", "urgency": 0,
    },
]  # fmt: skip

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Nextcloud Tasks v0.16.1
X-WR-CALNAME:Personal
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VTODO
UID:1b1c5a2e-9a47-4bff-8ce4-8d5f6f0c1a01
CREATED:20261101T100000Z
LAST-MODIFIED:20261101T100000Z
DTSTAMP:20261101T100000Z
SUMMARY:Book the flights\\, all three
DESCRIPTION:Window seats\\nif there are any that are not too far back in the aircraft\\; el
 se aisle
PRIORITY:1
PERCENT-COMPLETE:20
CATEGORIES:travel,family
DTSTART;VALUE=DATE:20270301
DUE;TZID=Europe/Berlin:20270305T180000
URL:https://flights.example.com/1
GEO:52.5;13.4
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;RELATED=END:-P1D
DESCRIPTION:Book the flights
END:VALARM
END:VTODO
BEGIN:VTODO
UID:1b1c5a2e-9a47-4bff-8ce4-8d5f6f0c1a02
DTSTAMP:20261101T100000Z
SUMMARY:Choose the seats
RELATED-TO:1b1c5a2e-9a47-4bff-8ce4-8d5f6f0c1a01
STATUS:NEEDS-ACTION
END:VTODO
BEGIN:VTODO
UID:1b1c5a2e-9a47-4bff-8ce4-8d5f6f0c1a03
DTSTAMP:20261101T100000Z
SUMMARY:Tax return
DTSTART;TZID=Europe/Berlin:20270131T090000
RRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=31
EXDATE;TZID=Europe/Berlin:20280131T090000
END:VTODO
BEGIN:VTODO
UID:1b1c5a2e-9a47-4bff-8ce4-8d5f6f0c1a04
DTSTAMP:20261101T100000Z
SUMMARY:Done long ago
STATUS:COMPLETED
COMPLETED:20261001T100000Z
END:VTODO
BEGIN:VTODO
UID:1b1c5a2e-9a47-4bff-8ce4-8d5f6f0c1a05
DTSTAMP:20261101T100000Z
SUMMARY:Every second
DTSTART:20270101T080000Z
RRULE:FREQ=SECONDLY
END:VTODO
BEGIN:VEVENT
UID:1b1c5a2e-9a47-4bff-8ce4-8d5f6f0c1a06
DTSTAMP:20261101T100000Z
DTSTART:20270101T080000Z
SUMMARY:An event is no task
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def as_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()
