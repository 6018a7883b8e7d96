"""What a word can be: one bit a role, so that the grammar asks with one `&`.

The calendar of each language says which words have which role; `lexer.lexicon` folds it into one dictionary
from word to `Entry`. The modules of `time` and `recurrence` know roles only, never words.
"""

from itertools import count

_bits = (1 << position for position in count())

# Quantities
NUM = next(_bits)  # two, twenty, hundred; `Entry.number`
ORD = next(_bits)  # first, 2nd as a word; `Entry.ordinal`
MORE = next(_bits)  # 2 more minutes
FEW = next(_bits)  # a few, several, a couple of; `Entry.number`
HALF = next(_bits)
QUARTER = next(_bits)  # a quarter of an hour, of a year
ARTICLE = next(_bits)  # the; the dative and accusative of German
A = next(_bits)  # a, an, one as a number
# The calendar
MONTH = next(_bits)  # `Entry.month`
WEEKDAY = next(_bits)  # `Entry.weekday`, 0 = Monday
PLURAL_DAY = next(_bits)  # mondays: every Monday; `Entry.weekday`
UNIT = next(_bits)  # day, weeks, h; `Entry.unit`
RELATIVE = next(_bits)  # today, tomorrow; `Entry.days`, may carry `Entry.part`
PART = next(_bits)  # morning; `Entry.part`
PLURAL_PART = next(_bits)  # mornings
CLOCK_WORD = next(_bits)  # noon, midnight; `Entry.number` is the hour
MERIDIEM = next(_bits)  # am, pm; `Entry.number` is 0 or 12
OCLOCK = next(_bits)
ISH = next(_bits)
WORKDAY = next(_bits)  # weekday, business day
WEEKEND = next(_bits)
HOLIDAY = next(_bits)  # `Entry.name`
QUARTER_NAME = next(_bits)  # q1; `Entry.number`
ZONE = next(_bits)  # EST, Berlin time; `Entry.name`
NOW = next(_bits)
# Small words that bind
THIS = next(_bits)
NEXT = next(_bits)  # `Entry.number`: 1, or 2 for übernächste
LAST = next(_bits)
COMING = next(_bits)  # upcoming: strictly after today
LAST_OF = next(_bits)  # last, as a position: the last friday of
AT = next(_bits)
ON = next(_bits)
IN = next(_bits)
BY = next(_bits)  # by, due, until when; the reading is a deadline
FOR = next(_bits)
FROM = next(_bits)
TO = next(_bits)
BETWEEN = next(_bits)
AND = next(_bits)
OR = next(_bits)
OF = next(_bits)
WITHIN = next(_bits)
AFTER = next(_bits)
BEFORE = next(_bits)
SINCE = next(_bits)
AGO = next(_bits)
LATER = next(_bits)  # after a duration: later, from now
FROM_NOW = next(_bits)  # counted from this very moment
PAST = next(_bits)  # minutes past an hour
TILL_HOUR = next(_bits)  # minutes to an hour
MINUTES = next(_bits)  # the word minutes, in `20 minutes past`
APPROX = next(_bits)
EARLY = next(_bits)
LATE = next(_bits)
START_OF = next(_bits)
MID_OF = next(_bits)
END_OF = next(_bits)
END_OF_DAY = next(_bits)  # eod as one word; `Entry.name`: day, week, month …
WEEK_OF = next(_bits)
AGO_PREFIX = next(_bits)  # German: vor drei Tagen
SEASON = next(_bits)  # `Entry.step`: 1 is spring, 0 is "season"
PARITY = next(_bits)  # in even weeks; `Entry.step`: 0 is even, 1 odd
CLOSEST = next(_bits)  # the one that is nearest to another day
CENTURY = next(_bits)
# Recurrence
EVERY = next(_bits)
OTHER = next(_bits)  # every other
FREQ = next(_bits)  # daily, weekly, biweekly; `Entry.unit` and `Entry.number`
ONCE = next(_bits)  # once, twice a …; `Entry.number`
TIMES = next(_bits)
STARTING = next(_bits)
UNTIL = next(_bits)
EXCEPT = next(_bits)
COMPLETION = next(_bits)  # after completion
INSTANCE = next(_bits)  # the last instance of some days
EACH_OF = next(_bits)  # `on` before a plural day
HOLIDAYS = next(_bits)
PER = next(_bits)  # a, per: once a week
NAME_LIKE = next(_bits)  # a calendar word that is more often something else: may, sat, march
FILLER = next(_bits)  # sometime, exactly
MEASURE = next(_bits)  # cups, kg, percent: the number before is no date
STOP = next(_bits)  # a function word: what stands before it is not its adjective
OFFICE_HOURS = next(_bits)  # during office hours: 9 to 17
ALWAYS = next(_bits)  # jeweils am 15.: what follows repeats
UNTIL_DONE = next(_bits)  # until it is done: what reminds goes on till then
ALL_DAY = next(_bits)  # behind a day: no time of day
IF = next(_bits)  # what follows is a condition: "if that is a weekend"
PLUS = next(_bits)
MINUS = next(_bits)

# Everything that a temporal phrase can begin with or consist of.
TEMPORAL = (
    MONTH | WEEKDAY | PLURAL_DAY | UNIT | RELATIVE | PART | PLURAL_PART | CLOCK_WORD | WORKDAY | WEEKEND |
    HOLIDAY
    | QUARTER_NAME | NOW | END_OF_DAY | FREQ | OCLOCK
)  # fmt: skip
