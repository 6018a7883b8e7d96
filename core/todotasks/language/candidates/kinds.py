"""What a reading of the grammar is called among candidates: updates are told apart by what they change."""

from todotasks.language.reading.model import Reading


def grammar_of(reading: Reading) -> str:
    """What the grammar made of it, in the names of candidates."""
    if reading.action == "update":
        return update_of(reading)
    if reading.action == "remind" and not reading.title:
        return "remind"
    if reading.intent in {"create", "list"}:
        return reading.intent
    return reading.action


def update_of(reading: Reading) -> str:
    """What an update changes first."""
    if reading.clear_due:
        return "unschedule"
    if reading.due is not None or reading.shift is not None:
        return "reschedule"
    if reading.priority is not None or reading.priority_step:
        return "set-priority"
    if reading.title is not None:
        return "rename"
    if reading.assignee is not None or reading.clear_assignee:
        return "assign"
    if reading.remove_tags:
        return "remove-tag"
    if reading.tags:
        return "add-tag"
    if reading.project is not None:
        return "set-project"
    return "add-note" if reading.notes is not None else "update"
