"""German words for what is not time."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.speech import Speech
from todotasks.language.words_en import SPEECH as ENGLISH

SPEECH = Speech(
    contractions={"hab's|habs": "habe es", "ist's|ists": "ist es", "mach's|machs": "mach es", "gibt's|gibts": "gibt es", "geht's|gehts": "geht es"},
    opening=(
        "bitte|hallo|hey|hi|ok|okay|also|ja|nein|so|und|dann|jetzt|nun|ach|oh|ähm|äh|kannst du|könntest du|kannst du bitte|könntest du bitte|würdest du|ich möchte dass du|sei so gut und|super|gut|toll|ups|doch|mal|juhu|endlich|"
        "kann ich|kannst du mir|könntest du mir|ich hätte gern"
    ),
    closing="bitte|danke|dankeschön|ok|okay|mal|jetzt bitte|vielen dank|für mich|!|?|.|,|;|danke dir|gell|ja",
    priorities={
        "dringend|sehr dringend|höchste priorität|prio dringend|priorität dringend|sehr wichtig|eilig|sofort erledigen": "Urgent",
        "wichtig|hohe priorität|hohe prio|priorität hoch|prio hoch|mit hoher priorität": "High",
        "mittlere priorität|normale priorität|priorität normal|prio normal|priorität mittel": "Medium",
        "niedrige priorität|niedrige prio|priorität niedrig|prio niedrig|unwichtig|nicht dringend|nicht wichtig|hat zeit|geringe priorität": "Low",
    },
    levels={
        **ENGLISH.levels,
        "dringend": "Urgent", "höchste": "Urgent", "eilig": "Urgent", "hoch": "High", "hohe": "High", "hoher": "High", "wichtig": "High",
        "mittel": "Medium", "mittlere": "Medium", "normale": "Medium", "niedrig": "Low", "niedrige": "Low", "niedriger": "Low", "unwichtig": "Low", "gering": "Low", "geringe": "Low",
    },
    priority_words="priorität|prio|wichtigkeit",
    keys={
        "fällig": "due", "bis": "due", "frist": "due", "tag": "tag", "tags": "tag", "projekt": "project", "liste": "project", "zuständig": "assignee", "wer": "assignee",
        "notiz": "notes", "notizen": "notes", "beschreibung": "notes", "prio": "priority", "priorität": "priority",
    },
    contexts=ENGLISH.contexts + "|zuhause|arbeit|büro|einkauf|einkaufen|unterwegs|telefon|garten|haushalt|familie|privat|schule|stadt|küche|keller|werkstatt|internet|warten|gesundheit|geld|verein|uni",
    first_names=ENGLISH.first_names + "|annika|antje|bernd|birgit|dieter|dirk|elke|fabian|florian|franz|fritz|gabi|gerd|günter|hanna|heinz|helga|ines|inge|jens|johannes|jörg|karin|karl|katja|katrin|kerstin|lukas|manfred|markus|marlene|martin|matthias|max|michael|nadine|niklas|olaf|philipp|rainer|ralf|renate|rolf|rudi|sandra|silke|simone|stefanie|susanne|sven|sylvia|thorsten|tobias|torsten|udo|ulrich|ursula|ute|uwe|volker|werner|wolfgang|mama|papa|oma|opa|chef",
    evening="abendessen|kino|konzert|party|feier|theater|disko|kneipe|oper|bar|abendbrot|grillen",
    morning="weck|wecke|frühstück|wecker|aufstehen",
    separators="und|dann|danach|außerdem|sowie",
    command_typos="erinnere|verschiebe|markiere|erledigt|benenne|entferne|aufgabe|aufgaben|erinnerung|rückgängig",
    infinitive="zu",
    infinitive_prefixes="an|auf|ab|aus|ein|mit|vor|zu|her|hin|nach|weg|zurück|um|raus|rein|bei|durch|fest|frei|los|über|unter|fertig|heraus|vorbei|weiter|zusammen|hoch|runter|hinaus",
)  # fmt: skip
