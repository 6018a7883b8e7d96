// The page's words. A key is the English text; German is a table. `t("{n} open", {n: 3})` fills in.

const DE = {
  "today": "heute", "tomorrow": "morgen", "yesterday": "gestern", "overdue": "überfällig", "someday": "ohne Termin", "all day": "ganztägig",
  "Today": "Heute", "Upcoming": "Demnächst", "Overdue": "Überfällig", "All open": "Alle offenen", "Completed": "Erledigt", "Repeating": "Wiederkehrend",
  "You are signed in as {who}. Sign in by this link instead?": "Du bist als {who} angemeldet. Stattdessen mit diesem Link anmelden?",
  "Audit": "Protokoll", "Words": "Wörter", "Who": "Wer", "What": "Was", "Verify": "Prüfen", "How many": "Wie viele", "By day": "Nach Tag", "By person": "Nach Person", "By action": "Nach Handlung", "More": "Mehr", "Nothing was altered up to row {row}; {heads} heads met.": "Bis Zeile {row} wurde nichts verändert; {heads} Köpfe stimmen.",
  "Projects": "Projekte", "Tags": "Schlagwörter", "Search": "Suche", "Search tasks": "Aufgaben suchen", "Chat": "Chat", "Menu": "Menü", "Close": "Schließen",
  "Add a task": "Aufgabe hinzufügen", "Add": "Hinzufügen", "pay rent tomorrow at 17:00 #home p1": "Miete zahlen morgen um 17:00 #zuhause p1",
  "Remove this reading": "Diese Lesart verwerfen", "This would: ": "Das würde: ", "Complete": "Erledigen", "Reopen": "Wieder öffnen",
  "Complete {title}": "{title} erledigen", "Reopen {title}": "{title} wieder öffnen", "Select {title}": "{title} auswählen", "Delete": "Löschen", "Undo": "Rückgängig",
  "Delete {n} tasks?": "{n} Aufgaben löschen?", "Delete this task?": "Diese Aufgabe löschen?", "Cancel": "Abbrechen", "All to today": "Alle auf heute",
  "{n} selected": "{n} ausgewählt", "To today": "Auf heute", "To tomorrow": "Auf morgen", "Clear": "Aufheben", "Title": "Titel", "Notes": "Notizen", "Due": "Fällig",
  "When": "Wann", "Priority": "Priorität", "Project": "Projekt", "Assignee": "Zuständig", "Reminders": "Erinnerungen", "Subtasks": "Teilaufgaben",
  "Waits for": "Wartet auf", "Add a subtask": "Teilaufgabe hinzufügen", "Tag": "Schlagwort", "Add a tag": "Schlagwort hinzufügen", "Remove tag {tag}": "Schlagwort {tag} entfernen",
  "Low": "Niedrig", "Medium": "Mittel", "High": "Hoch", "Urgent": "Dringend", "Copy": "Kopieren", "Copied.": "Kopiert.", "Conditions": "Zustand", "Details": "Details",
  "tomorrow 17:00, friday, in 2 weeks …": "morgen 17:00, Freitag, in 2 Wochen …", "Set": "Setzen", "No due date": "Kein Termin", "Snooze": "Später erinnern", "Done": "Erledigt",
  "Nothing due today.": "Heute ist nichts fällig.", "Nothing is coming up.": "Demnächst steht nichts an.", "Nothing is overdue.": "Nichts ist überfällig.",
  "No open tasks.": "Keine offenen Aufgaben.", "Nothing was completed yet.": "Noch nichts erledigt.", "Nothing found.": "Nichts gefunden.", "Nothing here.": "Hier ist nichts.",
  "Nothing repeats yet.": "Noch wiederholt sich nichts.", "Try one of these:": "Zum Beispiel:", "water the plants every 3 days at 19:00": "Blumen gießen alle 3 Tage um 19:00",
  "call mom tomorrow at 18:00": "Mama anrufen morgen um 18:00", "Type words to search for, such as milk, #home, p1, is:done.": "Wörter eingeben, etwa Milch, #zuhause, p1, is:done.",
  "Offline. What you change is kept and sent when the connection is back.": "Keine Verbindung. Änderungen bleiben gespeichert und werden gesendet, sobald sie wieder da ist.",
  "{n} waiting": "{n} warten", "Connecting …": "Verbinde …", "waits to be sent": "wartet aufs Senden", "Sign in": "Anmelden", "Token": "Token",
  "Paste a token of the Kubernetes API. It stays in a cookie that scripts cannot read.": "Ein Token der Kubernetes-API einfügen. Es bleibt in einem Cookie, das Skripte nicht lesen können.",
  "How to get one": "So bekommt man eins", "Sign out": "Abmelden", "Namespace": "Namespace", "All namespaces": "Alle Namespaces", "Show": "Anzeigen",
  "You may not list and watch tasks in all namespaces. Which one is yours?": "In allen Namespaces fehlt das Recht, Aufgaben zu sehen. Welcher ist deiner?",
  "Keyboard": "Tastatur", "Command": "Befehl", "Type a command or a task": "Befehl oder Aufgabe eingeben", "Say what is to be done": "Sagen, was zu tun ist", "Send": "Senden", "Yes": "Ja", "No": "Nein",
  "This did not work": "Das hat nicht geklappt", "Not changed: ": "Nicht geändert: ", "Reminder": "Erinnerung", "in 10 minutes": "in 10 Minuten", "Next times": "Nächste Male", "paused": "pausiert",
  "add a task": "Aufgabe hinzufügen", "search": "suchen", "every action": "alle Befehle", "down, up": "ab, auf", "select": "auswählen", "done": "erledigt", "open": "öffnen", "due date": "Termin",
  "priority": "Priorität", "delete": "löschen", "undo": "rückgängig", "back": "zurück", "this sheet": "diese Übersicht", "chat": "Chat",
  "Language": "Sprache", "Theme": "Farben", "System": "System", "Light": "Hell", "Dark": "Dunkel", "changed by {who}": "geändert von {who}", "{n} open": "{n} offen", "Skip to the list": "Zur Liste springen",
  "{done} of {total} done": "{done} von {total} erledigt", "blocked": "blockiert", "Add what is left as a task": "Als Aufgabe hinzufügen", "New tasks go to": "Neue Aufgaben nach", "Loading": "Lädt", "Priority {level}": "Priorität {level}", "Links": "Links",
  "Mail": "Post", "mail of {whom}": "Mail an {whom}", "to {whom}": "an {whom}", "No mail yet. A reminder that fires is sent here, where its channel is a mail.": "Noch keine Post. Erinnerungen kommen hier an, wenn ihr Kanal eine Mail ist.",
  "Show reminders as notifications": "Erinnerungen als Benachrichtigung zeigen", "Reminders are shown by this browser while the page is open.": "Dieser Browser zeigt Erinnerungen, solange die Seite offen ist.", "The browser does not allow notifications of this page.": "Der Browser erlaubt dieser Seite keine Benachrichtigungen.",
  "Filter": "Filter", "Filters": "Filter", "Condition": "Bedingung", "and": "und", "or": "oder", "not": "nicht", "Turn it round": "Umkehren", "Remove {what}": "{what} entfernen", "within a week": "binnen einer Woche", "within a month": "binnen eines Monats",
  "open ones": "offene", "done ones": "erledigte", "repeating ones": "wiederkehrende", "Name of the filter": "Name des Filters", "Save": "Speichern", "Save filter": "Filter speichern", "Forget this filter": "Filter vergessen", "Copy link": "Link kopieren",
  "Part of": "Teil von", "Add a subtask to {title}": "Teilaufgabe zu {title} hinzufügen", "Subtasks of {title}": "Teilaufgaben von {title}", "No longer a part of another task": "Nicht länger Teil einer anderen Aufgabe", "Make it a part of another task": "Zum Teil einer anderen Aufgabe machen",
  "Wait for": "Warten auf", "Wait for another task": "Auf eine andere Aufgabe warten", "No longer wait for {title}": "Nicht länger auf {title} warten", "Remove": "Entfernen", "Holds up": "Hält auf", "Make it come back": "Wiederkehren lassen",
  "Add a reminder": "Erinnerung hinzufügen", "again every {duration}": "wieder alle {duration}", "Again until done": "Wieder, bis erledigt", "at most {n} times": "höchstens {n}-mal", "At most": "Höchstens", "Before": "Vorher", "At": "Um", "at a time": "zu einer Zeit", "other …": "andere …", "no": "nein",
  "Channels": "Kanäle", "the default ones": "die üblichen", "told": "gemeldet", "Change": "Ändern", "Pause": "Pausieren", "Resume": "Fortsetzen", "when it is due": "zum Termin", "{duration} before": "{duration} vorher", "0 minutes": "0 Minuten",
  "{n} weeks": "{n} Wochen", "{n} days": "{n} Tage", "{n} hours": "{n} Stunden", "{n} minutes": "{n} Minuten", "{n} seconds": "{n} Sekunden", "1 week": "1 Woche", "1 day": "1 Tag", "1 hour": "1 Stunde", "1 minute": "1 Minute", "1 second": "1 Sekunde",
  "New": "Neu", "New recurring task": "Neue wiederkehrende Aufgabe", "New recurring task in {namespace}": "Neue wiederkehrende Aufgabe in {namespace}", "What is to be done": "Was zu tun ist", "In words": "In Worten", "every second tuesday at 9": "jeden zweiten Dienstag um 9", "Read": "Lesen",
  "These words say no schedule. Try: {example}": "Diese Worte sagen nicht, wann. Zum Beispiel: {example}", "every weekday at 9:00": "jeden Werktag um 9:00", "every Monday": "jeden Montag", "on the 1st of every month": "am 1. jedes Monats", "the last Friday of the month at 16:00": "am letzten Freitag des Monats um 16:00", "every 3 days after completion": "3 Tage nach Erledigung",
  "Every": "Alle", "Interval": "Abstand", "Unit": "Einheit", "day": "Tag", "days": "Tage", "week": "Woche", "weeks": "Wochen", "month": "Monat", "months": "Monate", "year": "Jahr", "years": "Jahre", "Days": "Tage", "Which day": "Welcher Tag", "Which": "Welcher", "Day": "Tag", "on day": "am Tag", "on the": "am",
  "first": "ersten", "second": "zweiten", "third": "dritten", "fourth": "vierten", "last": "letzten", "From": "Ab", "Ends": "Endet", "never": "nie", "on a day": "an einem Tag", "after some times": "nach einigen Malen", "Last day": "Letzter Tag", "How often": "Wie oft", "Cron line": "Cron-Zeile",
  "Count from when the last one was done": "Ab Erledigung der letzten zählen", "If each is done on its day.": "Wenn jede an ihrem Tag erledigt wird.", "No time is left.": "Es gibt keinen Zeitpunkt mehr.", "Each task": "Jede Aufgabe", "Subtasks, one a line": "Teilaufgaben, eine je Zeile",
  "Make each task before it is due": "Jede Aufgabe vor ihrem Termin anlegen", "Time zone": "Zeitzone", "What was missed": "Was verpasst wurde", "the latest is made": "das Letzte wird angelegt", "all are made": "alle werden angelegt", "is left out": "entfällt",
  "While the last one is open": "Solange die letzte offen ist", "make another": "eine weitere anlegen", "make none": "keine anlegen", "replace it": "sie ersetzen", "Written as": "Geschrieben als", "fields": "Felder", "Create": "Anlegen",
  "Paused: no task is made until it is resumed.": "Pausiert: bis zum Fortsetzen entsteht keine Aufgabe.", "Delete this rule and its open tasks?": "Diese Regel und ihre offenen Aufgaben löschen?",
  "The gateway cannot be reached. Nothing was changed.": "Das Gateway ist nicht erreichbar. Nichts wurde geändert.", "Kept. It is sent when the connection is back.": "Aufgehoben. Wird gesendet, sobald die Verbindung wieder da ist.", "Correct": "Berichtigen", "1 new": "1 neue", "{n} new": "{n} neue", "{n} more": "{n} weitere", "Tasks are not kept in this browser. They are here when the connection is back; what you add now is kept until then.": "Aufgaben bleiben nicht in diesem Browser. Sie sind da, sobald die Verbindung wieder da ist; was jetzt hinzukommt, wird bis dahin aufgehoben.", "Changed last by {who}.": "Zuletzt geändert von {who}.", "Who changed what": "Wer was geändert hat", "{n} notes": "{n} Hinweise",
  "Select tasks": "Aufgaben auswählen", "Select all": "Alle auswählen", "All commands": "Alle Befehle", "Do not send": "Nicht senden", "Changed meanwhile": "Inzwischen geändert", "Yours": "Deins", "Now": "Jetzt", "Now, by {who}": "Jetzt, von {who}", "Keep mine": "Meins behalten", "Keep theirs": "Das andere behalten",
  "Remind in an hour": "In einer Stunde erinnern", "remind in an hour": "in einer Stunde erinnern", "title": "Titel", "tags": "Schlagwörter", "project": "Projekt", "assignee": "Zuständig", "go to today, upcoming, overdue": "zu heute, demnächst, überfällig", "go to all, completed, repeating": "zu allen, erledigten, wiederkehrenden", "go to a project": "zu einem Projekt",
  "These words say no time. Try: {example}": "Diese Worte sagen keine Zeit. Zum Beispiel: {example}", "friday 17:00": "Freitag 17:00",
  "move everything overdue to tomorrow": "verschiebe alles Überfällige auf morgen", "what is on today?": "was steht heute an?", "remind me to stretch every hour from 9 to 17 on weekdays": "erinnere mich werktags um 15 Uhr ans Strecken",
};

/** @param {string} language */
export function translator(language) {
  return (/** @type {string} */ key, /** @type {Record<string, string|number>} */ values = {}) => {
    const text = language === "de" ? (/** @type {any} */ (DE)[key] ?? key) : key;
    return text.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => String(values[name] ?? ""));
  };
}
export const translated = new Set(Object.keys(DE));
