"""Whether "all of them" was said, or something narrower that was not understood.

The grammar takes every word that narrows the tasks into `Reading.filter`, or takes the words for a title.
This looks once more at the words of the message that became the filter: one that narrows and is not in it
must never mean all tasks.
"""

import re

from todotasks.language.reading.model import Reading
from todotasks.language.words.shared import NARROWS_NOTHING, REMINDERS

_WORD = re.compile(r"[^\W_]+")


def is_whole(reading: Reading) -> bool:
    """Did all that narrows the tasks get into `reading.filter`? The reading has one."""
    assert reading.filter is not None, "asked for only where one was said"
    known = NARROWS_NOTHING | REMINDERS if reading.clear_reminders else NARROWS_NOTHING
    times = [span for span in reading.spans if span.slot in {"due", "interval", "shift"}]
    for span in reading.spans:
        if span.slot != "filter":
            continue
        if reading.filter.everything and not known.issuperset(_WORD.findall(span.text.lower())):
            return False
        if reading.filter.due is None and any(span.start <= time.start < span.end for time in times):
            return False
    return True
