"""English words by which a message goes on from the one before: "and the other one too", "only tomorrow's".

Lists are separated by `|`. What they change is told by what was done or shown last.
"""

# ruff: noqa: E501 - a list of words is read along its line

LEADS = "and|also|ok|okay|now|then|so|well|oh|ah|hm|hmm|yes|yeah|please|but|great|good|thanks|thx|cool|right|next|done|plus"
"""May stand in front, and say nothing of it."""
TRAILS = "too|actually|after all|as well|also|please|now|then|thanks|is done|are done|done"
"""May stand behind, and say nothing of it."""
SAMENESS = "and|also|too|as well|likewise|ditto|same|plus|both"
"""One of these is said where the same is to be done to another thing."""
SAME = "the same for|the same with|the same goes for|the same to|same for|same with|same goes for|same to|same thing with|same thing for|do the same for|do the same with|do the same to|likewise|ditto for|ditto|so is|so are|as is"
OTHER = "the other one|the other|other one|the other task"
OTHERS = "the others|the other ones|all the others|all others|the rest|the rest of them|the remaining ones|the remaining|the other two|the other three|what is left|everything else|all the rest"
NEGATES = (
    "not|n't|never|no|nope|didn't|haven't|hasn't|isn't|wasn't|didnt|havent|hasnt|isnt|wasnt|aren't|don't|dont"
)
SO_FAR = "yet|done|finished|complete|completed|really|quite|actually|after|all|true|correct|right|so"
"""Beside "not" they say that something is not done."""
CHANGED_MIND = "not after all|after all not|scratch that|scratch it|strike that|forget that|rather not|better not|on second thought|on second thoughts|second thoughts|i changed my mind|i've changed my mind|changed my mind|don't do that|don't do it|leave it as it was|leave it as it is"
"""With nothing but a "no" and a sigh around it: what was just changed is taken back."""
DOES_IT = "{} does it|{} does that|{} does this|{} does that one|{} will do it|{} will do that|{}'ll do it|{}'s doing it|{} is doing it|{} is doing that|{} takes it|{} takes that|{} takes over|{} takes care of it|{} has it|{} can do it|{} can do that|{} should do it|{} should do that|{} wants to do it|it's {}'s|that's {}'s|that's for {}|it's for {}|give it to {}|let {} do it"
"""Who a task is given to, behind "no": the task is what was said last."""
NO_NAMES = "everyone|everybody|nobody|anyone|anybody|people|it|that|this|who|he|she|they|we|you|i|one|someone|somebody|me|us|myself|him|her|them"
RENAMING = "rename to|retitle to|change title to|change the title to|change name to|change the name to|rename it to|new title"
"""In front of a title, with no task named: that of what was said last."""
MISTAKE = "mistake|wrong|error|accident|incorrect|oops|whoops|mistaken|misclick|typo"
EMPTY = "they're|it's|that's|he's|she's|we're|that|it|this|was|is|were|did|do|have|has|i|i'm|am|a|an|the|my|by|me|we|you|one|them|they|those|sorry|wait|oh|oops|nvm|lol|haha|hm|hmm|ah|um|er|well|actually|sorry|please|ok|okay|be|but|to|ugh|damn|afraid|think|just|still|reopen|undo|back|nevermind|never|mind|must|had|been|made"
ONES = "the ones|the one|those|the tasks|the things|things|anything|tasks|ones|stuff|something|what is"
ASKING = "and what about|and how about|what about|how about|and|also|what of"
ONLY = "only|just|of those|of these|of them|from those|among those"
SHOWING = "show tasks {}"
DOING_IT = "do it|do that|do this|do them|make it|make that|make them|set it|let us do it|let's do it|let's do that|let's say|have it|put it|better|rather|i'll do it|i will do it|i'll do that|move it|it is for|that is for"
"""In front of a time they move what was said last."""
COMPARED = "earlier|later|sooner|before that|after that"
"""Behind a length of time: counted from what it was."""
JUST = "only|just"
"""Of several, this one."""
NOT_BEHIND = "not|not yet|isn't|is not|aren't|are not|isn't yet|is not yet|isn't done|is not done|not done|not done yet|isn't done yet|is still open|still open|wasn't|was not|not after all|not really"
TAKING_BACK = "on second thought|on second thoughts|thinking about it|come to think of it|no|nope|wait|sorry|oops|actually|hm|oh|ah|well|not|hang on"
BEFORE = "the one before|the one before that|one before|once more|again|one more|another|the previous one|the previous|one more time|the one before it"
"""Behind an undo: one further."""
OWN = "what|what's|whats|which|who|who's|when|where|how|why|show|list|find|search|whose|is|are|do|did|can"
"""What begins so asks for a list of its own."""
HENCE = (
    "from then on|from now on|from here on|going forward|in future|in the future|from next time on|henceforth"
)
REPEATING = "make it {}"
ANSWERING = "hold on|hang on|wait|it was|that was|it's|its|it is|i meant|i mean|i called|the one called|the one named|called|named|of course|naturally|obviously|sorry|actually"
"""In front of an answer or behind it, and says nothing of which one."""
ANSWERING_BEHIND = (
    "i believe|i suppose|i'd say|i would say|for now|first|at least|it was|it is|that is|that was"
)
NOT_THESE = "all but|all except|all except for|everything but|everything except|everything except for|all of them but|all of them except|any but|anything but|keep|leave|spare|but keep|but leave|except|except for|apart from|but not"
"""All but what follows."""
NOT_THIS = "not|isn't|it's not|it is not|it wasn't|not for|definitely not|certainly not"
"""What follows is not meant; the rest may be."""
PARTING = "and also|and|also|as well as|plus|or rather|und"
FORMER = "the former|former"
LATTER = "the latter|latter"
SOONER = "whichever is due first|whichever comes first|whatever is due first|the one that comes first|the first one due|the next one due|the earlier one|the earlier|the earliest|the earliest one|the sooner one|the sooner|the one due first|the one that is due first|the one that's due first|the more urgent one|the older one"
LATER_ONE = "the later one|the later|the latest|the latest one|the one due last|the one that is due last|the one due later|the one that's due later"
PLURALS = "ones|those|these|all|both|tasks"
WHICH_IS = "due|one|ones|task|tasks|called|named|due's"
"""Words of an answer that name nothing."""
BOTH = "both|both of them|both of those|the two of them|all of them|all of those|all three|all"
"""Of what was offered, also what was not chosen."""
MEANT_BEHIND = "i meant|i mean|that i meant|which i meant|i was talking about|i had in mind"
IT_WAS = "it was|it is|it's|that was|that is|that's"
NEIGHBOURS = {
    "the day before|the day before that|on the day before|a day before|the previous day": "a day earlier",
    "the day after|the day after that|on the day after|a day after|the following day|the next day": "a day later",
    "the week before|the week before that|a week before": "a week earlier",
    "the week after|the week after that|a week after|the following week": "a week later",
}
"""Times that are counted from what was said of it before."""
POINTED = "it|that|this|that one|this one|them|those|these|those ones|these ones|that task|this task|that one there|him|her"
"""What was touched last."""
CLOSING = "then|please|though|thanks|thank you|actually|instead|rather|if possible|after all|or so|maybe|i think|i guess|than that|than planned"
"""Behind a correction, and says nothing of it."""
RIGHT = "was right|was correct|was fine|was okay|was ok|was better|was the right one|is right|is correct|is better|is fine|is good|is okay|works|works better|suits me better|would be better|would be fine|it is|it was"
"""Behind a value: it is that one."""
AS_BEFORE = "the old time|the old date|the old day|the old one|the old name|the old title|the first time|the first date|what it was|what we had|what it said|the way it was"
"""Of which RIGHT is said when it is to be as it was before."""
STAYING = "can stay|can stay as it is|can stay as they are|can stay where it is|can stay where they are|can stay there|should stay|stays|stay|stays as it is|stay as they are|stays where it is|can remain|remains|must stay|has to stay|have to stay"
"""Behind what is not meant after all; a time that follows is when it is due instead."""
STAYING_WITH = "with him|with her|with them|with me|with us|with you|as is|as it is|as they are|as it was|where it is|where they are|there|put|open|on it|like that|the same"
NEED_NOT = "doesn't|doesn't have to|doesn't need to|doesn't need to be|need not be|needn't be|isn't|aren't|is not|don't have to|don't need to|don't need to be|don't|does not|does not need to be|does not have to be|doesn't have to be|don't have to be|wasn't|weren't|hasn't|haven't"
"""Behind one of several things: what was said of all is not so of it."""
IT = "it|that|this|that one|this one|the task"
POLITELY = "please|pls|can you|could you|would you|can you please|could you please|ok|okay|and|also|now|hey|thanks|thank you"
UNFINISHED = {
    "due": "move {}|reschedule {}|postpone {}|push {}|push back {}|push {} back|delay {}|shift {}|defer {}|put off {}|put {} off|change the date of {}|change the due date of {}|change the deadline of {}|change the time of {}|move the date of {}|move the deadline of {}|set a date for {}|set a due date for {}|set a deadline for {}|change when {} is due|give {} a deadline|give {} a due date",
    "snooze": "snooze {}",
    "assignee": "assign {}|reassign {}|delegate {}|hand over {}|hand {} over",
    "title": "rename {}|retitle {}|reword {}|change the title of {}|change the name of {}",
    "priority": "change the priority of {}|set the priority of {}|set a priority for {}|change {}'s priority",
    "tag": "tag {}|label {}|add a tag to {}|put a tag on {}|add a label to {}",
}
"""Orders to change something that do not say into what."""
SOME_OTHER = "to another day|to a different day|to some other day|to another time|to a different time|to another date|to a different date|to someone else|to somebody else|to someone|to somebody|to something else|to later|a bit|a little"
VALUE_LEADS = "to|on|at|as|make it|make that|let's say|say|it's|call it|give it to|with|how about|what about|maybe|oh|um|well|ok|yes|sorry|please"
"""In front of a value, and no part of it."""
TITLE_LEADS = "to|call it|it should be called"
TO_VALUE = "to|until|till|as|by"
DETAILS = {
    "due": ("move it to {}", "move it {}"),
    "snooze": ("snooze it {}", "snooze it until {}", "snooze it for {}"),
    "assignee": ("assign it to {}",),
    "title": ("rename it to {}",),
    "priority": ("set it to {} priority", "set its priority to {}"),
    "tag": ("tag it {}", "tag it with {}", "add the tag {} to it"),
}
DENYING = "not|n't|but|except|without|besides|neither|nor"
UNDATED = "the one without a date|the one with no date|the one that has no date|the undated one|without a date|no date|the one without a due date|the one without date"
ARTICLES = "a|an|the|that|this|and|i|did|it|is|was|with|my|of|'s|s"
ERRANDS = "send|forward|give|bring|hand|pass|move"
ONE = "one|ones"
THOUGHT = "thought|thoughts|thinking|think"
CAN_DO = "can|could|will|'ll|should|is going to|wants to|has to|must"
"""Between a person and a verb of what the talk is about: Dad *can* bake them."""
ERRANDS_OR_ORDERS = "cancel|clear|drop|remove|close|finish|stop|change|switch|swap|return"
"""In front of what is there they change it; in front of what is not they may begin a new task."""
NOTING = "add a note that|add a note saying that|add a note saying|put in a note that|make a note that|add the note that|with a note that"
NOTE_TO_IT = "add a note to it: {}"
BACK_BEHIND = "again|back|after all"
STATES = "is|are|was|were|has|have|had|will|can|should|must|needs|need"
WHAT_HAS = "what does {} have|what does {} have to do|what has {} got|what has {} got to do|what is {} doing|what is {} working on|what's {} doing|what's {} got|what's on {}'s plate|what is on {}'s plate|what's {} working on|what does {} do|show {}|show me {}|list {}"
"""Questions for what a person has to do: {} is the person."""
SO_FAR_BEHIND = (
    "now|right now|at the moment|currently|so far|still|left|to do|these days|altogether|then|again"
)
"""Behind them, and says nothing of it."""
GIVEN = "<what> is <who>'s job|<what> is <who>'s|<what> is <who>'s turn|<what> is up to <who>|<what> goes to <who>|<what> is on <who>|<what> is for <who>|<what> will be done by <who>|<who> takes <what>|<who> is doing <what>|<who> will do <what>|<who>'ll do <what>|<who> can do <what>|<who> should do <what>|<who> does <what>|<who> has <what>|<who> takes over <what>|<who> takes care of <what>|let <who> do <what>"
"""Who does what, where there is such a thing."""
DETERMINERS = "the|my|our|his|her|their|that|this|those|these"
INSTEAD = "but|rather|but rather|instead"
OF_WHICH = "for the|for|with the|of the|of"
REMINDING = {"remind {} of": "remind me of", "remind {} about": "remind me about"}
"""Somebody else is to be reminded of what there is."""
SAME_DAY = "on the same day|on that same day|the same day|same day|on that day"
ON_DAY = "on {}"
THEM_BOTH = {"them both|both of them|both of those|both of these|these two|those two|the two of them": "both"}
QUANTIFIERS = "everything|anything|all of the tasks|all the tasks|all tasks|all things|all|every task|whatever is|whatever"
"""In front of words that say which tasks: all of them are meant."""
THEIRS = "everything of his|everything of hers|everything of theirs|everything he has|everything she has|all of his tasks|all of her tasks|all of their tasks|all his tasks|all her tasks|all their tasks|his tasks|her tasks|their tasks|his stuff|her stuff|their stuff|his things|her things|their things|his jobs|her jobs|his todos|her todos|everything on his plate|everything on her plate"
"""The tasks of somebody who was named before."""
OF_WHOM = "of|from|by|for|with|'s|s|'|that|which|is|are|has|have|does|do|assigned|to|belongs|belonging|tasks|task|things|owns|got"
"""Beside a name they say that it is theirs."""
PRONOUNS = "it"
MOVING = "move {}"
