"""The shape of a language's small words: those that hold a command together, and what the words of a list do.

Each list is words separated by spaces; `shared` makes one set of it over all languages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SmallWords:
    """Of one language."""

    # These tied a taken-out part to a title, and are trimmed where they dangle at its end; phrases with _.
    dangling_at_end: str = ""
    # … or at its beginning.
    dangling_at_start: str = ""
    # Behind these stands where something is moved: "boxes to the attic"; before a time they say when.
    places: str = ""
    # These stand between what is moved and when.
    moves_to: str = ""
    # These say before a thing that one does without it: "no sugar for 10 days".
    abstains: str = ""
    # These stand before the name of a task and are no part of it.
    determiners: str = ""
    # These call a task a task: "the laundry task".
    task_nouns: str = ""
    # These may end a command without being part of a name.
    afterthoughts: str = ""
    # … and these stand behind a name without a tie to it.
    trailing: str = ""
    # These stand behind an ordinal: "the second one".
    item_words: str = ""
    # These stand before a number that points: "task 3".
    numbered: str = ""
    # These name what all tasks are.
    things: str = ""
    # These hold a filter's words together and narrow nothing.
    glue: str = ""
    # These say that all of a kind is meant.
    everything: str = ""
    # These are many tasks.
    plurals: str = ""
    # These may be said around "all" and narrow nothing; any other word beside it does.
    narrows_nothing: str = ""
    # These are what reminds of tasks, and not the tasks.
    reminders: str = ""
    # These stand beside a level: "all high priority tasks".
    level_nouns: str = ""
    # These stand between tasks and what they are about.
    about: str = ""
    # Behind these stands which tasks are meant, not where they move to: "everything due today".
    says_which: str = ""
    # … unless one of these gives a date: "set everything due tomorrow".
    sets_due: str = ""
    # These ask to be reminded.
    tell: str = ""
    # These say that a reminder comes before.
    beforehand: str = ""
    # These ask to be reminded again and again: "nag me every hour".
    nags: str = ""
    # These stand before "every 15 minutes" of a reminder and belong to it.
    nag_links: str = ""
    # Behind these it repeats a reminder: "at 9 and again every 10 minutes".
    nag_again: str = ""
    # These are things that have numbers: "order 12/7", "part no. 12-05-77".
    numbered_things: str = ""
    # Behind these stands a telephone number.
    calls: str = ""
    # Behind these stands a name, also where it is a word of the calendar: "Ms. Friday".
    honorifics: str = ""
    # Behind / (Slack) or "task" (Taskwarrior) these are a command.
    slash_commands: str = ""
    # These may stand in a request for a list and narrow nothing.
    list_fillers: str = ""
    sorting: str = ""  # a list in an order: sorted by title
    # These say that one occurrence is meant, or all; phrases separated by |
    only_this: str = ""
    all_of_them: str = ""
    # Before a colon these are what a list is of: "three things: eggs, flour and sugar".
    names_items: str = ""
    # These may stand before them.
    adds_items: str = ""
    # A verb of these goes somewhere to do what is said behind "and": one task.
    going: str = ""
    # Behind "and" these go on with the thing before them: "call Tom and ask about the invoice".
    following: str = ""
    # To do these is to speak with somebody, of whom the rest may be asked.
    contacting: str = ""
    # Behind "did" these ask; "did my stretches" tells.
    asked_about: str = ""
    # Behind a time these say only how it is meant: "by monday at the latest".
    behind_times: str = ""
    # A last clause of these words adds what was said before it: "…, can you put that on my list?"
    adds_that: str = ""
    # Behind these "please" may stand: "remind me please to …".
    courteous_behind: str = ""
    # One of these is among them.
    says_add: str = ""
    # Behind a verb these begin no thing of its own.
    no_object: str = ""
    # These begin a new task and are no part of it.
    adding: str = ""
    # These stand before how often something comes at most.
    at_most: str = ""
    # These may stand between "remind" and how long before.
    tell_links: str = ""
    # These begin a task where another one has just been said; alone they are as often a noun.
    begin_tasks_too: str = ""
    # Behind these a stop ends no sentence.
    abbreviations: str = ""
    # Behind a thing these begin what is told of it: "the plumber *didn't* come".
    said_of: str = ""
    # Behind these stands what somebody said or thought: "I *said* the hem was done".
    gist: str = ""
    # To do these with a thing is to bring it to somebody: "wrap the gift, *give* it to Anna".
    handing: str = ""
    # A clause of these says when something is: "the recital, *it starts* at four".
    says_when: str = ""
    # Somebody who these is not able to: "*can't make* yoga tomorrow".
    cannot: str = ""
    misses: str = ""
    # These say of a rhythm that it holds from now on, which it does anyway; phrases separated by |
    ongoing: str = ""
    # These stand between days of one list, and between times of one reminder: "at 2 *and again* at 4".
    joins_days: str = ""
    joins_times: str = ""
    # These get made: "make the *bed* daily" is a task, "make the report weekly" changes one.
    made: str = ""
    # These are people who speak or are spoken of, and no things: "*she* never came".
    speakers: str = ""
    # These point at what was said before them: the sentence goes on.
    points_back: str = ""
    # These begin a command wherever they stand behind "and".
    told_of: str = ""
    # of whom something is told: what stands behind them in the past is no task ("*it* rained all day")
    clause_begins: str = ""
    # what begins a clause that says why or when, and is not what is to be done
    finite: str = ""
    # what stands behind a subject: a verb of a command before it is a noun ("skip *needs* emptying")
    why_subjects: str = ""
    # with one of the next behind it: a clause that says why, without a comma ("skip the gym *I've* a cold")
    why_verbs: str = ""
    joins_clauses: str = ""
    # … unless one of these stands before it: it belongs to the thing ("the book *that* I have")
    command_verbs: str = ""
    # … only behind another command.
    soft_command_verbs: str = ""
    # "do" before one of these only insists: "do remove the next event".
    insisted: str = ""
    # These ask when a subject follows: "is it".
    inverted_verbs: str = ""
    # These can be such a subject.
    subjects: str = ""
    # These ask a servant to do something rather than note it.
    servant_verbs: str = ""
    # What is kept beside tasks, and no word of a title that is looked for: "list *rules*".
    beside_tasks: str = ""
    # These show that "clear" means a list.
    list_words: str = ""
    # These show that no single task is meant.
    many: str = ""
    # These begin something to do although "done" ends it: "get it done".
    not_a_report: str = ""
    # These follow "'s" that is "is": "laundry's done".
    after_is: str = ""
    # These make up "remind me about it".
    telling: str = ""
    # These look the same in the present: alone they report nothing.
    present_too: str = ""
    # These say that something is not so.
    negations: str = ""
    # These call a project one, and stand before it: "*in project* apollo".
    project_words: str = ""
    before_projects: str = ""
    # These are no tag and no project.
    no_value: str = ""
    # These were done to a task and did not do it: "was moved".
    done_to: str = ""
    # These end like what has been done and are how something is: "is needed".
    not_done_states: str = ""
    # Behind "stop" these go on with a place or a person: "stop by the bakery".
    stops_at: str = ""
    # These remind and are no recurring task: "stop the alarm".
    alarms: str = ""
    # These belong to a verb: "handed in".
    particles: str = ""
    # These belong to one, too: "paid for", "seen to".
    sees_to: str = ""
    # These are no project's name: "my shopping list".
    no_projects: str = ""
    # These begin a list although a tag or a person stands behind: "all tasks tagged errands".
    begins_list: str = ""
    # These ask, also behind a time: "in the last year how many hours …".
    asks_behind_time: str = ""
    # These only show: "list the #home ones"; "get a haircut #home" is to be done.
    showing: str = ""
    # These are verbs and nothing else: "daily send the report" is to be sent daily.
    verbs_only: str = ""
    # These report what one felt and got: "today i got rewards".
    felt: str = ""
    # Phrases that point at what was shown, separated by | → "it" for one task, "them" for all.
    pronouns: Mapping[str, str] = field(default_factory=dict)
    # Words that say how tasks are, separated by | → the field of a filter, and its value.
    states: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    # These are tasks of a kind, and how their titles have it.
    kinds: Mapping[str, str] = field(default_factory=dict)
    # What the small words of commands are that every language has, by a name that all share → the words.
    # A message that mixes languages ("assign die Präsentation an Lisa") is read by them.
    links: Mapping[str, str] = field(default_factory=dict)
    # These stand before a time of theirs: "everything due by friday"; separated by |
    due_by: str = ""
