"""Small words that several steps need, each list with what its words do. English and German together: none
is in conflict.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# These tied a taken-out part to a title, and are trimmed where they dangle at its end; phrases with _.
DANGLING_AT_END = _words(
    "! & ( * + , - . / : ; = > @ [ ab after am an and are at be before beginning bis by das deadline den"
    " der die due due_at due_by due_on every for from für im in is it's mit next of on or starting the"
    " this till to um und until vom von was with zum zur | ~ – — →"
)
# … or at its beginning.
DANGLING_AT_START = _words("! & ) * + , - . / : ; = > ? ] and dann that then to und | ~ • →")
# These stand before the name of a task and are no part of it.
DETERMINERS = _words(
    "a an das dem den der die ein eine einen her his mein meine meinen my our teh that the their these this"
    " those unser unsere your"
)
# These call a task a task: "the laundry task".
TASK_NOUNS = _words(
    "aufgabe aufgaben eintrag entry erinnerung item job one reminder task task's termin ticket to-do todo"
)
# These may end a command without being part of a name.
AFTERTHOUGHTS = _words(
    "again already and anymore at bitte for from instead just now of on please pls then to too und yet"
)
# These stand behind an ordinal: "the second one".
ITEM_WORDS = _words(
    "aufgabe aufgaben eintrag einträge entries entry from in item items list of on one one's ones"
    " reminder reminders task tasks the them these thing things those todo todos"
)
# These stand before a number that points: "task 3".
NUMBERED = _words(
    "# aufgabe aufgaben eintrag entry item items line no nos nr num number numbers nummer position task"
    " tasks todo"
)
# These name what all tasks are.
THINGS = _words(
    "alarm alarms appointment appointments aufgabe aufgaben calendar chores data einträge entries entry"
    " erinnerungen"
    " errands event events item items list meeting meetings one ones reminder reminders schedule stuff"
    " task tasks termine thing things to-dos todo todos"
)
# These hold a filter's words together and narrow nothing.
GLUE = _words(
    "'s a all alle an and are as assigned at be been by das der die do due for from fällig fällige fälligen"
    " für habe have heute i ich im in is ist it's list marked me mein meine meinen mir mit my not of on our"
    " please project show sind tagged that the there to today und von was welche were what's which with yet"
    " zeige"
)
# These say that all of a kind is meant.
EVERYTHING = _words("alle allen alles any all each every everything jede sämtliche")
# These are many tasks.
PLURALS = _words(
    "alarms appointments aufgaben chores einträge entries erinnerungen errands events items meetings ones"
    " reminders"
    " stuff tasks termine things to-dos todos"
)
# These are tasks of a kind, and how their titles have it.
KINDS = {
    "appointment": "appointment", "appointments": "appointment", "alarm": "alarm", "alarms": "alarm",
    "chores": "chore", "errands": "errand", "event": "event", "events": "event", "meeting": "meeting",
    "meetings": "meeting", "termin": "termin", "termine": "termin",
}  # fmt: skip
# These may be said around "all" and narrow nothing; any other word beside it does.
NARROWS_NOTHING = _words(
    "a aber all alle allen alles any auf aufgabe aufgaben been bitte das den der die do each einträge"
    " entries entry every everything from have i ich in is item items its jede list liste me mein meine"
    " meinen meiner mir my now of on one ones our please s stuff sämtliche task tasks that the there thing"
    " things to todo todos von"
)
# These are what reminds of tasks, and not the tasks.
REMINDERS = _words("erinnerungen reminders")
# These stand beside a level: "all high priority tasks".
LEVEL_NOUNS = _words("importance mit of prio priority priorität sehr very with")
# These stand between tasks and what they are about.
ABOUT = _words("about concerning containing regarding über")
# These stand before a time of theirs: "everything due by friday".
DUE_BY = frozenset({"due by", "due at", "due on"})
# Behind these stands which tasks are meant, not where they move to: "everything due today".
SAYS_WHICH = DUE_BY | _words(
    "due fällig fällige fälligen from labeled labelled of planned scheduled tagged vom von with"
)
# … unless one of these gives a date: "set everything due tomorrow".
SETS_DUE = _words("change make set setz setze ändere")
# These ask to be reminded.
TELL = _words(
    "alarm alert alerts benachrichtige erinner erinnere erinnerung erinnerungen notification notify nudge"
    " ping remind reminder reminders tell warn warning"
)
# These say that a reminder comes before.
BEFOREHAND = _words("advance ahead before beforehand davor earlier früher prior vor vorher zuvor")
# These may stand between "remind" and how long before.
TELL_LINKS = _words(
    ", : a about add also an and bitte daran eine einer it me mich mit of please plus put set und us with"
)
# These begin a task where another one has just been said; alone they are as often a noun.
BEGIN_TASKS_TOO = _words("bake book cook iron order read schedule send write")
# Behind these a stop ends no sentence.
ABBREVIATIONS = _words("approx bzw ca dr etc frau herr mr mrs ms nr no prof st str tel usw vs")
# These point at what was said before them: the sentence goes on.
POINTS_BACK = _words("damit er es her him ihm ihn ihnen it sie that them there this")
# These begin a command wherever they stand behind "and".
COMMAND_VERBS = _words(
    "assign complete delegate delete deprioritize erledige lösche mark markiere postpone prioritize"
    " reassign remove rename reopen reschedule snooze tag unassign uncheck undo untag untick verschiebe"
)
# … only behind another command.
SOFT_COMMAND_VERBS = _words(
    "add bump cancel change check clear close create delay drop erinnere find finish füge give it's"
    " list make move new open push put remind schedule set show skip stop tell tick todo what what's whats"
    " zeige"
)
# "do" before one of these only insists: "do remove the next event".
INSISTED = COMMAND_VERBS | _words("add cancel change check clear close create move remind set show")
# These ask when a subject follows: "is it".
INVERTED_VERBS = _words("am are can could did do does had has have is may should was were will would")
# These can be such a subject.
SUBJECTS = _words(
    "a alexa all another any anybody anyone anything everything he her his i it my no not olly our she"
    " siri some that the their there these they this those today tomorrow u we ya you your"
)
# These ask a servant to do something rather than note it.
SERVANT_VERBS = _words(
    "begin book can check close continue find get give have launch let load locate make need open order"
    " please proceed put run search send set show start stop take tell want will"
)
# These show that "clear" means a list.
LIST_WORDS = _words(
    "agenda all calendar day diary events everything it list lists my plan planner reminders schedule"
    " tasks that todos"
)
# These show that no single task is meant.
MANY = _words("a all alle an anything everything for how list me more recipe some this what which")
# These begin something to do although "done" ends it: "get it done".
NOT_A_REPORT = _words("be become ensure get getting have is keep make need not stay until want what when")
# These follow "'s" that is "is": "laundry's done".
AFTER_IS = _words(
    "all already been canceled cancelled complete completed done due finished important moved no not now off"
    " overdue paid ready sent still taken urgent"
)
# These make up "remind me about it".
TELLING = _words(
    ", - . about again alert also and at bitte daran erinner erinnere it me mich notify on please remind"
    " that then und uns us"
)
# These look the same in the present: alone they report nothing.
PRESENT_TOO = _words(
    "baked charged closed cooked cost cut did felt found gave got hit hung left let made planned prepared"
    " put read recorded run saw set shut spread told translated used"
)
# These are no tag and no project.
NO_VALUE = _words("a an and are as by is it my or that the this to with")
# These were done to a task and did not do it: "was moved".
DONE_TO = _words(
    "canceled cancelled changed deferred deleted dropped left moved postponed pushed put removed renamed"
    " reopened rescheduled set transferred"
)
# These end like what has been done and are how something is: "is needed".
STATES = _words(
    "assigned blocked bored called concerned confused delayed detailed excited expected interested labeled"
    " labelled limited located marked missed named needed overdue planned prioritised prioritized related"
    " repeated reported required scheduled supposed tagged tired titled unchecked undated unfinished wanted"
    " worried"
)
# Behind "stop" these go on with a place or a person: "stop by the bakery".
STOPS_AT = _words("and at being by for from in on over to")
# These remind and are no recurring task: "stop the alarm".
ALARMS = _words("alarm alarms notification notifications reminder reminders timer timers")
# These belong to a verb: "handed in".
PARTICLES = _words("away back down in off out over up")
# These are no project's name: "my shopping list".
NO_PROJECTS = _words("do grocery it me shopping that to to-do todo")
# These begin a list although a tag or a person stands behind: "all tasks tagged errands".
BEGINS_LIST = _words("all alle any completed done finished meine my offene open our overdue unfinished")
# These ask, also behind a time: "in the last year how many hours …".
ASKS_BEHIND_TIME = _words("how wann welche wer what when where which who wie")
# These only show: "list the #home ones"; "get a haircut #home" is to be done.
SHOWING = _words("display find list open search show view zeig zeige")
# These are verbs and nothing else: "daily send the report" is to be sent daily.
VERBS_ONLY = _words("bring change do feed get give go make move put send set take turn")
# These report what one felt and got: "today i got rewards".
FELT = _words("am are feel felt got had was were")
