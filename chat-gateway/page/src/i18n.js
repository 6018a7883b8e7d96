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
  "priority": "Priorität", "delete": "löschen", "undo": "rückgängig", "go to today, upcoming, all": "zu heute, demnächst, alle", "back": "zurück", "this sheet": "diese Übersicht", "chat": "Chat",
  "Language": "Sprache", "Theme": "Farben", "System": "System", "Light": "Hell", "Dark": "Dunkel", "changed by {who}": "geändert von {who}", "{n} open": "{n} offen", "Skip to the list": "Zur Liste springen",
  "{done} of {total} done": "{done} von {total} erledigt", "blocked": "blockiert", "Add what is left as a task": "Als Aufgabe hinzufügen", "New tasks go to": "Neue Aufgaben nach", "Loading": "Lädt", "Priority {level}": "Priorität {level}", "Links": "Links",
};

/** @param {string} language */
export function translator(language) {
  return (/** @type {string} */ key, /** @type {Record<string, string|number>} */ values = {}) => {
    const text = language === "de" ? (/** @type {any} */ (DE)[key] ?? key) : key;
    return text.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ name) => String(values[name] ?? ""));
  };
}
export const translated = new Set(Object.keys(DE));
