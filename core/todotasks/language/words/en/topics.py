"""English: which words belong to a todo list, which to what other assistants do, and how questions and small talk begin.

Lists of ordinary words by what they are about; nothing here is a sentence.
"""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.words.command_schema import Domain

DOMAIN = Domain(
    # What our data is about: a question with one of these is ours.
    ours=(
        "task|tasks|todo|todos|to-do|to-dos|list|lists|item|items|reminder|reminders|calendar|calendars|schedule|scheduled|schedules|agenda|agendas|appointment|appointments|"
        "meeting|meetings|event|events|deadline|deadlines|due|overdue|alarm|alarms|chore|chores|errand|errands|plan|plans|planned|booked|backlog|subtask|subtasks|assigned|"
        "engagement|engagements|commitment|commitments|birthday|birthdays|anniversary|wedding|party|parties|interview|interviews|conference|conferences|exam|exams|standup|alerts|"
        "lunch|dinner|holiday|holidays|vacation|timer|timers|tagged|prioritized|unfinished|busy|free|available|availability|obligations|appt|appts|gathering|class|classes|lecture|lectures|bday|trip|pending|"
        "programme|program|notifications|bills|payday|trash|game|match|ceremony|reservation|reservations|occasion|occasions|graduation|checklist|checklists"
    ),
    # What other skills are about.
    foreign=(
        "episode|episodes|won|score|scores|scored|winner|weather|forecast|rain|raining|rainy|snow|snowing|snowy|sunny|cloudy|windy|temperature|degrees|humidity|umbrella|storm|fog|foggy|sunset|sunrise|climate|hot|cold|warm|hottest|coldest|wind|hurricane|tornado|celsius|fahrenheit|humid|drizzle|breeze|thunder|thunderstorm|freezing|chilly|precipitation|heatwave|overcast|hail|warmer|colder|cooler|"
        "news|headlines|headline|newspaper|bbc|cnn|fox|politics|election|elections|president|brexit|trump|gossip|scandal|government|breaking|sports|stories|article|articles|reuters|guardian|nbc|abc|senate|congress|minister|war|"
        "song|songs|music|playlist|playlists|album|albums|band|artist|singer|lyrics|jazz|rock|pop|spotify|radio|fm|station|podcast|podcasts|episode|episodes|audiobook|audiobooks|audio|tune|tunes|genre|shuffle|concerto|track|tracks|melody|beatles|beyonce|drake|eminem|rihanna|sinatra|metallica|mozart|beethoven|adele|coldplay|remix|soundtrack|itunes|youtube|soundcloud|deezer|blues|classical|techno|disco|reggae|folk|metal|punk|ballad|symphony|composer|guitarist|hits|hip-hop|rap|country|pandora|"
        "volume|louder|quieter|mute|unmute|speaker|speakers|sound|"
        "light|lights|lamp|lamps|lighting|brightness|roomba|robot|coffee|thermostat|plug|socket|wemo|hue|colour|color|fan|heating|smart|bulb|bulbs|dim|brighten|brighter|darker|blinds|outlet|hoover|cleaner|espresso|cappuccino|latte|kettle|ac|aircon|"
        "email|emails|e-mail|e-mails|inbox|mail|mails|gmail|outlook|unread|sender|"
        "recipient|attachment|spam|complaint|complain|followers|timeline|whatsapp|reddit|tumblr|pinterest|selfie|"
        "tweet|tweets|twitter|facebook|instagram|snapchat|post|hashtag|linkedin|social|status|"
        "taxi|taxis|cab|cabs|uber|lyft|train|trains|bus|buses|subway|metro|amtrak|traffic|directions|route|ride|airport|gps|map|maps|commute|platform|departure|departures|fare|fares|"
        "restaurant|restaurants|pizza|takeaway|takeout|take-out|delivery|sushi|pub|bar|cafe|diner|shops|nearby|nearest|closest|noodles|burgers|mcdonalds|dominos|kfc|starbucks|taco|chinese|italian|mexican|thai|menu|menus|"
        "recipe|recipes|cook|cooking|bake|boil|ingredients|meatloaf|lasagna|omelette|pasta|chicken|roast|grill|fry|fried|boiled|calories|soup|curry|lasagne|pancakes|pancake|biryani|cuisine|spaghetti|risotto|dessert|"
        "stock|stocks|shares|dow|nasdaq|exchange|currency|dollar|dollars|euro|euros|yen|pound|pounds|rupee|rupees|bitcoin|"
        "joke|jokes|funny|riddle|trivia|poker|chess|solitaire|hangman|sudoku|quiz|riddles|dice|monopoly|scrabble|minecraft|bingo|blackjack|"
        "mean|means|invented|inventor|born|died|tall|tallest|married|divorced|founder|ceo|wife|husband|moon|sun|earth|jupiter|einstein|obama|clinton|ocean|river|mountain|language|languages|religion|dinosaur|species|distance|located|price|prices|rate|rates|value|worth|"
        "movie|movies|film|films|theater|theatre|theaters|cinema|cinemas|actor|actress|celebrity|"
        "define|definition|definitions|meaning|synonym|spell|translate|translation|wikipedia|pronounce|pronunciation|"
        "contact|contacts|message|messages|voicemail|zone|zones|happenings|facts|fact|wiki|wings|fries|burger|burgers|takeaways|"
        "capital|population|country|countries|continent|planet|planets|galaxy|universe|history|war|century|"
        "plus|minus|divided|multiplied|squared|root|percent|equation|calculate|square|"
        "timezone|clock|gmt"
    ),
    # Verbs that ask for another skill when they begin a command.
    foreign_verbs=(
        "play|resume|pause|shuffle|skip|rewind|replay|listen|stream|sing|tweet|retweet|post|translate|define|spell|calculate|compute|convert|google|dim|brighten|mute|unmute|"
        "navigate|increase|decrease|lower|raise|toggle|activate|deactivate|brew|tune|hear|dance|whisper|repeat|describe|explain|recommend|suggest|pronounce|recite|imagine|hush|louder|quieter|rate|like|dislike|respond|reply|forward|"
        "explore|narrate|continue|keep|proceed|download|upload|zoom|dial|favorite|favourite|tell|instruct|answer"
    ),
    # A question begins so.
    asking="what|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|am|has|have|had|will|would|should|can|could|may|any|anything|anybody|anyone|whats|whens|wheres|hows",
    # Commands to show something.
    showing="show|list|display|view|see|print|read|give|tell|check|open|get|pull|bring|present|provide|report|enumerate|describe|remind|find|search|look|locate|say|inform|recite|review|present|fetch|let|send|searching|explain|name|count|lookup|query|filter|browse|checkout|more",
    searching="find|search|locate|lookup|look|where|searching|hunt",
    # Small talk, whole.
    chat=(
        "none|nobody|hi there|hello there|hey there|hello|hi|hey|yo|howdy|greetings|good morning|good evening|good night|good afternoon|good day|thanks|thank you|thx|ty|tysm|tyvm|cheers|bye|goodbye|see you|ok|okay|cool|nice|great|lol|haha|wow|yes|no|yep|nope|sure|maybe|"
        "how are you|how are you doing|how is it going|what is up|you are great|you are awesome|you are funny|you are stupid|i love you|i hate you|love you|good job|well done|awesome|amazing|sorry|never mind|nevermind|hmm|what|huh|why|who|test|testing|nothing|whatever|please do not respond|stop|be quiet|shut up|very good|excellent|perfect|welcome|no problem|congratulations|happy birthday|merry christmas|good|fine|i see|got it|understood|alright|right|nice to meet you|you rock|thank you so much|thanks a lot|thank you very much"
    ),
    # "I like jazz", "it is cloudy", "today was a tiring day": statements that ask for nothing.
    statements="very|so very|much more|much too|much better|a lot more|i am so|i am very|i am really|i am too|i am totally|i am not feeling|i like|i love|i hate|i am bored|i am sad|i am happy|i am tired|i am hungry|i am starving|i feel|i enjoy|i prefer|it is so|it is very|it is too|it is really|it is cold|it is hot|it is getting|it was|today is|today was|yesterday was|you are|you were|he is|she is|they are|this is|that is|that was|there is|there are|i dislike|i do not like|its|i got|it would be|today i|i had|i hope|i wish i|i was|i miss|what a|it is|i wonder|i think|i believe|i am in|i am going|my favorite|nice weather|did you know|are you|do you|were you|you|how do|how does|i am feeling",
    # Past tense that begins a report: "called mom", "paid rent".
    past=(
        "called|paid|emailed|submitted|bought|sent|finished|completed|did|done|took|went|wrote|cleaned|washed|fixed|booked|scheduled|ordered|picked|dropped|renewed|replied|answered|watered|fed|walked|read|made|cooked|baked|filed|"
        "signed|mailed|posted|shipped|delivered|returned|repaired|replaced|updated|uploaded|downloaded|installed|printed|scanned|copied|met|visited|spoke|talked|asked|told|reviewed|checked|tested|deployed|released|merged|pushed|committed|mowed|vacuumed|"
        "ironed|folded|packed|unpacked|moved|painted|built|assembled|registered|enrolled|applied|cancelled|canceled|confirmed|prepared|planned|organized|organised|sorted|swept|dusted|mopped|emptied|changed|charged|practiced|practised|studied|learned|ran|swam|"
        "exercised|trained|got|gave|brought|collected|donated|sold|transferred|invoiced|billed|translated|drafted|edited|published|recorded|backed|closed|resolved|handled|turned|handed|put|set|left|found|saw|hung|cut|shaved|texted|messaged|phoned|rang|contacted|reached|"
        "attended|presented|interviewed|hired|negotiated|arranged|wrapped|tidied|cleared|threw|tossed|recycled|planted|pruned|raked|shoveled|fuelled|fueled|refilled|topped|parked|dealt|settled"
    ),
    past_helpers="i|we|just|already|finally|have|has|got|been|ve|now|all",
    possessive="my|our|me|i|we|mine|us",
    notions="have|got|forgetting|missing|doing|do|scheduled|planned|going|coming|left|open|remaining|next|happening|free|busy|on|booked|upcoming|for|up|miss|missed|forget|forgotten|finish|finished|completed|done|add|added|set|attend|attending|expect|be|today|need",
    task_verbs=(
        "vacuum|buy|fix|clean|pay|wash|write|call|pick|return|replace|repair|finish|review|learn|study|practice|practise|watch|email|mail|install|charge|refill|sell|donate|visit|meet|prepare|submit|renew|cancel|collect|drop|"
        "paint|build|move|mow|water|feed|walk|fill|fold|iron|pack|plan|organize|organise|research|draft|edit|proofread|proof|sign|print|scan|file|apply|register|update|upgrade|deploy|test|debug|refactor|merge|ship|hang|assemble|measure|cut|trim|"
        "lend|borrow|invite|phone|text|message|contact|follow|confirm|discuss|decide|choose|compare|design|rehearse|attend|join|teach|train|exercise|stretch|meditate|pray|sort|tidy|declutter|sweep|mop|scrub|defrost|recycle|compost|plant|prune|rake|shovel|unpack|grab|hand|hire|swap|back|wrap|verify|fetch|investigate|inspect"
    ),
    content_verbs="check|read|get|review|send|print|pull|bring|see|look|let|open|count|find|report|repeat|present|name|search|list|remind|query|filter|browse|lookup|say",
    detail_words="time|date|day",
    own_verbs="snooze|assign|reassign|delegate|postpone|reschedule|rename|tag|untag|label|prioritize|prioritise|deprioritize|unassign|defer|delay|complete|uncomplete|reopen|archive|mark|hand",
    errands="order|book|get|take|reply|bring|send|find|reserve|collect|return|post|forward|bake|cook|boil|fetch|request|arrange|look|read|print|ask|chase",
    participles="taken|written|given|driven|eaten|thrown|drawn|chosen|spoken|broken|seen|sown|sewn|mown|rewritten|redone|bought|brought|built|caught|fed|met|sold|told|taught|swept|torn|worn|overhauled|begun|withdrawn|undertaken",
    strong="definition|description|address|email|mail|message|e-mail|weather|forecast|temperature|news|headlines|traffic|stock|stocks|exchange|volume|song|songs|music|playlist|radio|podcast|podcasts|joke|jokes|unread|inbox|uber|taxi|cab|lights|emails|audiobook|tweet|facebook|twitter|recipe|rain|snow",
    served="train|trains|plane|amtrak|taxi|taxis|uber|cab|cabs|lyft|takeaway|takeout|takeaways|pizza|sushi|wings|fries|burger|burgers",
    listable="tasks|todos|to-dos|events|meetings|reminders|appointments|alarms|deadlines|lists|list|schedule|calendar|agenda|plan|plans|items|chores|errands|todo|backlog|alarm|event|appointment|task|alerts|planning",
    describing="my|our|upcoming|latest|next|current|pending|open|overdue|all|coming|recent|completed|any|more|undone|unfinished|remaining|today's|tomorrow's|up|done|new|urgent|important|other|weekly|daily|full|entire|whole|finished|todays|tomorrows|recurring|late|late|untagged|the|work|personal|health|for|of|on|without|with|a|due|date|no|high|low|medium|priority|tagged|in|assigned|to|me|project|this|incomplete|outstanding|and",
)  # fmt: skip
