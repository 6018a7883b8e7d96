"""German words for what is not time."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.words.command_schema import Speech
from todotasks.language.words.en.commands import SPEECH as ENGLISH

SPEECH = Speech(
    contractions={"is": "ist", "i": "ich", "nich|net|ned": "nicht", "hats": "hat es", "nen|'nen": "einen", "ma": "mal", "scho": "schon", "hab's|habs": "habe es", "ist's|ists": "ist es", "mach's|machs": "mach es", "gibt's|gibts": "gibt es", "geht's|gehts": "geht es"},
    opening=(
        "grüezi|grüss gott|grüß gott|hoi|salü|tach|mahlzeit|hallo zusammen|können sie|könnten sie|würden sie|können sie bitte|könnten sie bitte|könntet ihr|könnt ihr|bitte|digga|alter|ey|yo|moin|servus|jo|boah|oh mann|hallo|hey|hi|ok|okay|also|ja|nein|so|und|dann|jetzt|nun|ach|oh|ähm|äh|kannst du|könntest du|kannst du bitte|könntest du bitte|würdest du|ich möchte dass du|sei so gut und|super|gut|toll|ups|doch|mal|juhu|endlich|"
        "kann ich|kannst du mir|kann man|können wir|könnten wir|könnte man|sei so lieb und|sei so nett und|sei bitte so nett und|wärst du so nett und|wärst du so lieb und|wärst du so freundlich und|könntest du so nett sein und|es wäre toll wenn du|es wäre schön wenn du|es wäre super wenn du|es wäre nett wenn du|ich wäre dir dankbar wenn du|tu mir einen gefallen und|tu mir den gefallen und|mir fällt gerade ein|ich glaube|ich denke|übrigens|kurze frage|bevor ich es vergesse|guten morgen|guten tag|guten abend|moin|servus|entschuldigung|entschuldige|sorry|ehrlich gesagt|eigentlich|am besten|vielleicht|wenn es geht|wenn möglich|falls möglich|leider|hör mal|du|na gut|könntest du mir|ich hätte gern"
    ),
    closing="wenn es geht|wenn möglich|falls möglich|damit ich es nicht vergesse|sonst vergesse ich es|wäre super|wäre toll|wäre nett|das wäre super|das wäre toll|danke schön|bitte|danke|dankeschön|ok|okay|mal|jetzt bitte|vielen dank|für mich|!|?|.|,|;|danke dir|gell|ja",
    priorities={
        "eilt|eilt sehr|es eilt|das eilt|ist eilig|ist dringend|ist sehr dringend|ganz dringend|super dringend|brandeilig|höchste dringlichkeit|oberste priorität|dringend|sehr dringend|höchste priorität|prio dringend|priorität dringend|sehr wichtig|eilig|sofort erledigen": "Urgent",
        "wichtig|hohe priorität|hohe prio|priorität hoch|prio hoch|mit hoher priorität": "High",
        "mittlere priorität|normale priorität|priorität normal|prio normal|priorität mittel": "Medium",
        "nicht so wichtig|nicht so dringend|keine eile|hat keine eile|eilt nicht|nicht eilig|niedrige priorität|niedrige prio|priorität niedrig|prio niedrig|unwichtig|nicht dringend|nicht wichtig|hat zeit|geringe priorität": "Low",
    },
    levels={
        **ENGLISH.levels,
        "dringend": "Urgent", "dringende": "Urgent", "dringenden": "Urgent", "dringendes": "Urgent", "wichtige": "High", "wichtigen": "High", "hohen": "High", "niedrigen": "Low", "unwichtige": "Low", "unwichtigen": "Low", "höchste": "Urgent", "eilig": "Urgent", "hoch": "High", "hohe": "High", "hoher": "High", "wichtig": "High",
        "mittel": "Medium", "mittlere": "Medium", "normale": "Medium", "niedrig": "Low", "niedrige": "Low", "niedriger": "Low", "unwichtig": "Low", "gering": "Low", "geringe": "Low",
    },
    priority_words="priorität|prio|wichtigkeit",
    keys={
        "fällig": "due", "bis": "due", "frist": "due", "tag": "tag", "tags": "tag", "projekt": "project", "liste": "project", "zuständig": "assignee", "wer": "assignee",
        "notiz": "notes", "notizen": "notes", "beschreibung": "notes", "prio": "priority", "priorität": "priority",
    },
    contexts=ENGLISH.contexts + "|zuhause|arbeit|büro|einkauf|einkaufen|unterwegs|telefon|garten|haushalt|familie|privat|schule|stadt|küche|keller|werkstatt|internet|warten|gesundheit|geld|verein|uni",
    first_names=ENGLISH.first_names + "|annika|antje|bernd|birgit|dieter|dirk|elke|fabian|florian|franz|fritz|gabi|gerd|günter|hanna|heinz|helga|ines|inge|jens|johannes|jörg|karin|karl|katja|katrin|kerstin|lukas|manfred|markus|marlene|martin|matthias|max|michael|nadine|niklas|olaf|philipp|rainer|ralf|renate|rolf|rudi|sandra|silke|simone|stefanie|susanne|sven|sylvia|thorsten|tobias|torsten|udo|ulrich|ursula|ute|uwe|volker|werner|wolfgang|tanja|nadja|sonja|petra|mehmet|ali|murat|emre|ayse|ayşe|selin|lena|lea|leni|jonas|finn|leon|paul|emil|emilia|mia|emma|hannah|lina|sophie|clara|nico|tim|ben|felix|julian|simon|jannik|moritz|lara|laura|lisa|nina|maja|milan|aleksandra|dilara|hakan|kemal|elif|olga|irina|igor|dmitri|piotr|kasia|giulia|luca|matteo|resi|sepp|reto|urs|beat|mama|papa|oma|opa|chef",
    evening="abendessen|kino|konzert|party|feier|theater|disko|kneipe|oper|bar|abendbrot|grillen",
    morning="weck|wecke|frühstück|wecker|aufstehen",
    polite="sie",
    imperatives={"geben": "gib", "nehmen": "nimm", "vergessen": "vergiss", "werfen": "wirf", "lesen": "lies", "helfen": "hilf"},
    courtesy="bitte|mal|doch|eben",
    spoken_signs={"komma": ",", "semikolon": ";", "fragezeichen": "?", "ausrufezeichen": "!"},
    hesitations="äh|ähm|hm|hmm|öh|ehm|mhm",
    yes=(
        "ja|j|jo|jup|jawohl|jap|jepp|klar|gerne|gern|genau|richtig|stimmt|natürlich|sicher|ok|okay|in ordnung|einverstanden|passt|mach|mach das|mach es|mach mal|tu das|tu es|nur zu|los|leg los|unbedingt|"
        "auf jeden fall|bestätigt|bestätigen|ich bestätige|korrekt|gut|sehr gut|gut so|selbstverständlich|bitte|warum nicht|perfekt|weiter|freilich|doch|von mir aus|meinetwegen|so ist es|ich bin sicher|das stimmt|ja doch|lösch es|lösch sie|👍|✅|✔|☑|👌"
    ),
    no="nein|n|ne|nee|nö|nein nicht|auf keinen fall|bloß nicht|keinesfalls|niemals|falsch|stimmt nicht|das stimmt nicht|warte|moment|👎|❌|✖|🚫",
    leave=(
        "keine ahnung|weiß nicht|weiß ich nicht|ich weiß nicht|weiss nicht|abbrechen|abbruch|brich ab|stopp|stop|halt|lass es|lass das|lass sein|lass gut sein|lieber nicht|besser nicht|bitte nicht|doch nicht|vergiss es|vergiss das|egal|nicht jetzt|jetzt nicht|noch nicht|nicht|"
        "keine|keins|keines|keinen|keiner|keine davon|keins davon|keines davon|keine von beiden|keins von beiden|nichts|nichts davon|behalten|behalt es|behalte es|so lassen|zurück|weder noch|mach das nicht|tu das nicht|ablehnen"
    ),
    well="bitte|danke|dankeschön|vielen dank|also|naja|na ja|hm|hmm|ähm|äh|ach|oh|nur|dann|ich meine|ich meinte|ich nehme|ich will|ich möchte|ich glaube|nimm|wähle|wähl|nehmen wir|mach|option|auswahl|antwort|mal|eher|vielleicht|und|aber|von mir aus|mit|es ist",
    everything="alle|beide|beides|alles beides|alles|sämtliche|alle beide|alle davon|beide davon|alle miteinander|jede|jeden|jedes|sie alle|die beiden|diese|diese beiden|alle aufgaben|sie|alle zwei|jede einzelne",
    apart="außer|bis auf|ohne|nur nicht|aber nicht|ausgenommen|nicht",
    separators="und|dann|danach|außerdem|sowie",
    command_typos="erinnere|verschiebe|markiere|erledigt|benenne|entferne|aufgabe|aufgaben|erinnerung|rückgängig",
    participle="ge",
    no_participles="gehen|geben|gelten|gelingen|genießen|gewinnen|gestalten|gehören|gewöhnen|gefallen|genehmigen|gestehen|gebrauchen|geraten|gedeihen|genesen|gewähren|geht|gibt|gilt|gehört|gefällt|gerecht|gesamt|gut",
    infinitive="zu",
    infinitive_prefixes="an|auf|ab|aus|ein|mit|vor|zu|her|hin|nach|weg|zurück|um|raus|rein|bei|durch|fest|frei|los|über|unter|fertig|heraus|vorbei|weiter|zusammen|hoch|runter|hinaus",
    tells="ich|wir|es|er|sie|das|der|die|mein|meine|unser|unsere|wenn|falls|weil|da|nachdem|bevor|jetzt|heute|leider|tut|niemand|jemand|alle|du|ihr|nicht|kein|keine",
    reminding="erinner|erinnere|erinnern|erinnert|erinnerst|erinnerung|erinnerungen",
    frequent=(
        "an am in so hat man steht stehen liegt der die das den dem des ein eine einen einem und ist sind war nicht mit von vom zum zur im für auf bei ich mich mir mein meine meinen wir uns du bitte daran dass "
        "wie was wer wann welche alle jeden jede noch schon wieder auch heute kaufen anrufen zahlen abgeben nehmen gießen rausbringen waschen schreiben bezahlen holen machen bringen putzen "
        "überweisen hilfe danke rückgängig erledigt fertig lösche lösch zeige verschiebe verschieb markiere hake benenne weise erinnere termin aufgabe neue uhr bis ab nach vor schlummern wetter hallo guten "
        "zahnarzt friseur milch brot auto arzt müll blumen treffen besprechung geburtstag einkaufen öffne zeig füge"
    ),
)  # fmt: skip
