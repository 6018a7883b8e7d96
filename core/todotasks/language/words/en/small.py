"""English small words: see `SmallWords` for what the words of each list do."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.words.small_schema import SmallWords

SMALL = SmallWords(
    dangling_at_end=(
        "latest around about ! & ( * + , - . / : ; = > @ [ after am an and are at be before beginning by deadline die due"
        " due_at due_by due_on every for from in is it's next of on or starting the this till to um until"
        " with | ~ – — →"
    ),
    dangling_at_start="! & ) * + , - . / : ; = > ? ] and that then to | ~ • →",
    places="to into onto in from out",
    moves_to="to onto for until till into by 2",
    abstains="no",
    determiners="a an die her his my our teh that the their these this those your",
    task_nouns="entry item job one reminder task task's ticket to-do todo",
    afterthoughts=("again already and anymore at finally for from instead just now of on please pls then to too yet"),
    trailing="please pls now again already too instead anymore yet finally then",
    item_words=(
        "entries entry from in item items list of on one one's ones reminder reminders task tasks the"
        " them these thing things those todo todos"
    ),
    numbered="# entry item items line no nos num number numbers position task tasks todo",
    things=(
        "alarm alarms appointment appointments calendar chores data entries entry errands event events"
        " item items list meeting meetings one ones reminder reminders schedule stuff task tasks thing"
        " things to-dos todo todos"
    ),
    glue=(
        "'s a all an and are as assigned at be been by die do due for from have i in is it's list marked"
        " me my not of on our please project show tagged that the there to today were what's which with"
        " yet"
    ),
    everything="all any anything each every everything whatever",
    plurals=(
        "alarms appointments chores entries errands events items meetings ones reminders stuff tasks"
        " things to-dos todos"
    ),
    narrows_nothing=(
        "a all any been die do each entries entry every everything from have i in is item items its list"
        " me my now of on one ones our please s stuff task tasks that the there thing things to todo"
        " todos"
    ),
    reminders="reminders",
    level_nouns="importance of prio priority very with",
    about="about concerning containing regarding",
    says_which="due from labeled labelled of planned scheduled tagged with",
    sets_due="change make set",
    tell=("⏰ 🔔 ⏲ alarm alert alerts notification notify nudge ping remind reminder reminders tell warn warning"),
    beforehand="advance ahead b4 before beforehand earlier prior",
    tell_links=", : a about add also an and it me of please plus put set us with",
    begin_tasks_too="bake book cook iron order read schedule send write",
    abbreviations="approx ca dr etc mr mrs ms no prof st tel vs",
    said_of=(
        "is are was were isn't aren't wasn't weren't isnt arent wasnt werent has have had hasn't haven't hadn't"
        " did didn't didnt does doesn't doesnt do don't will won't wont can can't cannot could couldn't should never"
        " needs needed still finally just came comes got gets went goes fell broke failed turned looks seems"
    ),
    made=(
        "bed beds breakfast lunch lunches dinner supper tea coffee cake cakes bread soup sandwich sandwiches"
        " food meal meals salad juice smoothie smoothies porridge pancakes dough yoghurt yogurt stew sauce jam"
        " packed bouquet wreath cocktail cocktails snack snacks bottles formula"
    ),
    handing="give send hand pass forward take bring show mail email post return deliver lend",
    says_when="it its it's which that starts start begins is opens closes ends happens due needed expires leaves",
    cannot="can't cant cannot won't wont couldn't",
    misses="make do attend manage go join",
    ongoing="from now on|from here on|from here on in|from here on out|from this point on|going forward|as of now",
    joins_days="and or & , on the plus",
    joins_times="and again then also & , plus once more",
    gist="says say said thought told think know guess meant assumed figured",
    speakers=(
        "i i'm i've we we're we've you you're he he's she she's they they're me him her them us it it's this that"
        " there there's there'll someone somebody everyone everybody nobody what who which"
    ),
    points_back="her him it that them there this",
    told_of="it he she they",
    clause_begins="before because cos cuz since if when while until unless so case",
    finite="needs wants has must should is are was were looks seems",
    why_subjects="i we they he she",
    why_verbs="have had has are am is do don't dont did can't cant got already will was were",
    joins_clauses="that and or than as if whether things thing stuff everything all",
    command_verbs=(
        "assign complete delegate delete deprioritize mark postpone prioritize reassign remove rename"
        " reopen reschedule snooze tag unassign uncheck undo untag untick"
    ),
    soft_command_verbs=(
        "add bump cancel change check clear close create delay drop find finish give it's list make move"
        " new open push put remind schedule set show skip stop tell tick todo what what's whats"
    ),
    insisted="add cancel change check clear close create move remind set show",
    inverted_verbs="am are can could did do does had has have is may should were will would",
    subjects=(
        "a alexa all another any anybody anyone anything everything he her his i it my no not olly our"
        " she siri some that the their there these they this those today tomorrow u we ya you your"
    ),
    servant_verbs=(
        "begin book can check close continue find get give have launch let load locate make need open"
        " order please proceed put run search send set show start stop take tell want will"
    ),
    beside_tasks="rule rules channel channels",
    list_words=(
        "agenda all calendar day diary events everything it list lists my plan planner reminders"
        " schedule tasks that todos"
    ),
    many="a all an anything everything for how list me more recipe some this what which",
    not_a_report=("be become ensure get getting have is keep make need not stay until want what when"),
    after_is=(
        "in out up away on doing handling sorting booked arrived gone all already been canceled cancelled complete completed done due finished important moved no not"
        " now off overdue paid ready sent still taken urgent"
    ),
    telling=", - . about again alert also and at it me notify on please remind that then us",
    present_too=(
        "baked charged closed cooked cost cut did felt found gave got hit hung left let made planned"
        " prepared put read recorded run saw set shut spread told translated used"
    ),
    project_words="project",
    before_projects="in for under of from",
    negations="not never",
    no_value="a an and are as by is it my or that the this to with",
    done_to=(
        "canceled cancelled deferred deleted dropped left moved postponed pushed put removed"
        " renamed reopened rescheduled set transferred"
    ),
    not_done_states=(
        "assigned blocked bored called concerned confused delayed detailed excited expected interested"
        " labeled labelled limited located marked missed named needed overdue planned prioritised"
        " prioritized related repeated reported required scheduled supposed tagged tired titled unchecked"
        " undated unfinished wanted worried"
    ),
    stops_at="and at being by for from in on over to",
    alarms="alarm alarms notification notifications reminder reminders timer timers",
    particles="away back down in off out over up",
    sees_to="for to with on",
    no_projects="do grocery it me shopping that to to-do todo",
    begins_list="all any completed done finished my open our overdue unfinished",
    asks_behind_time="how what when where which who",
    showing="display find list open search show view",
    verbs_only="bring change do feed get give go make move put send set take turn",
    felt="am are feel felt got had were",
    kinds={
        "alarm": "alarm",
        "alarms": "alarm",
        "appointment": "appointment",
        "appointments": "appointment",
        "chores": "chore",
        "errands": "errand",
        "event": "event",
        "events": "event",
        "meeting": "meeting",
        "meetings": "meeting",
    },
    due_by="due by|due at|due on",
    nags="nag bug pester annoy keep hound badger",
    nag_links="again and , then also every repeat repeating repeated & it",
    nag_again="again then repeat repeating repeated",
    at_most="up to up_to at most at_most max maximum only no more than no_more_than but",
    numbered_things="invoice receipt claim case issue bug section heading step figure slide apartment platform unit lot ward order part parts ticket form room episode page pages version ref reference serial flight gate po sku chapter",
    calls="call phone dial ring text tel fax mobile cell whatsapp sms number",
    honorifics="mr mrs ms miss dr prof sir madam aunt auntie uncle sister brother",
    sorting="sorted sort order ordered group grouped arranged",
    slash_commands="todo task remind add list done undo help snooze complete delete show search find new modify",
    list_fillers="or and week month day year weekend please again now out up me us you can could show list see display give get read tell let know rest others else just only really actually currently still so far yet next first last upcoming by sorted sort order grouped group number count many much long short hey ok today's tomorrow's thing stuff everything tasks lists",
    only_this="but keep the series|keep the series|keep the rest of them|just this once|only this once|just this time|only this time|just this one|only this one|just this occurrence|only this occurrence|just for this week|just this week|only this week|this occurrence only|this one only|this week only|this time only",
    all_of_them="all future occurrences|all future ones|all occurrences|every occurrence|the whole series|the entire series|this and all future|all upcoming ones|all following ones|this and following",
    names_items="things tasks items todos to-dos reminders chores errands these entries following jobs",
    adds_items="add create new make put please i need to do have the these following more my and also want for me can you could todo here are some set up note down these few couple of other",
    going="go come drive head run stop pop try remember walk cycle sit wait swing visit help start get let make do see check meet look",
    contacting="call phone ring email text message contact ask",
    asked_about="i you we he she they it anyone anybody someone",
    behind_times="at the latest at_the_latest tops sharp or so thereabouts ish-ish max",
    courteous_behind="me us you it that this them",
    says_add="add put note write jot save stick get",
    adds_that="can could would will you please pls so and then just also add put note write jot save stick get make place down it that this on to onto in into the my our a list todo to-do lists task tasks as for me i want need should be remember",
    following="ask tell say see check confirm discuss explain let make wait hope try be have keep use add mention remind find look show",
    no_object="about to for with if whether when on at of by from until till as than that so because again later soon please now today tomorrow tonight too both him her it them this these those who what where how there here § , . ! ? ; :",
    adding="add create new task todo to-do : please",
    links={
        "to": "to", "with": "with", "for": "for", "as": "as", "from": "from", "by": "by", "and": "and",
        "the": "the", "my": "my", "me": "me", "us": "us", "is": "is", "are": "are",
        "not": "not", "done": "done finished", "list": "list", "again": "again", "task": "task",
    },
    pronouns={
        "that's|it's|this one's|that one's|it|this|that|this one|that one|this task|that task|the task|the same|this item|that item|the item|my task|the reminder|the one|same|him|her|this reminder|that reminder|this thing|that thing|the next one|next one|the next|one": "it",
        "they're|them|these|those|they|all of them|them all|all of these|all of those|both|both of them|these ones|those ones|all these|these tasks|those tasks|the lot|all three": "them",
    },
    states={
        "completed|done|finished|complete|closed|finish|accomplished|complete,|checked|ticked": ("completed", True),
        "open|pending|incomplete|unfinished|remaining|outstanding|left|uncompleted|undone|active|todo": ("completed", False),
        "overdue|late|missed|expired": ("overdue", True),
        "recurring|repeating|repeat|repeats|recur|recurs": ("recurring", True),
        "undated|unscheduled": ("has_due", False),
    },
)  # fmt: skip
