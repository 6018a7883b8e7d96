"""The sentences of replies, in English and German: one table, so that a plan decides and does not word.

`phrase(language, key, **values)`; what is put in is quoted or counted already (`words`).
"""

# ruff: noqa: E501 - a table is read along its line

from typing import Final

# key: (English, German)
PHRASES: Final[dict[str, tuple[str, str]]] = {
    # what was done
    "created": ("Created {what}{details}.", "{what} angelegt{details}."),
    "created-rule": (
        "Created the recurring task {what}: {schedule}{details}.",
        "Wiederkehrende Aufgabe {what} angelegt: {schedule}{details}.",
    ),
    "first-on": ("; first on {moment}", "; zuerst am {moment}"),
    "complete": ("Completed {what}.", "{what} erledigt."),
    "reopen": ("Reopened {what}.", "{what} wieder geöffnet."),
    "delete": ("Deleted {what}.", "{what} gelöscht."),
    "update": ("Changed {what}{details}.", "{what} geändert{details}."),
    "remind": ("I will remind you of {what}{details}.", "Ich erinnere an {what}{details}."),
    "snooze": ("Put off {what} until {moment}.", "{what} verschoben auf {moment}."),
    "stop": ("{what} is paused and does not come back until it is resumed.", "{what} pausiert, bis sie fortgesetzt wird."),
    "stop-until": (
        "{what} is paused until {moment}: {count} days are left out{details}.",
        "{what} pausiert bis {moment}: {count} Tage entfallen{details}.",
    ),
    "stop-until-already": ("{what} does not come back before {moment} anyway.", "{what} kommt vor {moment} ohnehin nicht wieder."),
    "ask-stop-until": ("Pause {what} until {moment}? {count} days would be left out.", "{what} bis {moment} pausieren? {count} Tage entfielen."),
    "made-recurring": (
        "{what} comes back {schedule}: this one stays, the next is on {moment}.",
        "{what} kommt jetzt wieder: {schedule}. Diese bleibt, die nächste ist am {moment}.",
    ),
    "resume": ("{what} comes back again{details}.", "{what} kommt wieder{details}."),
    "and": (" and ", " und "),
    "skip": ("Left out {what} on {moment}.", "{what} am {moment} ausgelassen."),
    "schedule": ("{what} now comes back {schedule}{details}.", "{what} kommt jetzt so wieder: {schedule}{details}."),
    "set-reminder": ("Changed the reminder of {what}.", "Erinnerung an {what} geändert."),
    "delete-reminder": ("Deleted the reminder of {what}.", "Erinnerung an {what} gelöscht."),
    "no-reminder-named": ("There is no reminder {what}.", "Es gibt keine Erinnerung {what}."),
    "reminder-of-task": (
        "This reminder is made of the task's spec.reminders: change {fields} there.",
        "Diese Erinnerung stammt aus spec.reminders der Aufgabe: {fields} dort ändern.",
    ),
    "next-is": ("; next on {moment}", "; das nächste Mal am {moment}"),
    # what was so already
    "complete-already": ("{what}: completed already.", "{what}: schon erledigt."),
    "reopen-already": ("{what}: open already.", "{what}: schon offen."),
    "unchanged": ("{what}: nothing to change.", "{what}: nichts zu ändern."),
    "stop-already": ("{what} is paused already.", "{what} pausiert schon."),
    "resume-already": ("{what} is not paused.", "{what} pausiert nicht."),
    "skip-already": ("{what} on {moment} is left out already.", "{what} am {moment} ist schon ausgelassen."),
    "nothing-fits": ("No task fits, so nothing was changed.", "Keine Aufgabe passt; nichts wurde geändert."),
    # questions
    "ask-complete": ("Complete {what}?", "{what} erledigen?"),
    "ask-reopen": ("Reopen {what}?", "{what} wieder öffnen?"),
    "ask-delete": ("Delete {what}?", "{what} löschen?"),
    "ask-update": ("Change {what}{details}?", "{what} ändern{details}?"),
    "ask-remind": ("Remind of {what}{details}?", "An {what} erinnern{details}?"),
    "ask-snooze": ("Put off {what} until {moment}?", "{what} auf {moment} verschieben?"),
    "ask-stop": ("Pause {what}?", "{what} pausieren?"),
    "ask-resume": ("Resume {what}?", "{what} fortsetzen?"),
    "ask-schedule": ("Change when {what} come back: {schedule}?", "{what} ändern: {schedule}?"),
    "ask-skip": (
        "Leave out {what} on {moment}? Its task is there already and would be deleted.",
        "{what} am {moment} auslassen? Die Aufgabe gibt es schon; sie würde gelöscht.",
    ),
    "ask-alike": ("Do you mean {what}? {question}", "Meinst du {what}? {question}"),
    "ask-which": ("Several tasks fit {said}. Which one?", "Mehrere Aufgaben passen zu {said}. Welche?"),
    "ask-which-reminder": ("The reminders of which one?", "Die Erinnerungen an welche?"),
    "ask-detail-due": ("When should {what} be due?", "Wann soll {what} fällig sein?"),
    "ask-detail-snooze": ("Until when, or for how long, should {what} be put off?", "Bis wann, oder wie lange, soll {what} warten?"),
    "ask-detail-assignee": ("Who takes {what}?", "Wer übernimmt {what}?"),
    "ask-detail-title": ("What should {what} be called?", "Wie soll {what} heißen?"),
    "ask-detail-priority": ("Which priority should {what} have: low, medium, high or urgent?", "Welche Priorität soll {what} haben: niedrig, mittel, hoch oder dringend?"),
    "ask-detail-tag": ("Which tag should {what} get?", "Welches Tag soll {what} bekommen?"),
    "asks-detail": ("Asks what was left open.", "Fragt nach dem, was offen blieb."),
    "ask-which-of": ("Which one?", "Welche?"),
    "said-again": ("The same message again.", "Dieselbe Nachricht noch einmal."),
    "changed-meanwhile": ("{what} was changed meanwhile. Look at it and say it again.", "{what} wurde inzwischen geändert. Bitte ansehen und noch einmal sagen."),
    "corrects": ("Corrects what was done last.", "Berichtigt, was zuletzt getan wurde."),
    "all-that": ("All that these words say: {words}.", "Alles, was diese Worte sagen: {words}."),
    "goes-on": ("Goes on from what was said last.", "Knüpft an das Letzte an."),
    "ask-reading": ("Did you mean one of these?", "Meinst du eines davon?"),
    "ask-one-reading": ("{reading} Is that what you mean?", "{reading} Meinst du das?"),
    "ask-new": ("Is {title} a new task?", "Ist {title} eine neue Aufgabe?"),
    "words-unused": ("Not used: {words}.", "Nicht verwendet: {words}."),
    "takes-along": ("Its open tasks go with it.", "Ihre offenen Aufgaben werden mit gelöscht."),
    "first-rows": ("The first {shown} of {total} are shown.", "Die ersten {shown} von {total} sind gezeigt."),
    # counts
    "tasks": ("{count} tasks", "{count} Aufgaben"),
    "recurring-tasks": ("{count} recurring tasks", "{count} wiederkehrende Aufgaben"),
    "open-tasks": ("{count} open tasks", "{count} offene Aufgaben"),
    "completed-tasks": ("{count} completed tasks", "{count} erledigte Aufgaben"),
    "overdue-tasks": ("{count} overdue tasks", "{count} überfällige Aufgaben"),
    "one-task": ("1 task", "1 Aufgabe"),
    "one-open-task": ("1 open task", "1 offene Aufgabe"),
    "one-completed-task": ("1 completed task", "1 erledigte Aufgabe"),
    "one-overdue-task": ("1 overdue task", "1 überfällige Aufgabe"),
    "no-task": ("No tasks", "Keine Aufgaben"),
    "no-recurring-task": ("No recurring tasks", "Keine wiederkehrenden Aufgaben"),
    "no-open-task": ("No open tasks", "Keine offenen Aufgaben"),
    "no-completed-task": ("No completed tasks", "Keine erledigten Aufgaben"),
    "no-overdue-task": ("No overdue tasks", "Keine überfälligen Aufgaben"),
    "one-recurring-task": ("1 recurring task", "1 wiederkehrende Aufgabe"),
    # details
    "due": ("due {moment}", "fällig {moment}"),
    "done": ("done {moment}", "erledigt {moment}"),
    "no-due": ("no due date", "ohne Fälligkeit"),
    "moved": ("moved by {shift}", "verschoben um {shift}"),
    "title": ("new title {title}", "neuer Titel {title}"),
    "priority": ("priority {priority}", "Priorität {priority}"),
    "tags": ("tags {tags}", "Tags {tags}"),
    "no-tags": ("no tags", "ohne Tags"),
    "project": ("project {name}", "Projekt {name}"),
    "assignee": ("assigned to {name}", "zugewiesen an {name}"),
    "parent": ("part of {name}", "Teil von {name}"),
    "waits-for": ("waits for {titles}", "wartet auf {titles}"),
    "waits-for-nothing": ("waits for nothing", "wartet auf nichts"),
    "notes": ("with a note", "mit Notiz"),
    "cleared": ("no {field}", "ohne {field}"),
    "reminder-before": ("reminder {before} before", "Erinnerung {before} vorher"),
    "reminder-due": ("reminder when it is due", "Erinnerung zur Fälligkeit"),
    "reminder-at": ("reminder {moment}", "Erinnerung {moment}"),
    "repeats": (", again every {every} until it is done", ", danach alle {every}, bis es erledigt ist"),
    "no-reminders": ("no reminders", "ohne Erinnerungen"),
    # remarks
    "taken-for": ("{said} was taken for {what}.", "{said} wurde als {what} verstanden."),
    "open-parts": ("{what} has open subtasks: {open} of {total}.", "{what} hat offene Teilaufgaben: {open} von {total}."),
    "reminders-gone": (
        "The reminders of {what} counted back from its due date, so they went with it.",
        "Die Erinnerungen an {what} zählten von der Fälligkeit zurück und entfallen mit ihr.",
    ),
    "counted-from-today": (
        "{what} had no due date, so it was counted from now.",
        "{what} hatte keine Fälligkeit; gezählt wurde ab jetzt.",
    ),
    "at-left-out": (
        "A task that comes back cannot be reminded of at one moment; say how long before it is due.",
        "An eine wiederkehrende Aufgabe kann nicht zu einem festen Zeitpunkt erinnert werden.",
    ),
    "lead-for-reminders": (
        "Each task is made {lead} before it is due, so that its reminders can fire.",
        "Jede Aufgabe wird {lead} vor der Fälligkeit angelegt, damit die Erinnerungen kommen.",
    ),
    "zone-assumed": (
        "The time zone of namespace {namespace} may not be read by you, so times were read in {zone}: say them with their zone, or ask for the verb get on namespaces.",
        "Die Zeitzone des Namespace {namespace} darfst du nicht lesen; Zeiten wurden in {zone} gelesen: nenne sie mit Zone oder bitte um das Verb get auf namespaces.",
    ),
    "short-months": (
        "Months without a {day} are left out; “on the last day of every month” has them all.",
        "Monate ohne einen {day} entfallen; „am letzten Tag jedes Monats“ nimmt alle.",
    ),
    "short-years": (
        "Years without a 29 February are left out; “on the last day of February every year” has them all.",
        "Jahre ohne 29. Februar entfallen; „jedes Jahr am letzten Tag im Februar“ nimmt alle.",
    ),
    "short-weekdays": (
        "Months without a {day} are left out; “on the last {weekday} of every month” has them all.",
        "Monate ohne {day} entfallen; „am letzten {weekday} jedes Monats“ nimmt alle.",
    ),
    "short-weekdays-of-year": (
        "Years without a {day} are left out; “on the last {weekday} of December every year” has them all.",
        "Jahre ohne {day} entfallen; „jedes Jahr am letzten {weekday} im Dezember“ nimmt alle.",
    ),
    "short-weeks": (
        "Years without a week 53 are left out; the last week of every year is BYWEEKNO=-1.",
        "Jahre ohne Woche 53 entfallen; die letzte Woche jedes Jahres ist BYWEEKNO=-1.",
    ),
    "short-days-of-year": (
        "Years without a {day} day are left out; “every year on 31 December” has them all.",
        "Jahre ohne {day} Tag entfallen; „jedes Jahr am 31. Dezember“ nimmt alle.",
    ),
    "declared": (
        "A file declares {fields} of {what} too ({by}): whoever applies it next puts it back.",
        "Eine Datei legt {fields} von {what} auch fest ({by}): wer sie das nächste Mal anwendet, stellt es zurück.",
    ),
    "declared-stays": (
        "What no file declares stays beside it as it is now: {fields}.",
        "Was keine Datei festlegt, bleibt daneben, wie es jetzt ist: {fields}.",
    ),
    "declared-deleted": (
        "A file declares {what} too ({by}): whoever applies it next makes it again.",
        "Eine Datei legt {what} auch fest ({by}): wer sie das nächste Mal anwendet, legt es wieder an.",
    ),
    "clashes": (
        "A file that declares the schedule of {what} (Git) is refused by kubectl apply until it says the same.",
        "Eine Datei mit dem Zeitplan von {what} (Git) lehnt kubectl apply ab, bis sie dasselbe sagt.",
    ),
    "rewritten": (
        "The schedule of {what} was written as {was} and is {becomes} now, because {was} cannot say it. Where a file declares {was} (Git), whoever applies it next puts that back.",
        "Der Zeitplan von {what} war als {was} geschrieben und ist jetzt {becomes}, weil {was} das nicht sagen kann. Legt eine Datei {was} fest (Git), stellt es zurück, wer sie das nächste Mal anwendet.",
    ),
    "snooze-ends": (
        "{what} was put off until {moment}; its reminders now count from its new time.",
        "{what} war bis {moment} verschoben; die Erinnerungen zählen jetzt von der neuen Zeit.",
    ),
    "no-channel": (
        "Nobody will send it: no channel of namespace {namespace} is the default. Make one, for example: echo '{{\"apiVersion\": \"todotasks.dev/v1\", \"kind\": \"NotificationChannel\", \"metadata\": {{\"name\": \"mail\", \"namespace\": \"{namespace}\"}}, \"spec\": {{\"default\": true, \"email\": {{\"to\": [\"you@example.org\"]}}}}}}' | kubectl apply -f -",
        "Niemand wird sie senden: kein Kanal im Namespace {namespace} ist der Standard. Lege einen an, zum Beispiel: echo '{{\"apiVersion\": \"todotasks.dev/v1\", \"kind\": \"NotificationChannel\", \"metadata\": {{\"name\": \"mail\", \"namespace\": \"{namespace}\"}}, \"spec\": {{\"default\": true, \"email\": {{\"to\": [\"you@example.org\"]}}}}}}' | kubectl apply -f -",
    ),
    "counted-before": ("It is due {shift} before {what}, and does not move with it.", "Fällig {shift} vor {what}; es verschiebt sich nicht mit."),
    "counted-after": ("It is due {shift} after {what}, and does not move with it.", "Fällig {shift} nach {what}; es verschiebt sich nicht mit."),
    "dependency-gone": (
        "{what} also waits for {name}, which is not there any more.",
        "{what} wartet auch auf {name}, das es nicht mehr gibt.",
    ),
    "in-the-past": ("{what} is due in the past.", "{what} liegt in der Vergangenheit."),
    "no-reminder-moved": (
        "{what} has no reminder to put off, so its due date was moved.",
        "{what} hat keine Erinnerung; die Fälligkeit wurde verschoben.",
    ),
    "comes-back": (
        "{what} is made again by its schedule; “stop repeating {title}” ends that.",
        "{what} wird nach Zeitplan wieder angelegt; „stoppe die Wiederholung von {title}“ beendet das.",
    ),
    # lists
    "blocked-by": ("{what} waits for {titles}.", "{what} wartet auf {titles}."),
    "not-blocked": ("Nothing has to be done before {what}.", "Vor {what} ist nichts zu tun."),
    "list": ("{tasks}{about}.", "{tasks}{about}."),
    "summary": (
        "Due {about}: {due}. Overdue: {overdue}. Open in all: {open}.",
        "Fällig {about}: {due}. Überfällig: {overdue}. Insgesamt offen: {open}.",
    ),
    "show": ("{what}: {details}.", "{what}: {details}."),
    "is-open": ("open", "offen"),
    "is-completed": ("completed", "erledigt"),
    "is-overdue": ("overdue", "überfällig"),
    "with-due": ("with a due date", "mit Fälligkeit"),
    "without-due": ("without a due date", "ohne Fälligkeit"),
    "of-priority": ("of priority {priority}", "mit Priorität {priority}"),
    "in-project": ("in project {name}", "im Projekt {name}"),
    "tagged": ("tagged #{tag}", "mit #{tag}"),
    "with-words": ("with {text}", "mit {text}"),
    "read-as": ("{word} was read as {words}", "{word} wurde als {words} gelesen"),
    "paused": ("paused", "pausiert"),
    "next": ("next {moment}", "als Nächstes {moment}"),
    "bad-schedule": ("its schedule cannot be read", "ihr Zeitplan ist nicht lesbar"),
    "on": ("on {moment}", "am {moment}"),
    "from-to": ("from {start} to {end}", "von {start} bis {end}"),
    "from": ("from {start}", "ab {start}"),
    "until": ("until {end}", "bis {end}"),
    # problems
    "not-found": ("No task is called {said} or alike.{near}", "Keine Aufgabe heißt {said} oder ähnlich.{near}"),
    "rule-not-found": (
        "No recurring task is called {said} or alike.{near}",
        "Keine wiederkehrende Aufgabe heißt {said} oder ähnlich.{near}",
    ),
    "nearest": (" Nearest: {titles}.", " Am nächsten: {titles}."),
    "remind-of-what": ("What shall I remind you of, and when?", "Woran soll ich erinnern, und wann?"),
    "nothing-shown": (
        "Nothing was shown yet, so it is not clear which task is meant: say its title.",
        "Noch wurde nichts gezeigt; nenne den Titel der Aufgabe.",
    ),
    "no-number": ("There is no number {number}: {count} shown last.", "Es gibt keine Nummer {number}: {count} zuletzt gezeigt."),
    "gone": ("{what} is not there any more.", "{what} gibt es nicht mehr."),
    "say-which": ("Say which task is meant.", "Sag, welche Aufgabe gemeint ist."),
    "too-vague": (
        "{count} tasks fit {said}, such as {titles}: be more exact.",
        "{count} Aufgaben passen zu {said}, etwa {titles}: bitte genauer.",
    ),
    "one-parent": (
        "{count} tasks fit {said}: {titles}. Say exactly of which it is a part.",
        "{count} Aufgaben passen zu {said}: {titles}. Sag genau, wovon sie ein Teil ist.",
    ),
    "too-many": (
        "That would be {count} edits; at most {most} are done for one message.",
        "Das wären {count} Änderungen; höchstens {most} auf einmal.",
    ),
    "not-recurring": ("{what} does not come back by itself.", "{what} ist keine wiederkehrende Aufgabe."),
    "no-occurrence": ("{what} has no open task now.{next}", "{what} hat gerade keine offene Aufgabe.{next}"),
    "next-on": (" The next one is due {moment}.", " Die nächste ist fällig {moment}."),
    "no-next": ("{what} has no occurrence to leave out{moment}.", "{what} hat nichts auszulassen{moment}."),
    "rule-due": (
        "{what} comes back by a schedule: say how the schedule changes, such as “every two weeks”.",
        "{what} hat einen Zeitplan: sag, wie er sich ändert, etwa „alle zwei Wochen“.",
    ),
    "say-when": ("Say until when, or for how long.", "Sag, bis wann oder um wie lange."),
    "pause-past": ("{moment} is over already: say a later day.", "{moment} ist schon vorbei: nenne einen späteren Tag."),
    "pause-too-long": (
        "{what} can leave out {most} days at most: pause it without a day, and resume it then.",
        "{what} kann höchstens {most} Tage auslassen: pausiere ohne Datum und setze sie dann fort.",
    ),
    "snooze-past": ("{moment} is over already: say a later time.", "{moment} ist schon vorbei: nenne eine spätere Zeit."),
    "needs-due": (
        "{what} has no due date for a reminder to count back from: say when it is due, or when to remind.",
        "{what} hat keine Fälligkeit: sag, wann sie fällig ist oder wann erinnert werden soll.",
    ),
    "cannot-move": ("{what} cannot be moved: {why}.", "{what} kann nicht verschoben werden: {why}."),
    "own-dependency": ("{what} cannot wait for itself.", "{what} kann nicht auf sich selbst warten."),
    "dependency-circle": (
        "{what} cannot wait for {other}, which waits for it already.",
        "{what} kann nicht auf {other} warten, das schon darauf wartet.",
    ),
    "one-dependency": (
        "{count} tasks fit {said}: {titles}. Say which one has to be done first.",
        "{count} Aufgaben passen zu {said}: {titles}. Sag, welche zuerst zu tun ist.",
    ),
    "one-relative": (
        "{count} tasks fit {said}: {titles}. Say from which one it counts.",
        "{count} Aufgaben passen zu {said}: {titles}. Sag, von welcher gezählt wird.",
    ),
    "relative-without-due": (
        "{what} has no due date to count from.",
        "{what} hat keine Fälligkeit, von der gezählt werden kann.",
    ),
    "no-reminder": ("Nobody is reminded of any task here.", "Hier wird an keine Aufgabe erinnert."),
    "own-parent": ("{what} cannot be a part of itself.", "{what} kann kein Teil von sich selbst sein."),
    "last-day": (
        "That month has no day {day}: {what} is due on its last.",
        "Einen {day}. hat dieser Monat nicht: {what} ist an seinem letzten Tag fällig.",
    ),
    "ended": ("Nothing is to come of {what} any more.", "Von {what} kommt nichts mehr."),
    "never": ("{what} would never be due by this schedule.", "{what} wäre nach diesem Zeitplan nie fällig."),
    "no-change": ("Say what to change of {what}.", "Sag, was an {what} geändert werden soll."),
    "nothing-to-undo": ("There is nothing to take back.", "Es gibt nichts zurückzunehmen."),
    "not-ours": (
        "That is not about tasks. Say “help” to see what can be said.",
        "Das betrifft keine Aufgaben. Sag „Hilfe“, um zu sehen, was möglich ist.",
    ),
    "help": (
        "Say what is to be done and when: “buy milk tomorrow #home p1”, “pay rent on the 1st of every month,"
        " remind me the day before”. Ask: “what's on today?”, “what's overdue?”. Change: “push it two days”,"
        " “complete the second one”, “rename report to quarterly report”, “delete all completed tasks”. “undo”"
        " takes the last change back.",
        "Sag, was wann zu tun ist: „morgen Milch kaufen #home p1“. Frag: „Was steht heute an?“. Ändere:"
        " „verschiebe es auf morgen“, „erledige die zweite“, „lösche alle erledigten Aufgaben“. „rückgängig“"
        " nimmt die letzte Änderung zurück.",
    ),
    # what came of it
    "dry-run": (
        "Dry run, nothing was changed. It would be: {reply}",
        "Probelauf, nichts wurde geändert. Es wäre: {reply}",
    ),
    "not-done": ("Not done: {titles}.", "Nicht getan: {titles}."),
    "nothing-done": ("Nothing was done.", "Es wurde nichts getan."),
    "undo-older": (
        "Say “undo” once more to take back what was done before that.",
        "Sag noch einmal „rückgängig“, um zurückzunehmen, was davor getan wurde.",
    ),
    "undone-already": ("It is as it was before already.", "Es ist schon wie vorher."),
    "undone": ("Taken back: {told}.", "Rückgängig gemacht: {told}."),
    "undone-create": ("{titles} is there again", "{titles} ist wieder da"),
    "undone-patch": ("{titles} is as it was", "{titles} ist wie vorher"),
    "undone-create-many": ("{titles} are there again", "{titles} sind wieder da"),
    "undone-patch-many": ("{titles} are as they were", "{titles} sind wie vorher"),
    "undone-delete-many": ("{titles} are gone again", "{titles} sind wieder weg"),
    "undone-delete": ("{titles} is gone again", "{titles} ist wieder weg"),
    "answers": ("The answer to: {question}", "Die Antwort auf: {question}"),
    "answer-unclear": ("That is no answer I understand.", "Diese Antwort verstehe ich nicht."),
    "no-such-number": (
        "There is no number {number}; there are {count}.",
        "Es gibt keine Nummer {number}, nur {count}.",
    ),
    "question-dropped": (
        "The question before was dropped.",
        "Die Frage davor gilt nicht mehr.",
    ),
    "question-too-old": (
        "The question before was asked too long ago, so it does not count any more.",
        "Die Frage davor ist zu lange her und gilt nicht mehr.",
    ),
    "not-compared": (
        "More than {most} tasks are open here and the search could not be asked: the words were read without "
        "the list, so say a title in full.",
        "Hier sind mehr als {most} Aufgaben offen, und die Suche war nicht zu erreichen: die Worte wurden ohne "
        "die Liste gelesen; nenne einen Titel ganz.",
    ),
    "rest-left": ("The rest of the message was left undone.", "Der Rest der Nachricht blieb ungetan."),
    "too-much-to-undo": (
        "This was too much to be taken back by undo.",
        "Das war zu viel, um es rückgängig zu machen.",
    ),
    "not-remembered": (
        "This conversation could not be kept: “it”, numbers and undo will not know of it.",
        "Dieses Gespräch konnte nicht gespeichert werden: „es“, Nummern und „rückgängig“ kennen es nicht.",
    ),
    "model-asks": (
        "Nothing is done yet, because {reason}. With your yes it will be: {reply}",
        "Noch ist nichts getan ({reason}). Mit einem Ja heißt es dann: {reply}",
    ),
}  # fmt: skip


def phrase(language: str, key: str, **values: object) -> str:
    english, german = PHRASES[key]
    return (german if language == "de" else english).format(**values)
