"""German small words: see `SmallWords` for what the words of each list do."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.words.small_schema import SmallWords

SMALL = SmallWords(
    dangling_at_end="ab am an bis das den der die für im in mit und vom von was zum zur",
    dangling_at_start="dann und",
    places="in ins auf aus nach zur zum",
    moves_to="auf zu bis zum von",
    abstains="kein keine keinen",
    determiners="an das dem den der die ein eine einen mein meine meinen unser unsere",
    task_nouns="aufgabe aufgaben eintrag erinnerung termin",
    afterthoughts="bitte und",
    item_words="aufgabe aufgaben eintrag einträge in",
    numbered="aufgabe aufgaben eintrag nr nummer",
    things="aufgabe aufgaben einträge erinnerungen termine",
    glue=(
        "alle an das der die fällig fällige fälligen für habe heute ich im in ist mein meine meinen mir"
        " mit sind und von was welche zeige"
    ),
    everything="alle allen alles jede sämtliche",
    plurals="aufgaben einträge erinnerungen termine",
    narrows_nothing=(
        "aber alle allen alles auf aufgabe aufgaben bitte das den der die einträge ich in jede liste"
        " mein meine meinen meiner mir sämtliche von"
    ),
    reminders="erinnerungen",
    level_nouns="mit priorität sehr",
    about="über",
    says_which="fällig fällige fälligen vom von",
    sets_due="setz setze ändere",
    tell="benachrichtige erinner erinnere erinnerung erinnerungen",
    beforehand="davor früher vor vorher zuvor",
    tell_links="an bitte daran eine einer mich mit und",
    abbreviations="bzw ca dr etc frau herr nr prof st str tel usw",
    points_back="damit er es ihm ihn ihnen sie",
    command_verbs="erledige lösche markiere verschiebe",
    soft_command_verbs="erinnere füge zeige",
    inverted_verbs="am was",
    many="alle an",
    courteous_behind="mich mir uns du es das ihn sie die den",
    says_add="schreib schreibe setz setze notier notiere trag trage pack füg füge tu",
    adds_that="kannst könntest du bitte und dann mal schreib schreibe setz setze notier notiere trag trage pack füg füge tu das es die den auf in zur zu meine meiner die der liste to-do-liste ein hinzu mir als aufgabe",
    behind_times="spätestens oder so etwa",
    telling="bitte daran erinner erinnere mich und uns",
    no_value="an",
    stops_at="in",
    particles="in",
    begins_list="alle meine offene",
    asks_behind_time="wann welche wer wie",
    showing="zeig zeige",
    felt="am was",
    kinds={"termin": "termin", "termine": "termin"},
    nags="nerv nerve",
    nag_links="und wieder nochmal dann auch",
    nag_again="wieder nochmal erneut dann",
    at_most="höchstens maximal bis zu",
    numbered_things="bestellung bestellnummer teil formular raum zimmer folge seite ticket flug",
    calls="anrufen telefon tel handy ruf rufe",
    honorifics="herr frau dr prof tante onkel",
    slash_commands="erinnere neu liste erledigt hilfe",
    sorting="sortiert sortiere geordnet ordne gruppiert",
    only_this="nur dieses mal|nur diesmal|nur diese woche|nur dieses eine mal",
    all_of_them="alle folgenden|die ganze serie|alle künftigen",
    names_items="aufgaben dinge sachen todos einträge erledigungen folgendes",
    adds_items="neue füge hinzu bitte ich muss mir noch folgende diese die ein paar",
    list_fillers="oder und bitte mir mal noch alle woche monat tag",
    pronouns={
        "es|das|den|die|dieses|diesen|die aufgabe|diese aufgabe|den termin|dies|ihn|das nächste|nächste|das nächste mal|die erinnerung": "it",
        "diese|sie|alle|beide|alle davon": "them",
    },
    states={
        "erledigte|erledigten|fertige|erledigt": ("completed", True),
        "offene|offenen": ("completed", False),
        "überfällig|überfällige|überfälligen": ("overdue", True),
        "wiederkehrende|wiederkehrenden": ("recurring", True),
    },
)  # fmt: skip
