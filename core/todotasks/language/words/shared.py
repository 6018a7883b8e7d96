"""The small words of all languages together, a set for each list of `SmallWords`.

None is in conflict, and a message may mix languages ("the Keller thing ist dringend").
"""

from todotasks.language.words.languages import LANGUAGES


def _union(name: str, separator: str | None = None) -> frozenset[str]:
    return frozenset(
        word for tables in LANGUAGES.values() for word in getattr(tables.small, name).split(separator) if word
    )


DUE_BY = _union("due_by", "|")
PRONOUNS = {
    phrase: reference
    for tables in LANGUAGES.values()
    for phrases, reference in tables.small.pronouns.items()
    for phrase in phrases.split("|")
}
STATES = {
    word: state
    for tables in LANGUAGES.values()
    for words, state in tables.small.states.items()
    for word in words.split("|")
}
KINDS = {kind: title for tables in LANGUAGES.values() for kind, title in tables.small.kinds.items()}
DANGLING_AT_END = _union("dangling_at_end")
DANGLING_AT_START = _union("dangling_at_start")
PLACES = _union("places")
MOVES_TO = _union("moves_to")
ABSTAINS = _union("abstains")
DETERMINERS = _union("determiners")
TASK_NOUNS = _union("task_nouns")
AFTERTHOUGHTS = _union("afterthoughts")
TRAILING = _union("trailing")
AFTERTHOUGHTS |= TRAILING
ITEM_WORDS = _union("item_words")
NUMBERED = _union("numbered")
THINGS = _union("things")
GLUE = _union("glue")
EVERYTHING = _union("everything")
PLURALS = _union("plurals")
NARROWS_NOTHING = _union("narrows_nothing")
REMINDERS = _union("reminders")
LEVEL_NOUNS = _union("level_nouns")
ABOUT = _union("about")
SAYS_WHICH = DUE_BY | _union("says_which")
SETS_DUE = _union("sets_due")
TELL = _union("tell")
BEFOREHAND = _union("beforehand")
TELL_LINKS = _union("tell_links")
BEGIN_TASKS_TOO = _union("begin_tasks_too")
ABBREVIATIONS = _union("abbreviations")
POINTS_BACK = _union("points_back")
SAID_OF = _union("said_of")
GIST = _union("gist")
MADE = _union("made")
HANDING = _union("handing")
SAYS_WHEN = _union("says_when")
CANNOT = _union("cannot")
MISSES = _union("misses")
JOINS_DAYS = _union("joins_days")
JOINS_TIMES = _union("joins_times")
SPEAKERS = _union("speakers")
TOLD_OF = _union("told_of")
CLAUSE_BEGINS = _union("clause_begins")
FINITE = _union("finite")
WHY_SUBJECTS = _union("why_subjects")
WHY_VERBS = _union("why_verbs")
JOINS_CLAUSES = _union("joins_clauses")
COMMAND_VERBS = _union("command_verbs")
SOFT_COMMAND_VERBS = _union("soft_command_verbs")
INSISTED = COMMAND_VERBS | _union("insisted")
INVERTED_VERBS = _union("inverted_verbs")
SUBJECTS = _union("subjects")
SERVANT_VERBS = _union("servant_verbs")
LIST_WORDS = _union("list_words")
BESIDE_TASKS = _union("beside_tasks")
MANY = _union("many")
NOT_A_REPORT = _union("not_a_report")
AFTER_IS = _union("after_is")
TELLING = _union("telling")
PRESENT_TOO = _union("present_too")
PROJECT_WORDS = _union("project_words")
BEFORE_PROJECTS = _union("before_projects")
NEGATIONS = _union("negations")
NO_VALUE = _union("no_value")
DONE_TO = _union("done_to")
NOT_DONE_STATES = _union("not_done_states")
STOPS_AT = _union("stops_at")
ASKED_ABOUT = _union("asked_about")
ALARMS = _union("alarms")
PARTICLES = _union("particles")
SEES_TO = _union("sees_to")
NO_PROJECTS = _union("no_projects")
BEGINS_LIST = _union("begins_list")
ASKS_BEHIND_TIME = _union("asks_behind_time")
SHOWING = _union("showing")
VERBS_ONLY = _union("verbs_only")
FELT = _union("felt")
NAGS = _union("nags")
NAG_LINKS = _union("nag_links")
NAG_AGAIN = _union("nag_again")
AT_MOST = _union("at_most")
NUMBERED_THINGS = _union("numbered_things")
CALLS = _union("calls")
HONORIFICS = _union("honorifics")
ADDING = _union("adding")
GOING = _union("going")
FOLLOWING = _union("following")
CONTACTING = _union("contacting")
BEHIND_TIMES = _union("behind_times")
COURTEOUS_BEHIND = _union("courteous_behind")
SAYS_ADD = _union("says_add")
ADDS_THAT = _union("adds_that")
NO_OBJECT = _union("no_object")
NAMES_ITEMS = _union("names_items")
ADDS_ITEMS = _union("adds_items")
SLASH_COMMANDS = _union("slash_commands")
LIST_FILLERS = _union("list_fillers")
SORTING = _union("sorting")


def _phrases(name: str) -> tuple[tuple[str, ...], ...]:
    texts = [text for tables in LANGUAGES.values() for text in getattr(tables.small, name).split("|") if text]
    return tuple(sorted((tuple(text.split()) for text in texts), key=len, reverse=True))


ONLY_THIS = _phrases("only_this")
ALL_OF_THEM = _phrases("all_of_them")
ONGOING = _phrases("ongoing")
