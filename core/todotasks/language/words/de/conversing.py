"""German words by which a message goes on from the one before; see the English ones for what each list is."""

# ruff: noqa: E501 - a list of words is read along its line

LEADS = "und|auch|ok|okay|jetzt|dann|so|also|oh|ach|hm|ja|bitte|aber|gut|super|danke|dazu|ebenso|fertig|erledigt|noch"
TRAILS = "auch|eigentlich|bitte|ebenso|ebenfalls|genauso|jetzt|dann|danke|auch noch|ist fertig|ist erledigt|erledigt|fertig|auch erledigt|auch fertig"
SAMENESS = "und|auch|ebenso|ebenfalls|genauso|dazu|dasselbe|das gleiche|beide"
SAME = "dasselbe für|dasselbe mit|dasselbe gilt für|das gleiche für|das gleiche mit|das gleiche gilt für|ebenso|genauso|gleiches für|gleiches gilt für"
OTHER = "das andere|die andere|der andere|den anderen|dem anderen|der anderen|die andere aufgabe|der andere termin"
OTHERS = "die anderen|alle anderen|den rest|der rest|die restlichen|die übrigen|das übrige|alles andere|die anderen beiden|die beiden anderen|was übrig ist"
NEGATES = "nicht|nein|nee|nö|kein|keine|nie|ne"
SO_FAR = "noch|doch|fertig|erledigt|gemacht|wirklich|ganz|so|gar|überhaupt|wahr|richtig"
CHANGED_MIND = "doch nicht|lieber nicht|doch lieber nicht|besser nicht|doch besser nicht|also doch nicht|dann doch nicht|dann lieber nicht|das doch nicht|lass das|vergiss das|streich das|lass es wie es war|ich hab's mir anders überlegt|ich habe es mir anders überlegt|hab's mir anders überlegt|anders überlegt|kommando zurück"
DOES_IT = "das macht {}|es macht {}|macht {}|das macht dann {}|das macht doch {}|das macht lieber {}|das macht jetzt {}|{} macht das|{} macht es|{} macht's|das übernimmt {}|es übernimmt {}|{} übernimmt das|{} übernimmt es|{} übernimmt|{} kümmert sich|{} kümmert sich darum|{} soll das machen|{} soll es machen|das soll {} machen|{} kann das machen|das kann {} machen|das ist für {}|das ist was für {}|gib es {}|gib das {}"
NO_NAMES = "alle|jeder|niemand|keiner|es|er|sie|das|wer|ich|du|wir|man|jemand|mich|uns|mir|dich|ihn|ihm|euch"
RENAMING = "umbenennen in|umbenennen zu|benenne um in|benenn um in|neuer titel|titel ändern in|titel ändern zu|ändere den titel in|ändere den titel zu"
MISTAKE = "fehler|falsch|versehen|versehentlich|irrtum|quatsch|vertan|verklickt|ups"
EMPTY = "das|es|ist|war|waren|hab|habe|hatte|ich|ein|eine|der|die|den|mein|wir|sie|ihn|ihm|sorry|moment|warte|halt|oh|ach|ups|äh|hm|naja|na|bitte|aber|doch|ja|mich|mir|leider|stimmt|aus|entschuldigung|zurück|rückgängig|wieder|auf|also|da|hier"
ONES = "die|das|die aufgaben|aufgaben|die sachen|sachen|die dinge|welche|diejenigen|die von|die für|die mit|was ist"
ASKING = "und was ist mit|was ist mit|und wie ist es mit|wie ist es mit|wie sieht es aus mit|wie siehts aus|und|auch|und was"
ONLY = "nur|bloß|davon|von denen|von diesen|davon nur"
SHOWING = "zeig aufgaben {}"
DOING_IT = "das verschieben wir|die verschieben wir|den verschieben wir|verschieben wir das|das machen wir|das verlegen wir|das schieben wir|den schieben wir|verschieben sie das|verschieben sie es|verschieben sie ihn|verlegen sie das|bitte verschieben sie das|bitte verschieben sie es|bitte verschieben sie ihn|bitte verlegen sie das|mach das|mach es|mach ihn|mach sie|das mache ich|ich mache es|ich mach das|besser|lieber|doch lieber|doch besser|dann|setz es|setze es|schieb es|verschieb es|verschiebe es|leg es|sagen wir|das ist"
COMPARED = "früher|später|eher|davor|danach"
JUST = "nur|bloß"
NOT_BEHIND = "nicht|doch nicht|noch nicht|doch noch nicht|ist nicht fertig|ist noch nicht fertig|ist nicht erledigt|ist noch offen|noch offen|war es nicht|ist es nicht|eigentlich nicht"
TAKING_BACK = "wenn ich es mir recht überlege|bei näherem hinsehen|nein|nee|ne|ach|moment|halt|sorry|ups|doch|oh|quatsch|warte"
BEFORE = "das davor|die davor|den davor|noch eins|noch einmal|nochmal|noch mal|eins weiter|noch eins davor|das vorherige|die vorherige"
OWN = "was|welche|welcher|welches|wer|wann|wo|wie|warum|zeig|zeige|liste|such|suche|finde|wessen|ist|sind|habe|hab|kann"
HENCE = "ab dann|von da an|ab jetzt|von jetzt an|künftig|in zukunft|ab sofort"
REPEATING = "ändere es auf {}"
ANSWERING = "na|naja|tja|moment|warte|halt|stopp|es war|das war|das ist|es ist|es geht um|ich meinte|ich meine|ich hab|ich habe|angerufen hab ich|natürlich|klar|sorry|entschuldigung|eigentlich|wohl"
ANSWERING_BEHIND = "nur|war es|war's|wars|war das|ist es|meine ich|meinte ich|glaube ich|glaub ich|denke ich|erstmal|zuerst|gemeint|mein ich"
NOT_THESE = "alle außer|alle bis auf|alles außer|alles bis auf|alle ausser|alle ohne|alle aber nicht|behalte|behalt|lass|aber behalte|aber lass|außer|bis auf|aber nicht|aber ohne"
NOT_THIS = "nicht|nicht für|auf keinen fall|bloß nicht|es ist nicht|das ist nicht|aber nicht"
PARTING = "und auch|sowie|und|auch|plus|and"
FORMER = "ersterer|erstere|ersteres|ersteren"
LATTER = "letzterer|letztere|letzteres|letzteren"
SOONER = "was zuerst fällig ist|die zuerst fällig ist|das zuerst fällig ist|der zuerst fällig ist|das frühere|die frühere|der frühere|den früheren|das früheste|die früheste|der früheste|den frühesten|das eher fällige|die eher fällige|was zuerst fällig ist"
LATER_ONE = "das spätere|die spätere|der spätere|den späteren|das späteste|die späteste|der späteste|den spätesten|was zuletzt fällig ist"
PLURALS = "alle|beide|aufgaben|die"
WHICH_IS = "fällig|fällige|fälligen|eine|einen|aufgabe|aufgaben|namens|vom|für"
BOTH = "beide|alle beide|alle|alle drei|beide davon|beides"
MEANT_BEHIND = "meinte ich|meine ich|war gemeint|ist gemeint|hab ich gemeint|habe ich gemeint|gemeint"
IT_WAS = "es war|es ist|das war|das ist"
NEIGHBOURS = {
    "am tag davor|am tag vorher|tags davor|den tag davor|der tag davor|am vortag|einen tag davor|einen tag vorher": "einen Tag früher",
    "am tag danach|tags darauf|am tag darauf|den tag danach|der tag danach|einen tag danach|am nächsten tag|am folgenden tag|am folgetag": "einen Tag später",
    "in der woche davor|die woche davor|eine woche davor|eine woche vorher": "eine Woche früher",
    "in der woche danach|die woche danach|eine woche danach|die woche darauf": "eine Woche später",
}
POINTED = "es|das|das da|den da|die da|diese|diesen|dieses|dies|ihn|sie|diese aufgabe|die aufgabe|das hier|dem|der|den|die"
CLOSING = "bitte|dann|danke|doch|eigentlich|stattdessen|lieber|wenn möglich|vielleicht|oder so|glaube ich|als das|als geplant"
RIGHT = "war richtig|war schon richtig|war gut|war okay|war ok|war besser|ist richtig|ist besser|ist gut|passt|passt besser|geht auch|wäre besser|stimmt|stimmte|stimmt schon"
AS_BEFORE = (
    "die alte zeit|der alte termin|das alte datum|der alte tag|der alte titel|der alte name|wie es war"
)
STAYING = "kann bleiben|können bleiben|bleibt|bleiben|soll bleiben|sollen bleiben|darf bleiben|dürfen bleiben"
STAYING_WITH = (
    "bei ihm|bei ihr|bei ihnen|bei mir|bei uns|so|wie es ist|wie sie sind|wie es war|da|offen|gleich|dabei"
)
NEED_NOT = "muss nicht|müssen nicht|braucht nicht|brauchen nicht|brauchen es nicht|braucht es nicht|ist es nicht|sind es nicht|nicht|doch nicht|aber nicht"
IT = "es|das|ihn|sie|die|den|dies|diesen|diese|die aufgabe"
POLITELY = "bitte|kannst du|könntest du|kannst du bitte|mal|ok|okay|und|auch|jetzt|danke"
UNFINISHED = {
    "due": "verschieb {}|verschiebe {}|{} verschieben|verleg {}|verlege {}|{} verlegen|schieb {}|schiebe {}|vertage {}|{} vertagen|ändere das datum von {}|ändere den termin von {}|ändere die frist von {}|setz eine frist für {}|setze eine frist für {}|gib {} eine frist",
    "snooze": "schlummern {}|{} schlummern",
    "assignee": "weise {} zu|weis {} zu|{} zuweisen|gib {} ab|delegiere {}|{} delegieren|übergib {}",
    "title": "benenne {} um|benenn {} um|{} umbenennen|ändere den titel von {}|ändere den namen von {}",
    "priority": "ändere die priorität von {}|setze die priorität von {}|ändere die prio von {}",
    "tag": "tagge {}|{} taggen|gib {} ein tag|markiere {}|füge {} ein tag hinzu",
}
SOME_OTHER = "auf einen anderen tag|auf einen anderen termin|auf ein anderes datum|auf eine andere zeit|auf später|an jemand anderen|jemand anderem|noch mal|nochmal|etwas"
VALUE_LEADS = "auf|am|um|zu|zum|an|für|als|sagen wir|mach|nimm|nenn es|nenne es|gib es|vielleicht|ok|ja|ach|bitte|sorry|mit|wie wäre es mit"
TITLE_LEADS = "zu|in|nenne es|nenn es|es soll so heißen"
TO_VALUE = "auf|um|bis|an|zu|als"
DETAILS = {
    "due": ("verschiebe es auf {}", "verschiebe es um {}", "verschiebe es {}"),
    "snooze": ("erinnere mich später daran, {}", "verschiebe es um {}", "verschiebe es auf {}"),
    "assignee": ("weise es {} zu",),
    "title": ("benenne es um in {}",),
    "priority": ("setze es auf {} Priorität", "setze die Priorität auf {}"),
    "tag": ("tagge es mit {}",),
}
DENYING = "nicht|außer|ohne|kein|keine|keinen|weder"
UNDATED = "die ohne datum|das ohne datum|der ohne datum|den ohne datum|die ohne termin|der ohne termin|das ohne frist|ohne datum|die ohne frist"
ARTICLES = "der|die|das|den|dem|des|ein|eine|einen|und|ich|mit|vom|von|beim|zum|zur"
ERRANDS = "schick|schicke|sende|gib|bring|bringe"
ONE = "erste|ersten|zweite|zweiten|dritte|dritten|vierte|vierten|letzte|letzten"
THOUGHT = "überlege|überlegt|hinsehen"
CAN_DO = "kann|könnte|wird|soll|sollte|will|muss"
ERRANDS_OR_ORDERS = "storniere|stornier|streiche|streich|entferne|beende|schließe|wechsle"
NOTING = "füge die notiz hinzu dass|notiere dazu dass|notiz dazu|schreib dazu dass|schreib dazu"
NOTE_TO_IT = "notiz dazu: {}"
BACK_BEHIND = "wieder|doch|doch wieder|bitte wieder"
STATES = "ist|sind|war|waren|hat|haben|hatte|wird|werden|kann|können|soll|sollen|muss|müssen"
WHAT_HAS = "was macht {}|was hat {}|was hat {} zu tun|was muss {} machen|was muss {} tun|was steht bei {} an|was liegt bei {}|was liegt bei {} an|was ist bei {}|zeig {}|zeig mir {}"
SO_FAR_BEHIND = (
    "jetzt|alles|noch|gerade|denn|so|momentan|im moment|zurzeit|offen|zu tun|alles zu tun|eigentlich|aktuell"
)
GIVEN = "<what> macht <who>|<what> übernimmt <who>|<what> soll <who> machen|<what> kann <who> machen|<what> ist für <who>|<who> macht <what>|<who> übernimmt <what>|<who> kümmert sich um <what>|um <what> kümmert sich <who>"
DETERMINERS = "der|die|das|den|dem|mein|meine|meinen|unser|unsere|unseren|diese|diesen|dieses"
INSTEAD = "sondern|aber|stattdessen"
OF_WHICH = "fürs|für die|für den|für das|für|vom|beim|mit"
REMINDING = {"erinnere {} an": "erinnere mich an", "erinner {} an": "erinnere mich an"}
SAME_DAY = "am selben tag|am gleichen tag|an demselben tag|am selben tage|selber tag|gleicher tag|selben tag"
ON_DAY = "am {}"
THEM_BOTH = {"sie beide|alle beide|diese beiden|die zwei": "beide"}
QUANTIFIERS = "alles|alle aufgaben|alle sachen|alle termine|alle|sämtliche aufgaben|sämtliche"
THEIRS = "alle ihre aufgaben|alle seine aufgaben|alles von ihr|alles von ihm|ihre aufgaben|seine aufgaben|ihre sachen|seine sachen|ihre termine|seine termine|ihre to-dos|seine to-dos|ihre todos|seine todos|was sie hat|was er hat|deren aufgaben|dessen aufgaben"
OF_WHOM = "von|für|bei|was|die|das|hat|haben|macht|gehört|ist|sind|zugewiesen|aufgaben|s|'|'s"
PRONOUNS = "es|sie"
MOVING = "verschiebe {}"
