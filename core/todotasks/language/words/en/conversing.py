"""English words by which a message goes on from the one before: "and the other one too", "only tomorrow's".

Lists are separated by `|`. What they change is told by what was done or shown last.
"""

# ruff: noqa: E501 - a list of words is read along its line

LEADS = "and|also|ok|okay|now|then|so|well|oh|ah|hm|hmm|yes|yeah|please|but|great|good|thanks|thx|cool|right|next|done|plus"
"""May stand in front, and say nothing of it."""
TRAILS = "too|as well|also|please|now|then|thanks|is done|are done|done"
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
MISTAKE = "mistake|wrong|error|accident|incorrect|oops|whoops|mistaken|misclick|typo"
EMPTY = "that|it|this|was|is|were|did|do|have|has|i|i'm|am|a|an|the|my|by|me|we|you|one|them|they|those|sorry|wait|oh|oops|nvm|lol|haha|hm|hmm|ah|um|er|well|actually|sorry|please|ok|okay|be|but|to|ugh|damn|afraid|think|just|still|reopen|undo|back|nevermind|never|mind|must|had|been|made"
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
TAKING_BACK = "no|nope|wait|sorry|oops|actually|hm|oh|ah|well|not|hang on"
BEFORE = "the one before|the one before that|one before|once more|again|one more|another|the previous one|the previous|one more time|the one before it"
"""Behind an undo: one further."""
OWN = "what|what's|whats|which|who|who's|when|where|how|why|show|list|find|search|whose|is|are|do|did|can"
"""What begins so asks for a list of its own."""
HENCE = (
    "from then on|from now on|from here on|going forward|in future|in the future|from next time on|henceforth"
)
REPEATING = "make it {}"
