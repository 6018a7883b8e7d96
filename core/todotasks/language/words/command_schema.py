"""The shape of a language's words for commands: plain data, as `calendar_schema` is for dates."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Speech:
    """Keys of mappings list spellings separated by `|`; strings are lists separated by `|`."""

    contractions: Mapping[str, str]
    opening: str
    closing: str
    priorities: Mapping[str, str]  # phrases that a title may contain as a marker
    levels: Mapping[str, str]  # words that name a level where one is asked for
    priority_words: str
    keys: Mapping[str, str]  # `project:` and the like → slot
    contexts: str  # what follows @ as a tag
    first_names: str  # what follows @ as a person
    separators: str  # words between two commands of one message
    command_typos: str  # words of commands whose misspelling is worth a guess
    misspelt: Mapping[str, str] = field(default_factory=dict)  # short words of commands, and worse slips
    evening: str = ""  # what happens in the evening: "dinner at 7" is at 19:00
    morning: str = ""  # and what in the morning: "wake me at 7"
    infinitive: str = ""  # the particle of "Mama an*zu*rufen", and the prefixes it stands behind
    infinitive_prefixes: str = ""
    participle: str = ""  # what a participle begins with, alone or behind such a prefix: "abgeholt"
    no_participles: str = ""  # verbs that only look like one
    polite: str = ""  # whom one speaks to in the plural: "verschieben *Sie* …" is "verschiebe …"
    imperatives: Mapping[str, str] = field(default_factory=dict)  # those that are not without the last letter
    hesitations: str = ""  # sounds between words
    courtesy: str = ""  # between a verb and what it is about: "lösch *bitte mal* die Aufgabe"
    spoken_signs: Mapping[str, str] = field(default_factory=dict)  # what dictation writes out: "comma"
    yes: str = ""  # answers to a question
    no: str = ""
    leave: str = ""  # also no, but the beginning of a command where more follows: "cancel 2"
    well: str = ""  # what may stand before and behind an answer and says nothing
    everything: str = ""  # all that was offered
    apart: str = ""  # all *but* the first
    tells: str = ""  # what a clause begins with that only tells, before a comma and a command
    reminding: str = ""  # words that ask to be reminded, or name what reminds
    frequent: str = ""  # words that tell this language from others, separated by spaces


@dataclass(frozen=True)
class Domain:
    """What is ours and what is not: word lists, separated by `|`."""

    ours: str
    foreign: str
    foreign_verbs: str
    asking: str
    showing: str
    searching: str
    chat: str
    statements: str
    past: str
    past_helpers: str
    possessive: str
    notions: str
    task_verbs: str  # what people do themselves: these begin a task even where the thing is another skill's
    content_verbs: str  # verbs that show something or are a task, depending on the object
    detail_words: str
    own_verbs: str  # verbs that only a todo list knows: "snooze the pasta" is ours
    errands: str  # verbs that ask another skill, and with a day, or for the thing of somebody, are to be done
    strong: str  # words that are another skill's even beside a date
    served: str  # what one orders of another skill: "buy a train ticket" is no task, unless it has a date
    listable: str  # nouns of things that can be listed
    participles: str  # what has been done, where it is not the past tense: taken, written
    describing: str  # what may stand around such a noun when the phrase asks for a list
    last_verbs: str = ""  # as `task_verbs`, where the verb stands last: "Lampe reparieren"
