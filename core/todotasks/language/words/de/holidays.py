"""What German calls the holidays of `time.holidays`; `holiday_names` says how the names are written."""

# ruff: noqa: E501 - a list of names is read along its line

from todotasks.language.words.holiday_names import spelled

HOLIDAYS = spelled(
    {
        "weihnachten|weihnachtstag|(ersten/erster/1.) weihnachtstag|(ersten/erster/1.) weihnachtsfeiertag|christtag|christfest": "christmas", "heiligabend|heilig abend|heiliger abend|heiligen abend|weihnachtsabend|christabend": "christmas-eve",
        "(zweiten/zweiter/2.) weihnachtstag|(zweiten/zweiter/2.) weihnachtsfeiertag|stephanstag|stefanitag|stephanitag": "second-christmas-day", "silvester|silvesterabend|sylvester": "new-year-eve", "neujahr|neujahrstag|neues jahr": "new-year",
        "ostern|ostersonntag": "easter", "ostermontag": "easter-monday", "karfreitag": "good-friday", "karsamstag|ostersamstag": "holy-saturday", "gründonnerstag": "maundy-thursday", "palmsonntag": "palm-sunday", "weißer sonntag|weißen sonntag": "low-sunday",
        "weiberfastnacht|altweiber|altweiberfastnacht": "carnival-thursday", "faschingssonntag|tulpensonntag|karnevalssonntag": "carnival-sunday", "rosenmontag": "rose-monday", "faschingsdienstag|veilchendienstag|fastnacht|fastnachtsdienstag|karnevalsdienstag|fasching": "shrove-tuesday", "aschermittwoch": "ash-wednesday",
        "pfingsten|pfingstsonntag": "pentecost", "pfingstmontag": "whit-monday", "himmelfahrt|christi himmelfahrt|himmelfahrtstag": "ascension", "vatertag|männertag|herrentag": "german-fathers-day", "fronleichnam": "corpus-christi", "trinitatis|dreifaltigkeitssonntag": "trinity-sunday",
        "(tag der deutschen einheit/deutsche einheit)|einheitstag": "german-unity", "tag der arbeit|maifeiertag|erster mai|ersten mai": "may-day", "nikolaus|nikolaustag|sankt nikolaus": "st-nicholas", "barbaratag": "st-barbara", "valentinstag": "valentine", "muttertag": "mothers-day", "weltfrauentag|(internationaler/internationalen) frauentag|frauentag": "womens-day",
        "allerheiligen": "all-saints", "allerseelen": "all-souls", "reformationstag": "reformation-day", "halloween": "halloween", "(heilige/heiligen) drei könige|heilig drei könige|dreikönigstag|dreikönige|epiphanias": "epiphany", "(mariä/maria) himmelfahrt": "assumption", "(mariä/maria) empfängnis": "immaculate-conception",
        "martinstag|sankt martin|st martin|martini": "st-martin", "johannistag": "st-john", "walpurgisnacht": "walpurgis", "buß- und bettag|buss- und bettag|buß und bettag|bußtag": "repentance", "totensonntag|ewigkeitssonntag": "sunday-of-the-dead", "volkstrauertag": "remembrance-day-de", "erntedank|erntedankfest": "thanksgiving-de",
        "(erster/ersten/1.) advent|(erster/ersten/1.) adventssonntag": "advent-1", "(zweiter/zweiten/2.) advent|(zweiter/zweiten/2.) adventssonntag": "advent-2", "(dritter/dritten/3.) advent|(dritter/dritten/3.) adventssonntag": "advent-3", "(vierter/vierten/4.) advent|(vierter/vierten/4.) adventssonntag": "advent-4",
        "weltkindertag": "world-childrens-day-de", "kindertag|(internationaler/internationalen) kindertag": "childrens-day", "(nationalfeiertag/österreichischer nationalfeiertag)": "austrian-day", "bundesfeier|schweizer nationalfeiertag|bundesfeiertag": "swiss-day", "europatag": "europe-day", "(erster/ersten) april|aprilscherz": "april-fools",
        "orthodoxes ostern|orthodoxe ostern|orthodoxen ostern|orthodoxer ostersonntag": "orthodox-easter", "orthodoxe weihnachten|orthodoxen weihnachten": "orthodox-christmas", "(chinesisches/chinesischen/chinesischem) neujahr|chinesisches neujahrsfest": "chinese-new-year", "mondfest|mittherbstfest": "mid-autumn", "drachenbootfest": "dragon-boat", "laternenfest": "lantern-festival",
        "ramadan": "ramadan", "zuckerfest|ramadanfest|fest des fastenbrechens|bayram|eid al-fitr|id al-fitr": "eid-al-fitr", "opferfest|eid al-adha|id al-adha|kurban bayramı": "eid-al-adha", "islamisches neujahr|(islamischen/islamischem) neujahr": "islamic-new-year", "aschura|ashura": "ashura", "nouruz|nowruz|newroz": "nowruz",
        "chanukka|chanukah|hanukkah": "hanukkah", "pessach|passah": "passover", "jom kippur|yom kippur|versöhnungstag": "yom-kippur", "rosch ha-schana|rosch haschana|rosh hashanah|jüdisches neujahr": "rosh-hashanah", "purim": "purim", "schawuot": "shavuot", "sukkot|laubhüttenfest": "sukkot",
        "diwali|lichterfest": "diwali", "holi": "holi", "vesak|vesakh": "vesak", "thanksgiving": "thanksgiving", "black friday": "black-friday", "cyber monday": "cyber-monday", "(unabhängigkeitstag/amerikanischer unabhängigkeitstag)": "independence-day", "st patrick's day": "st-patrick",
        "tag der erde": "earth-day", "weltwassertag": "water", "weltgesundheitstag": "health-day", "welttag des buches": "book-day", "welttierschutztag|welttiertag": "animal", "weltaidstag|welt-aids-tag": "aids", "weltumwelttag": "environment", "tag der menschenrechte": "human-rights", "weltlehrertag": "teachers-day", "weltmännertag|(internationaler/internationalen) männertag": "mens-day", "bastille-tag|französischer nationalfeiertag": "bastille", "königstag": "kings-day",
        "pi-tag": "pi-day", "großelterntag": "grandparents-day", "weltfriedenstag": "peace",
    }
)
