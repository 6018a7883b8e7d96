"""English words for what is not time: fillers, contractions, names, marker words, and what belongs to us or does not."""

# ruff: noqa: E501 - a list of words is read along its line

from todotasks.language.words.command_schema import Speech

SPEECH = Speech(
    contractions={
        "it'd": "it would", "wats|wots|wat's": "what is", "i'm|im": "i am", "i've|ive": "i have", "i'll": "i will", "i'd": "i would", "it's": "it is", "that's|thats": "that is",
        "what's|whats": "what is", "who's|whos": "who is", "when's|whens": "when is", "where's|wheres": "where is", "how's|hows": "how is",
        "there's|theres": "there is", "here's": "here is", "let's|lets": "let us", "isn't|isnt": "is not", "aren't|arent": "are not", "wasn't|wasnt": "was not",
        "weren't|werent": "were not", "don't|dont": "do not", "doesn't|doesnt": "does not", "didn't|didnt": "did not",
        "haven't|havent": "have not", "hasn't|hasnt": "has not", "hadn't|hadnt": "had not", "won't|wont": "will not", "can't|cant|cannot": "can not",
        "couldn't|couldnt": "could not", "shouldn't|shouldnt": "should not", "wouldn't|wouldnt": "would not", "mustn't": "must not", "shan't|shant": "shall not", "needn't": "need not",
        "we're": "we are", "we've": "we have", "we'll": "we will", "you're|youre": "you are", "you've": "you have", "you'll": "you will", "they're|theyre": "they are",
        "he's": "he is", "she's": "she is", "gonna": "going to", "he'll": "he will", "she'll": "she will", "they'll": "they will", "i'ma": "i will", "we'd": "we would",
        "everything's": "everything is", "one's": "one is", "u": "you", "ur": "your", "r": "are",
    },
    # Phrases that say nothing, at the beginning; longest first is not needed, they are stripped again and again.
    opening=(
        "idk|dunno|i dunno|i do not know|ngl|tbh|imo|imho|fr|bruh|aight|oi|oh dear|dear me|oh no|damn|dammit|please to|yo|bro|dude|mate|man|love|cld u|wld u|cud u|cld you|please|pls|plz|kindly|hey|hi|hello|ok|okay|okey|alright|right|so|well|um|umm|uh|hmm|just|now|also|then|and|but|oh|ah|yay|yes|yeah|yep|yup|no|nope|actually|"
        "olly|siri|alexa|google|cortana|assistant|bot|computer|hurray|hooray|woohoo|finally|great|cool|nice|perfect|quick|quickly|kind|sure|too|"
        "can you|could you|would you|will you|can u|could u|can we|could we|can i|could i|may i|i want you to|i need you to|i would like you to|i'd like you to|you can|you may|you could|"
        "go ahead and|is there a way to|is there any way to|are there ways to|is it possible to|would it be possible to|any chance you could|how about you|find and|open calendar|open my calendar|open the calendar|open lists|open my lists|open list|open my list|go and|let us|would you mind|do you mind|help me|feel free to|i want to|i would like to|i'd like to|i wanna|i wish to|hey there|ok so|i think|"
        "if you can|if possible|for me|i guess|by the way|btw|one more thing|you should|we should|dear|ok google|hey google|hey siri|the system|it is time to|time to|we can|we need to|maybe|perhaps|anyway|lol|haha|omg|ugh|phew|whoa|woah|nah|oops|whoops|sorry|wait|guys|guess what|good news|completely|totally|want to|you know what|by all means|remember to|be so kind as to|be so good as to|be so nice as to|be kind enough to|be good enough to|be so kind and|be a dear and|be a darling and|do me a favor and|do me a favour and|can you do me a favor and|could you do me a favor and|can you do me a favour and|could you do me a favour and|i would appreciate it if you|i would be grateful if you|i should be grateful if you|i should be glad if you|i should like you to|i should be obliged if you would|i would be grateful if you would|i should be grateful if you would|i would be glad if you would|it would be good to|it would be great to|it would be nice to|it would be lovely to|it would be best to|it might be good to|i would be glad if you|i would be happy if you|it would be great if you|it would be nice if you|it would be good if you|it would be lovely if you|it would be helpful if you|it would be appreciated if you|i was wondering if you|i wonder if you|i was hoping you|i wonder whether you|i was wondering whether you|if you would|if you could|if you do not mind|if it is not too much trouble|if that is okay|if that is ok|if you have a moment|when you get a chance|when you have a moment|might i|i was thinking|i am thinking|i was just thinking|i suppose|i figured|i just remembered|i just realized|i almost forgot|i nearly forgot|before i forget|before i forget again|not to forget|note to add|quick one|quick question|quick note|quick thing|quick favor|quick favour|i want that you|i need that you|i want you|i would like that you|i like you to|i would love you to|i would love it if you|you need to|you have to|you must|you will|please to|to please|so please|hear me out|real quick|totally|i totally forgot|totally forgot|alrighty|yo|hey team|hi all|hi team|hi there|hello there|good morning|good afternoon|good evening|um so|ok um|well then|all right|argh|gah|sigh|man|dude|boy|gosh|heads up|fyi|as discussed|as agreed|as mentioned|i said|basically|honestly|to be honest|so yeah|yeah so|ok cool|ok great|thanks|thank you|cheers|my friend|apologies|excuse me|pardon|forgive me|i am afraid|i beg you|i ask you to|may i ask you to|could i ask you to|can i ask you to|can i get you to|could i get you to|i need your help to|get round to|get around to"
    ),
    closing=(
        "please|pls|plz|thanks|thank you|thx|ty|cheers|for me|ok|okay|asap please|now please|will you|would you|can you|could you|if you can|if possible|"
        "right away|olly|siri|alexa|google|cortana|btw|finally|at last|for good|do not let me forget|do not forget|do not let me forget it|if you do not mind|if that is ok|if that is okay|if it is not too much trouble|when you get a chance|when you have a moment|so i do not forget|so that i do not forget|before i forget|or i will forget|otherwise i will forget|lest i forget|i guess|i think|i suppose|or something|or whatever|and stuff|sir|madam|my friend|kindly|would be great|would be nice|would be lovely|that would be great|that would be lovely|that would be nice|that would be awesome|thank you so much|many thanks|thanks so much|much obliged|thanks in advance|thank you in advance|lol|haha|mate|dude|man|buddy|already please|right|yeah|yes|!|?|.|,|;|thank you very much|thanks a lot|much appreciated|kthx|kthxbye|ez|ngl|tbh|imo|imho|fr|bruh|innit|dear|my dear|darling|sweetheart|do not ask how|do not ask why|do not ask|woo|yay|phew|for now|for the moment|for the time being|for the present|until further notice|till further notice"
    ),
    priorities={
        "urgent|asap|as soon as possible|critical|top priority|highest priority|very urgent|super urgent|top prio|urgently|emergency|blocker|max priority|urgent priority|priority urgent|priority critical|extremely urgent|mission critical|very high priority|super important|very important|life or death": "Urgent",
        "high priority|high prio|hi prio|hi-prio|high-priority|high-prio|important|priority high|prio high|high importance|high urgency|priority: high|quite important|crucial": "High",
        "medium priority|normal priority|mid priority|medium prio|normal prio|priority medium|priority normal|prio medium|prio normal|average priority|medium importance|default priority|moderate priority": "Medium",
        "low priority|low prio|lowest priority|low-priority|low-prio|priority low|prio low|low importance|not urgent|no rush|not important|whenever|unimportant|no hurry|minor|very low priority|least important": "Low",
    },
    levels={
        "urgent": "Urgent", "critical": "Urgent", "top": "Urgent", "highest": "Urgent", "asap": "Urgent", "max": "Urgent", "maximum": "Urgent", "emergency": "Urgent", "crucial": "Urgent", "blocker": "Urgent",
        "high": "High", "important": "High", "higher": "High", "hi": "High", "major": "High",
        "medium": "Medium", "normal": "Medium", "mid": "Medium", "moderate": "Medium", "average": "Medium", "default": "Medium", "regular": "Medium",
        "low": "Low", "lowest": "Low", "lower": "Low", "minor": "Low", "unimportant": "Low", "trivial": "Low", "whenever": "Low",
        "p1": "Urgent", "p2": "High", "p3": "Medium", "p4": "Low", "1": "Urgent", "2": "High", "3": "Medium", "4": "Low", "p0": "Urgent", "p5": "Low",
        "one": "Urgent", "two": "High", "three": "Medium", "four": "Low",
    },
    priority_words="priority|prio|importance|urgency",
    keys={
        "due": "due", "deadline": "due", "on": "due", "recur": "due", "rec": "due", "recurrence": "due", "repeat": "due", "wait": "unkept", "scheduled": "unkept", "sched": "unkept", "until": "unkept", "limit": "unkept", "urgency": "unkept", "depends": "depends", "dep": "depends", "deps": "depends", "dependson": "depends", "blockedby": "depends", "tag": "tag", "tags": "tag", "label": "tag", "labels": "tag", "project": "project", "proj": "project",
        "list": "project", "assignee": "assignee", "assigned": "assignee", "owner": "assignee", "note": "notes", "notes": "notes", "desc": "notes", "description": "notes", "details": "notes",
        "prio": "priority", "priority": "priority", "pri": "priority", "parent": "parent", "remind": "remind", "who": "assignee", "category": "tag", "context": "tag",
    },
    contexts="home|work|office|errand|errands|phone|computer|online|shopping|waiting|email|emails|call|calls|garden|house|school|family|personal|private|health|finance|money|car|desk|laptop|mac|pc|town|store|kitchen|travel|urgent|important|someday|later|next|weekend|groceries|gym|reading|read|kids|garage|anywhere|internet|agenda|meeting|library|uni|university|church|club|hobby|bills|chores|admin|review|bug|feature|dev|ops|team|client|clients|sales|marketing|hr|legal|focus|quick|deepwork|low|high|today|evening|morning|night|outside|outdoor|outdoors|inside|backlog|blocked|planning|study|research|writing|music|fitness|sport|sports|pets|dog|cat|self|selfcare|social|friends|party|birthday|holiday|vacation|trip|supermarket|market|pharmacy|bank|mall|hardware|post",
    first_names=(
        "anna|bob|carol|dave|eve|frank|grace|heidi|ivan|judy|mallory|alice|tom|tim|jim|jack|john|jane|mary|mark|luke|matt|matthew|peter|paul|sam|samuel|sarah|sara|emma|emily|olivia|ava|mia|noah|liam|lucas|leo|max|ben|benjamin|chris|christopher|christian|"
        "mike|michael|dan|daniel|david|james|jimmy|robert|rob|bobby|bill|william|will|joe|joseph|steve|steven|stephen|kevin|brian|eric|erik|alex|alexander|andrew|andy|anthony|tony|george|greg|henry|harry|ian|jason|jeff|jeremy|jonathan|jon|josh|joshua|justin|kate|katie|kathy|karen|kim|laura|lauren|linda|lisa|lucy|maria|marie|megan|melissa|michelle|nancy|nick|nicole|nina|oliver|oscar|pat|patrick|phil|philip|rachel|rebecca|richard|rick|ron|rose|ruth|ryan|scott|sean|sharon|simon|sophia|sophie|stefan|susan|sue|theo|thomas|tina|victor|vicky|wendy|zoe|zach|"
        "priya|raj|ravi|anil|sunil|amit|arjun|neha|wei|li|chen|yuki|hiro|kenji|jose|juan|carlos|luis|miguel|pedro|ana|elena|marco|luca|giulia|pierre|jean|claire|ahmed|ali|omar|fatima|mohammed|aisha|olga|igor|dmitri|natasha|sven|lars|ingrid|hans|klaus|jürgen|petra|sabine|heike|monika|julia|jan|lena|felix|jonas|hannah|lea|finn|paula|moritz|mum|mom|dad|boss|grandma|grandpa|mia|dana|erin|fred|gary|gina|holly|jill|ken|larry|leah|mona|nora|owen|quinn|rita|ross|tara|ted|vera|walt|yara|diego|bea|cathy|charlie|donna|ella|evan|gabe|hugo|isla|ivy|jake|jess|jessica|jordan|kyle|maya|molly|naomi|nate|pam|ray|roy|seth|tess|toby|vince|aaron|adam|amy|amanda|angela|ashley|barbara|becky|beth|brad|brandon|cindy|claudia|diana|doug|ed|edward|elizabeth|heather|jennifer|jenny"
    ),
    evening="dinner|table|restaurant|reservation|party|movie|movies|concert|drinks|supper|gig|theater|theatre|bar|pub|film|prom|opera|dancing|nightclub|date|cinema|bbq|barbecue|netflix|bed|bedtime",
    morning="wake|breakfast|wakeup|sunrise|dawn",
    misspelt={
        "mrak": "mark", "makr": "mark", "mrk": "mark", "amrk": "mark", "dnoe": "done", "doen": "done", "odne": "done", "donr": "done", "dlete": "delete", "delte": "delete",
        "delet": "delete", "deltee": "delete", "remve": "remove", "remvoe": "remove", "resceduel": "reschedule", "reschdule": "reschedule", "reshedule": "reschedule", "rescedule": "reschedule",
        "resched": "reschedule", "reschedual": "reschedule", "teh": "the", "taks": "task", "tsak": "task", "tast": "task", "mvoe": "move", "moev": "move", "puhs": "push", "psuh": "push",
        "asign": "assign", "assing": "assign", "asing": "assign", "asigne": "assign", "snoze": "snooze", "snoooze": "snooze", "snoose": "snooze", "snoz": "snooze", "posptone": "postpone", "postphone": "postpone", "pospone": "postpone",
        "complte": "complete", "compleet": "complete", "complet": "complete", "finsh": "finish", "finsih": "finish", "fnish": "finish", "remimd": "remind", "remidn": "remind", "rimind": "remind",
        "shwo": "show", "hsow": "show", "lsit": "list", "litst": "list", "undoo": "undo", "undu": "undo", "reopn": "reopen", "renam": "rename", "completd": "completed", "udno": "undo", "renmae": "rename", "raname": "rename", "rname": "rename", "canel": "cancel", "cancle": "cancel",
        "chnage": "change", "chagne": "change", "udpate": "update", "upate": "update", "creat": "create", "adn": "and", "rmd": "remind", "rmnd": "remind", "remnd": "remind", "abuot": "about", "aobut": "about", "abotu": "about", "baout": "about", "abut": "about", "reminde": "remind",
    },
    courtesy="please|pls|plz|kindly",
    spoken_signs={"comma": ",", "semicolon": ";", "question mark": "?", "exclamation mark|exclamation point": "!", "full stop": "."},
    hesitations="soo|sooo|soooo|sooooo|ohh|ahh|aah|ughh|hmmm|mmm|mm|err|eh|ehh|uh|uhm|um|umm|erm|hmm|hm|uhh|ehm",
    yes=(
        "yes|y|yea|yeah|yep|yup|ya|aye|sure|sure thing|ok|okay|k|kk|okey|alright|right|correct|exactly|definitely|absolutely|certainly|indeed|affirmative|confirm|confirmed|i confirm|"
        "do it|do that|do so|go ahead|go for it|go on|go|proceed|continue|make it so|of course|by all means|why not|sounds good|sounds right|looks good|lgtm|fine|fine by me|fine with me|that is right|that is correct|that is fine|"
        "i am sure|i do|i am|it is|that is it|that one is right|please do|perfect|great|good|approve|approved|accept|accepted|agreed|deal|true|👍|✅|✔|☑|👌|yes i do|send it|save it|delete it|delete them|do them|add it anyway"
    ),
    no=(
        "no|n|nope|nah|nay|naw|no way|not really|not at all|not that|not those|not this|not that one|negative|wrong|incorrect|false|absolutely not|certainly not|definitely not|of course not|hell no|that is wrong|that is not it|it is not|i am not|wait|👎|❌|✖|🚫"
    ),
    leave=(
        "no idea|i have no idea|don't know|i don't know|dont know|not sure|cancel|abort|stop|quit|exit|never mind|nevermind|nvm|forget it|forget that|forget about it|drop it|do not|do not do it|do not do that|leave it|leave them|leave it alone|leave it as it is|let it be|keep it|keep them|keep that|keep all|please do not|"
        "not now|not yet|none|none of them|none of these|none of those|neither|neither of them|neither one|nothing|decline|reject|rejected|refuse|undo that|skip it|skip|rather not|i would rather not|i changed my mind|changed my mind|hold on|on second thought no|back|go back|cancel it|cancel that|stop it|stop that|i do not"
    ),
    well="please|pls|plz|thanks|thank you|thx|cheers|well|uh|um|hmm|hm|oh|ah|hey|just|only|then|i mean|i think|i guess|i said|i want|i meant|i choose|i take|i pick|i would like|make it|take|pick|choose|use|select|it is|let us take|let us do|go with|let us go with|go for|with|do|option|options|choice|answer|for me|sir|actually|maybe|probably|and|but|in fact|that would be|mark|buddy|the answer is|definitely|is",
    everything="all|both|everything|every one|everyone|each|all of them|all of these|all of those|both of them|both of these|both of those|them all|them both|the lot|the whole lot|all the tasks|all tasks|every single one|each of them|each one|these|those|them|any|all items|the two|these two|those two|the both|every task",
    apart="except|but|except for|apart from|other than|without|besides|excluding|not",
    separators="and|then|also|plus|next|after that|afterwards|but",
    command_typos="reminder|complete|completed|finished|appointment|reschedule|priority|assign|postpone|snooze|calendar|meeting",
    tells="don't|dont|i|we|it|he|she|they|there|this|that|the|my|our|his|her|their|if|since|because|as|when|now|turns|looks|seems|sounds|sorry|apologies|before|after|given|no|not|you|everyone|everybody|nobody|someone|somebody|things|today|guess|thinking|thought|considering",
    reminding="remind|reminds|reminded|reminding|reminder|reminders|remainder",
    frequent="am pm the a an to of and for on in at is are my me it this that with from by not do i you we please can what when all every by done add move task list show mark buy call",
)  # fmt: skip
