"""German words that tell what somebody wants of a task that is there, and verbs that do the same thing; see the
English ones for what the tables mean."""

# ruff: noqa: E501 - a list of words is read along its line

CUES = {
    "done": "fertig|erledigt|geschafft|abgehakt|abgeschlossen|durch.|gemacht|getan|vom tisch|✅|✔|✓|☑|endlich|schon|bereits|geht wieder|läuft wieder|funktioniert wieder|auf dem neuesten stand|erledige|hak|haken|abhaken|raus.|draußen.|in ordnung|beendet|vorbei",
    "past": "hab|habe|haben|hat|war|waren|wurde|worden|bin|gestern|schon|bereits|gerade",
    "partly": "fast|beinahe|halb|teilweise|angefangen|begonnen|dabei|bin dran|in arbeit|gleich|bald|unterwegs|warte|wartet",
    "not": "nicht|kein|keine|keinen|nie|niemals|noch nicht|ohne|vergessen|unbezahlt|geht nicht|leider",
    "move": "verschieb|verschiebe|verschieben|verschoben|verlegt|verlege|verlegen|schieb|schiebe|stattdessen|doch erst|lieber|auf|erst|sondern|umlegen|mach|ändere|→|->|=>|kann warten|verlängert",
    "later": "später|früher|eher|noch|weitere|weiter|länger|nach hinten|vor",
    "snooze": "schlummern|snooze|später erinnern",
    "off": "lösch|lösche|löschen|gelöscht|streich|streiche|streichen|entfern|entferne|entfernen|absagen|abgesagt|storniert|storniere|fällt aus|ausgefallen|fällt flach|brauchen wir nicht|brauche ich nicht|nicht mehr nötig|nicht nötig|vergiss|weg|hat sich erledigt|hinfällig|gibt's nicht mehr|gibts nicht mehr|nicht mehr|unnötig|überflüssig|gekündigt",
    "back": "wieder|nochmal|noch mal|zurück|doch nicht|doch noch|öffne|wiederöffnen|wieder öffnen|erneut|noch einmal|doch",
    "fault": "kaputt|defekt|tropft|fehlgeschlagen|klemmt|undicht|verstopft|fehlt|falsch|hängt.|streikt|geht nicht|läuft nicht|funktioniert nicht",
    "high": "dringend|wichtig|eilig|hoch|hohe|höchste|priorität|prio|sofort|zuerst|eilt|brennt|am wichtigsten|asap|vorrang",
    "low": "niedrig|niedrige|unwichtig|nicht so wichtig|nicht wichtig|nicht mehr so wichtig|nicht dringend|nicht eilig|eilt nicht|keine eile|irgendwann|weniger",
    "question": "?|was|wann|wo|wer|welche|welcher|welches|wie|warum|gibt es|steht|stehen|muss ich|habe ich|hab ich|zeig|zeige|liste|such|suche|finde",
    "help": "wie kann ich|wie geht|wie mache ich|wie hake ich|hilfe",
    "note": "notiz|übrigens|anmerkung|info|kommentar|hinweis|notier",
    "new": "neu|neue|neuer|neues|auch|noch|brauche|brauchen|brauch|erinner mich|erinnere mich|müssen|muss|nicht vergessen|weitere|zweite|extra|hinzufügen|füge|anlegen|aufgabe",
    "rename": "umbenennen|benenne|nenne|heißt jetzt|heißt",
    "assign": "übernimmt|macht|zuweisen|gib|weise|kümmert sich|geht an|abgeben|übergeben|->",
    "tag": "tag|label|markier|+|#|kategorie",
    "all": "alle|alles|beide|beides|jede|jedes|sämtliche",
    "except": "außer|bis auf|ausgenommen",
    "list": "liste|auf die liste|aufgabe|aufgaben|sache|ding|das mit",
    "undo": "rückgängig|ups|hoppla|zurücknehmen|doch nicht so",
    "thanks": "danke|dankeschön|hallo|guten morgen|guten tag|guten abend|super|toll|prima|tschüss|servus|moin|bitte",
    "feeling": "nervt|müde|liebe|hasse|wahnsinn|teuer|langweilig|wetter",
    "clear": "kein datum|ohne datum|frist weg|kein termin|ohne frist|termin weg",
    "say": "gesprochen|telefoniert|gesagt|getroffen|erreicht",
    "own": "ich|wir|mir|mich|uns|mein|meine",
    "other": "er|sie|es",
    "move_verb": "verschieb|verschiebe|leg|lege|mach|schieb",
}

SMALL = """
der die das den dem des ein eine einen einem einer eines mein meine meinen meiner dein ich du er sie es wir ihr mich
mir dich dir uns euch und oder aber auch noch nur schon mal doch ja nein nicht mit von vom zu zum zur auf aus an am im
in bei beim für bis nach über unter vor um als wie so da dann dass ob wenn weil ist sind war waren bin hat habe hab
haben wird werden wurde worden sein kann kannst muss soll will bitte jetzt heute morgen gestern hier dort alles alle
was wer wann wo ding sache gerade denn eben halt sich man sehr ganz mehr
"""

DOING = """
kaufen buy get pick_up order
holen get fetch pick_up
abholen pick_up collect get fetch
anrufen call ring phone speak
schicken send mail
abgeben submit hand_in send deliver
einreichen submit hand_in send
bezahlen pay settle
überweisen pay transfer
reparieren fix repair
putzen clean
aufräumen clean tidy sort
rausbringen take_out bring_out
schreiben write finish
fertigschreiben finish write
buchen book
vereinbaren book arrange make
gießen water
kaufen holen besorgen einkaufen mitbringen bestellen
besorgen kaufen holen
bestellen kaufen ordern
holen abholen kaufen besorgen
abholen holen
anrufen telefonieren sprechen
schicken senden verschicken versenden abschicken mailen
abgeben einreichen schicken senden machen
einreichen abgeben schicken
bezahlen zahlen überweisen begleichen
überweisen bezahlen zahlen
reparieren richten flicken machen
putzen reinigen säubern saubermachen wischen saugen
aufräumen ausmisten entrümpeln ordnen
rausbringen wegbringen raustragen
schreiben fertigschreiben verfassen
fertigschreiben schreiben beenden
vereinbaren machen ausmachen abmachen
ausmachen vereinbaren
buchen reservieren
gießen wässern
kündigen
zurückgeben zurückbringen
unterschreiben
waschen
"""

PLAINLY = {
    "new": "neue Aufgabe: {}",
    "move to": "verschiebe es auf {}",
    "move later": "verschiebe es um {}",
    "move earlier": "verschiebe es um {} nach vorne",
    "move": "verschiebe es {}",
    "snooze until": "erinnere mich später daran, {}",
    "snooze by": "verschiebe es um {}",
    "level": "setze es auf {} Priorität",
}
EARLIER = "früher|eher|vor|vorher"
LEVELS = {"dringend": "Urgent", "sofort": "Urgent", "brennt": "Urgent", "eilt": "Urgent", "asap": "Urgent"}
NOT_LEVELS = frozenset({"nicht", "weniger", "kein", "keine"})
ONE_MORE = "noch eine|noch einen|eine weitere|einen weiteren"
CORRECTING = (
    "nein|nee|ne|sorry|oh|ups|moment|halt|äh|hm|doch|und|aber|quatsch|falsch|stimmt nicht|entschuldigung"
)
TAKES_BACK = frozenset("nein nee ne sorry ups quatsch falsch nicht meinte meine entschuldigung".split())  # noqa: SIM905
MEANT = "ich meinte|ich meine|ich wollte|besser|lieber|es soll|sondern"
ORDERS = "lösch|lösche|löschen|streich|streiche|streichen|entfern|entferne|entfernen|storniere|storno|wirf"
REMINDERS = "erinnerung|erinnerungen|reminder|wecker"
