"""German: which words are ours and which are not, and how questions and small talk begin."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.words.command_schema import Domain

DOMAIN = Domain(
    ours="aufgabe|aufgaben|todo|todos|to-do|to-dos|liste|listen|termin|termine|terminen|erinnerung|erinnerungen|kalender|überfällig|fällig|anstehend|frist|fristen|geplant|tagesplan|besprechung|besprechungen|meeting|meetings|verabredung|verabredungen|einträge|eintrag|wecker|offen|offene|einkaufsliste|geburtstag|geburtstage",
    foreign="wetter|regen|regnet|regnen|schnee|schneit|temperatur|sonnig|vorhersage|wettervorhersage|grad|nachrichten|schlagzeilen|musik|lied|lieder|song|songs|playlist|radio|podcast|podcasts|hörbuch|album|lautstärke|lauter|leiser|licht|lichter|lampe|lampen|heizung|staubsauger|witz|witze|aktie|aktien|kurs|kino|film|filme|taxi|zug|bahn|bus|verkehr|stau|rezept|rezepte|restaurant|pizza|hauptstadt|einwohner|übersetze|übersetzung|bundeskanzler|präsident|mails|e-mails|emails|tweet|facebook|instagram|twitter|uhrzeit|uhr|spät|dollar|wechselkurs",
    foreign_verbs="spiele|spiel|höre|hör|pausiere|übersetze|berechne|rechne|dimme|singe|tanze|twittere|poste|erzähle|erzähl|definiere|erkläre|google|buchstabiere|empfiehl",
    asking="was|welche|welcher|welches|welchen|wer|wem|wen|wann|wo|warum|wieso|wie|ist|sind|habe|hab|hast|gibt|muss|soll|kann|darf|steht|stehen|liegt|wieviele|wieviel|woran",
    showing="zeige|zeig|liste|liste|nenne|nenn|suche|such|finde|öffne|lies|sag|sage|gib|anzeigen|erzähle|prüfe",
    searching="suche|such|finde",
    chat="bis später|bis bald|bis morgen|bis dann|bis gleich|schönen tag|schönen tag noch|schönes wochenende|gute besserung|hallo|hi|guten morgen|guten tag|guten abend|gute nacht|danke|vielen dank|danke dir|dankeschön|tschüss|ok|okay|super|toll|ja|nein|wie geht es|wie geht es dir|wie geht's|ich liebe dich|du bist toll|gut|alles klar|prima|moin|servus|haha|lol|na|was geht|danke schön",
    statements="ich mag|ich liebe|ich hasse|mir ist|es ist|das ist|du bist|er ist|sie ist|heute ist|heute war|ich bin müde|ich bin hungrig|mir geht|was für ein",
    past="gekauft|angerufen|bezahlt|erledigt|geschickt",
    past_helpers="ich|wir|habe|hab|schon|gerade|endlich|haben",
    possessive="ich|mein|meine|meinen|meiner|mir|mich|wir|unsere|uns|unser",
    notions="habe|hab|vor|tun|machen|ansteht|anstehen|geplant|heute|offen|noch|erledigen|an|los|muss|frei|nächstes|als",
    task_verbs="kaufe|kauf|bezahle|ruf|rufe|schreib|schreibe|putze|repariere|bring|bringe|hole|hol|prüfe|besorge|buche|bestelle",
    last_verbs="reparieren|kaufen|putzen|wechseln|austauschen|bezahlen|zahlen|bringen|holen|abholen|schreiben|bestellen|besorgen|renovieren|streichen|waschen|reinigen|montieren|aufhängen|verkaufen|entsorgen|zurückgeben|zurückbringen|sortieren|aufräumen|anrufen|buchen|verlängern|kündigen|abgeben|einreichen|prüfen|planen|vorbereiten|organisieren|ausdrucken|drucken|hochladen|sichern|löschen|üben|lernen|lesen|gießen|mähen|füttern|packen|einpacken|ausfüllen|unterschreiben|beantworten|überweisen|tanken|wegbringen|rausbringen|ersetzen|einbauen|ausbauen|anmelden|abmelden|ummelden",
    content_verbs="prüfe|öffne|lies|gib|finde|sag|sage",
    own_verbs="verschiebe|verschieb|umbenennen|markiere|erledige",
    errands="bestelle|buche|hole",
    detail_words="uhr|tag|datum",
    participles="gekauft|gebracht",
    strong="wetter|nachrichten|musik|lied|lieder|radio|podcast|witz|witze|playlist|verkehr|regen|schnee",
    served="taxi|zug|bahn|pizza",
    listable="aufgaben|todos|to-dos|termine|erinnerungen|listen|liste|kalender|fristen|einträge|einkaufsliste",
    describing="meine|mein|alle|offene|offenen|überfällige|überfälligen|anstehende|anstehenden|nächste|nächsten|erledigte|erledigten|heutige|heutigen|morgige|unsere|die|für|mit|ohne|von|im|projekt|dringende|wichtige|hoher|hohe|priorität|neue|aktuelle|datum|fälligkeit",
)
