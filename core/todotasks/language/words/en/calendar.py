"""English calendar words."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.words import roles as r
from todotasks.language.words.calendar_schema import Tables
from todotasks.language.words.en.holidays import HOLIDAYS

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
_ONES += " seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NTHS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
)
_NTHS += " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"

SECOND, MINUTE, HOUR = ("seconds", 1), ("seconds", 60), ("seconds", 3600)
DAY, WEEK, FORTNIGHT = ("days", 1), ("days", 7), ("days", 14)
MONTH, QUARTER, YEAR = ("months", 1), ("months", 3), ("months", 12)
WORKDAY = ("workdays", 1)


def _said_of_doing(lead: str, ends: str) -> str:
    """after + i did it: every way to say both, as phrases."""
    return "|".join(f"{one} {two}" for one in lead.split("|") for two in ends.split("|"))


_DID_IT = (
    "done|completion|finished|completed|it is done|it's done|its done|it was done|it has been done|it is finished|it's finished|it's completed|it is completed|it was completed"
    "|i do it|i did it|i've done it|i have done it|i last did it|i last did|i do that|i did that|i'm done|i am done|i finish it|i finished it|i've finished it|i finish|i finished|i've finished|i have finished it"
    "|i complete it|i completed it|i've completed it|i have completed it|i last completed it|we do it|we did it|we've done it|we last did it|i tick it off|i check it off|i ticked it off|i mark it done|i mark it as done"
)

EN = Tables(
    name="en",
    numbers={word: n for n, word in enumerate(_ONES.split())}
    | {word: 20 + 10 * n for n, word in enumerate(_TENS.split())}
    | {"hundred": 100, "thousand": 1000, "½": 0.5, "¼": 0.25, "¾": 0.75, "a dozen|dozen": 12},
    ordinals={word: n + 1 for n, word in enumerate(_NTHS.split())}
    | {"ides": 15, "thirtieth": 30, "fortieth": 40, "fiftieth": 50},
    months={
        "january|jan": 1, "february|feb": 2, "march|mar": 3, "april|apr": 4, "may": 5, "june|jun": 6,
        "july|jul": 7, "august|aug": 8, "september|sept|sep": 9, "october|oct": 10, "november|nov": 11,
        "december|dec": 12,
    },
    weekdays={
        "monday|mon": 0, "tuesday|tue|tues": 1, "wednesday|wed|weds": 2, "thursday|thu|thur|thurs": 3,
        "friday|fri": 4, "saturday|sat": 5, "sunday|sun": 6,
    },
    day_letters={
        "mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6, "m": 0, "t": 1, "w": 2, "f": 4,
    },
    day_sets={"mwf": (0, 2, 4), "tth": (1, 3), "tuth": (1, 3), "mtwtf": (0, 1, 2, 3, 4), "mtwthf": (0, 1, 2, 3, 4)},
    plural_days={
        "mondays": 0, "tuesdays": 1, "wednesdays": 2, "thursdays": 3, "fridays": 4, "saturdays": 5, "sundays": 6,
    },
    day_parts={},
    plural_day_parts={},
    units={
        "second|seconds|sec|secs": SECOND, "s": SECOND, "minute|minutes|min|mins|m": MINUTE, "hour|hours|hr|hrs|h": HOUR,
        "day|days|d|night|nights": DAY, "week|weeks|wk|wks|w": WEEK, "fortnight|fortnights": FORTNIGHT,
        "month|months|mo|mos|mon|mons": MONTH, "quarter|quarters|qtr|qtrs": QUARTER, "year|years|yr|yrs|y": YEAR,
        "workday|workdays|business day|business days|working day|working days|weekday|weekdays": WORKDAY,
        "decade|decades": ("months", 120), "weekend|weekends": WEEK,
    },
    relative={
        "today|tday|2day|tod|this day": 0, "tomorrow|tmrw|tmr|tmw|tomo|2moro|2morrow|tomoz|morrow": 1, "yesterday|yday": -1,
        "day after tomorrow|overmorrow": 2, "day before yesterday": -2, "otd": 0,
    },
    relative_parts={
        "tonight|tonite|2nite|this night": (0, "night"), "last night": (-1, "night"), "tomorrow night": (1, "night"),
    },
    parts={
        "morning|morn|early morning|morning time|first thing|first thing in the morning": "morning", "afternoon|arvo|early afternoon": "afternoon",
        "evening|eve": "evening", "night|nite|nighttime|night time|bedtime": "night", "daytime": "day",
        "lunchtime|lunch time": "lunch", "dinnertime|dinner time|suppertime": "dinner", "breakfast time": "breakfast", "mid morning|mid-morning|midmorning": "midmorning", "mid afternoon|mid-afternoon|midafternoon": "midafternoon",
    },
    plural_parts={
        "mornings": "morning", "afternoons": "afternoon", "evenings": "evening", "nights": "night",
    },
    clock_words={"noon|midday|noonish|noontime": 12, "midnight|mid-night|mid night": 0},
    meridiem={"am|a.m|a.m.|a m": 0, "pm|p.m|p.m.|p m|pmish": 12},
    few={
        "a few|few": 3, "several": 7, "a couple of|a couple|couple of|couple": 2, "some": 3,
    },
    next_words={"next|following|nxt": 1},
    frequencies={
        "daily|everyday|nightly|day by day": (1, DAY), "weekly": (1, WEEK), "monthly": (1, MONTH),
        "yearly|annually|annual": (1, YEAR), "hourly": (1, HOUR), "quarterly": (1, QUARTER),
        "biweekly|bi-weekly|fortnightly|on alternate weeks": (2, WEEK), "on alternate days": (2, DAY), "on alternate months": (2, MONTH), "bimonthly|bi-monthly": (2, MONTH),
        "semiannually|semi-annually|semi annually|biannually|bi-annually|bi annually|bi-annual|half-yearly|half yearly|semiannual|semi-annual": (6, MONTH),
        "biennially|biennial": (24, MONTH), "biannual": (6, MONTH),
        "semiweekly|semi-weekly|twice weekly": (1, ("semiweeks", 1)),
    },
    once={"once": 1, "twice": 2, "thrice": 3},
    holidays=HOLIDAYS,
    quarters={"q1": 1, "q2": 2, "q3": 3, "q4": 4, "h1": 11, "h2": 12},
    seasons={"spring|springtime": 1, "summer|summertime": 2, "fall|autumn": 3, "winter|wintertime": 4, "season|seasons": 0},
    zones={
        "utc|gmt|zulu": "UTC", "est|edt|eastern time|eastern|eastern timezone|et": "America/New_York",
        "cst|cdt|central time|central timezone": "America/Chicago", "mst|mdt|mountain time|mountain timezone": "America/Denver",
        "pst|pdt|pacific time|pacific timezone|pt": "America/Los_Angeles", "cet|cest|berlin time|paris time|central european time": "Europe/Berlin",
        "bst|london time|uk time": "Europe/London", "ist|india time": "Asia/Kolkata", "jst|tokyo time|japan time": "Asia/Tokyo",
        "aest|aedt|sydney time": "Australia/Sydney", "beijing time|china time": "Asia/Shanghai", "sgt|singapore time": "Asia/Singapore",
        "kst|seoul time": "Asia/Seoul", "new york time|ny time|nyc time": "America/New_York", "msk|moscow time": "Europe/Moscow",
        "eet|eest": "Europe/Athens", "akst|akdt": "America/Anchorage", "hst|hawaii time": "Pacific/Honolulu",
        "nzst|nzdt": "Pacific/Auckland", "hkt|hong kong time": "Asia/Hong_Kong", "brt": "America/Sao_Paulo",
        "dubai time": "Asia/Dubai", "chicago time": "America/Chicago", "la time|los angeles time|california time|sf time": "America/Los_Angeles",
        "denver time": "America/Denver", "toronto time": "America/Toronto",
    },
    ends={
        "end of the day": "day", "eod|cob|eob|end of day|close of business|end of business|close of play|end of business day|end of the business day|end of the workday|end of the work day": "workday", "eow|end of week|end of the week": "week",
        "eom|end of month|end of the month|month end|month's end": "month", "eoy|end of year|end of the year|year end|year's end": "year",
        "eoq|end of quarter|end of the quarter|quarter end": "quarter",
    },
    words={
        r.A: "a|an|one|another", r.ALWAYS: "always", r.HALF: "half|half a|half an", r.QUARTER: "quarter|a quarter", r.MORE: "more|additional|extra",
        r.ARTICLE: "the|that", r.AT: "at|@|at about|at around|by about", r.ON: "on|upon|on the day of",
        r.IN: "in|during", r.FOR: "for", r.BY: "by|due|due on|due by|due at|before|until|till|til|'til|b4|no later than|not later than|latest by|at the latest by|not after|deadline|deadline is|up to|by no later than|ahead of|prior to",
        r.FROM: "from|starting from|beginning from", r.TO: "to|until|till|til|through|thru|-|~|–|up to|til the", r.BETWEEN: "btw|btwn|between|in between", r.AND: "and|&|plus|n",
        r.OR: "or", r.OF: "of|in", r.WITHIN: "w/in|within|inside of|in the next|within the next|less than", r.AFTER: "after|following|later than|past|any time after",
        r.BEFORE: "before|b4|prior to|ahead of|no later than|not later than|earlier than", r.SINCE: "since|starting|beginning|from|as of", r.AGO: "ago|earlier|before|back",
        r.LATER: "later|from now|hence|out|after|after now|on from now",
        r.FROM_NOW: "from now|hence|on from now", r.PAST: "past|after", r.TILL_HOUR: "to|till|before|of|til", r.MINUTES: "min|mins|minute|minutes",
        r.APPROX: "around|about|approximately|approx|roughly|circa|~|ca|maybe|like|exactly|sharp|at least|at most|at the latest|sometime|some time|probably|precisely|just|only",
        r.FILLER: "' time|onwards|onward|and onwards|first thing|first thing in the morning|at some point|some point|right after work|after work|before work", r.EARLY: "early|earlier|early in|earlier in|early on", r.LATE: "late|later|later in|late in", r.START_OF: "start of|beginning of|beginning|the start of|the beginning of|start",
        r.MID_OF: "mid|middle of|the middle of|mid of", r.END_OF: "end of|the end of|end|close of|very end of|ending", r.THIS: "this|current|same|in this",
        r.LAST: "last|past|previous|prior|preceding", r.COMING: "coming|upcoming|this coming|the coming|this upcoming", r.LAST_OF: "last|final|very last",
        r.OCLOCK: "o'clock|oclock|o clock", r.ISH: "ish", r.NOW: "now|right now|at present|immediately|right away|at this time|at this moment|straight away",
        r.WORKDAY: "weekday|weekdays|weeknight|weeknights|workday|workdays|business day|business days|working day|working days|work day|work days|week day|week days|school day|school days",
        r.WEEKEND: "weekend|weekends|wknd|wkend|week-end|week end|the weekend|the week-end|the wkend", r.WEEK_OF: "week of|wk of|week beginning|week commencing|week starting|wc|w/c",
        r.EVERY: "ev|every|each|evry|evey|ever|each and every|every single|once every|once each|all", r.OTHER: "other|second|alternate|2nd", r.TIMES: "times|occurrences|occasions|x|repetitions|time",
        r.STARTING: "next time on|the next time on|the next one on|first time on|the first one on|starting|beginning|starts|from|as of|starting on|beginning on|next one is|next one is on|first one is|first one is on|next is on|first is on|starting from|begins|commencing|first on|start", r.UNTIL: "until|till|til|through|thru|ending|up to|ends|ending on",
        r.EXCEPT: "except|excluding|but not|except on|apart from|except for|other than|not on|without|unless|bar|skipping|minus",
        r.COMPLETION: "after completion|after i complete it|after completing|after completing it|after finishing|after finishing it|after it's done|after its done|after done|from completion|after it is done|after the last one is done|after the last time|since last done|after i finish it|after i do it|once done|when done|after each completion|after last completion|after i finish|from when it's done|after it's completed|after doing it|from the last time|since the last time|counted from the last time|counting from completion|counted from completion|starting from completion|after each time|after every completion|after finishing|"
        + _said_of_doing("after|once|when|since|from when|counting from when|counted from when|from the day|counting from the day|since the day|from the time|after the last time|from the last time|since the last time", _DID_IT),
        r.UNTIL_DONE: "until i say so|until i say stop|until i say it's done|until i reply|until i respond|until confirmed|until i confirm|" + _said_of_doing("until|till|til|'til|unless|as long as it is not|as long as it's not", _DID_IT + "|it gets done|this is done|that is done|that's done|i have it done|i get it done|i actually do it|it is sorted|it's sorted|i reply|i answer|i handle it|i deal with it|i get to it|i got to it|i've ticked it off|i have ticked it off|submitted|it is submitted|it's submitted|paid|it's paid|it is paid"),
        r.INSTANCE: "instance|instances|occurrence|occurrences", r.OFFICE_HOURS: "during office hours|during work hours|during working hours|during business hours|in office hours|during the work day|during the workday|in working hours|in business hours|during my work hours",
        r.ALL_DAY: "all day|all-day|all day long|the whole day|the entire day|allday", r.IF: "if|unless|when|in case|should",
        r.HOLIDAYS: "holidays|public holidays|bank holidays|national holidays|vacation|vacations|school holidays|a holiday|holiday", r.PER: "a|an|per|each|every|the",
        r.NAME_LIKE: "may|mar|march|sat|sun|mon|wed|sec|min|jan|dec|april|june|august|m|s|y|d|w|h|secs|mos|mo|eve|second|jun|new year|summer|weds|annual|nov|oct|now|may day|et|pt|eastern|day|night|bst|ist|all|x|start|end|quarter|some|sep|few|half|like|fri",
        r.CLOSEST: "closest|nearest", r.PLUS: "+", r.MINUS: "-",
        r.MEASURE: "cup|cups|tsp|tbsp|teaspoon|teaspoons|tablespoon|tablespoons|kg|kgs|kilograms|kilogram|g|grams|gram|lb|lbs|pounds|pound|oz|ounces|percent|%|miles|mile|km|meters|metres|inch|inches|cm|mm|ft|feet|liters|litres|ml|dollars|dollar|euros|euro|bucks|points|people|persons|pages|page|pieces|support|aspect|ratio|items|eggs|times|degrees|bags|boxes|bottles|of",
        r.STOP: "don't|dont|and|or|cos|cuz|coz|bc|with|to|at|on|in|for|by|from|about|of|then|but|so|because|if|when|as|please|pls|plz|thanks|via|per|i|we|you|he|she|they|it|is|are|was|will|the|a|an|my|our|your|his|her|their|that|this|re|regarding|until|till|before|after|except|every|each|starting|instead|too|also|again|around|near|w|up|anymore|off|out|down|there|here|not|no|asap|was|were|has|have|had|be|do|does|did|can|could|should|would|may|might|must|now|then|just|between|during|within|while",
    },
    week_parity={"in even weeks|on even weeks|even weeks|every even week": 0, "in odd weeks|on odd weeks|odd weeks|every odd week": 1},
    lasting="long",
    spoken_zeros=("oh", "o", "ou"),
    misspelt={
        "wensday": "wednesday", "wendesday": "wednesday", "wedensday": "wednesday", "wendsday": "wednesday", "wednsday": "wednesday",
        "thirsday": "thursday", "thrusday": "thursday", "thurday": "thursday", "tommorow": "tomorrow", "tmrow": "tomorrow", "tmrrow": "tomorrow", "tomrrow": "tomorrow", "tmorow": "tomorrow", "2mrw": "tomorrow", "tommorrrow": "tomorrow", "tommorrow": "tomorrow",
        "tomorow": "tomorrow", "tomoro": "tomorrow", "tomm": "tomorrow", "tommorro": "tomorrow", "tomorro": "tomorrow", "tmorrow": "tomorrow", "tomarrow": "tomorrow",
        "tuseday": "tuesday", "teusday": "tuesday", "tueday": "tuesday", "saterday": "saturday", "satuday": "saturday", "sunaday": "sunday", "mondy": "monday",
        "firday": "friday", "frday": "friday", "fryday": "friday", "febuary": "february", "feburary": "february", "febrary": "february", "janurary": "january", "janury": "january",
        "septemeber": "september", "setember": "september", "ocotber": "october", "agust": "august", "tonigth": "tonight", "tonigh": "tonight", "minuts": "minutes", "houres": "hours",
        "moring": "morning", "mornin": "morning", "evning": "evening", "afernoon": "afternoon", "afternon": "afternoon", "weeek": "week", "wek": "week", "moth": "moth", "mounth": "month", "hr's": "hours", "nxt": "next",
        "everday": "everyday", "evryday": "everyday", "dayly": "daily", "weekley": "weekly", "montly": "monthly", "anually": "annually", "annualy": "annually", "quaterly": "quarterly", "decemeber": "december", "novemeber": "november", "wkly": "weekly",
        "teh": "the", "hte": "the", "todays": "today's", "tomorrows": "tomorrow's", "2morow": "tomorrow", "yesturday": "yesterday", "tody": "today", "toady": "today",
    },
    not_misspelt="crate|crates|remote|scarp|untied|united|closet|closets|sundae|sundaes|finnish|mounting|martian|marching|augusta|decembers|nightly|tonights|seconds|secondly|minutes|minute|marches|fridge|monday's",
)  # fmt: skip
