"""English words that tell what somebody wants of a task that is there, and verbs that do the same thing.

`CUES`: class → phrases. They decide nothing alone: each is a feature that the ranking weighs, and a word that the
title of the task explains ("*Cancel* gym membership is done") is no cue. `DOING`: verbs of one line may stand for
each other in a report ("got the milk" of "Buy milk"), the plain form of each.
"""

# ruff: noqa: E501 - a list of words is read along its line

CUES = {
    "done": "done|finished|complete|completed|sorted|ready|over|closed|handled|dealt with|wrapped up|off my plate|taken care of|all set|accomplished|✅|✔|✓|☑|check|checked off|ticked off|crossed off|tick off|cross off|check off|mark|in the bag|out of the way|dusted|nailed it|finally|already|just now|resolved|achieved|through with|out.|in.|live.|up to date|off my desk|off my list|works again|working again|works now|works fine|no longer needed|up and running|lgtm|lgtm'd",
    "past": "was|were|been|has|have|had|'ve|did|got|went|already|just|finally|yesterday",
    "partly": "nearly|almost|halfway|half|partly|started|begun|working on|still on|in progress|coming along|underway|waiting|pages into|busy with|not quite|about to|soon|stuck|getting there|trying|in the middle of|some of|part of|close to|in the oven",
    "not": "not|n't|never|haven't|hasn't|didn't|isn't|wasn't|weren't|don't|doesn't|won't|can't|couldn't|forgot|failed|without|unpaid|unfinished|undone|yet|havent|didnt|isnt|wasnt|dont|no|unable|fell through",
    "move": "move|moved|push|pushed|postpone|postponed|delay|delayed|shift|shifted|reschedule|rescheduled|defer|deferred|bump|bumped|put|put off|slipped|slip|switch|switched|change|changed|make it|set|bring forward|brought forward|→|->|=>|instead|rather|can wait|extension|extend|extended|give|only do|can only|now at|now on|is now|not before|earliest|latest|swap|prepone",
    "later": "later|earlier|sooner|another|forward|back|more|extra|longer|extension",
    "snooze": "snooze|sleep|hide|not now",
    "off": "cancel|cancelled|canceled|cancels|delete|deleted|remove|drop|scrap|scratch|kill|chuck|toss|forget|bin|nix|ditch|discard|erase|trash|get rid of|off the list|strike|take off|no longer|not needed|no need|don't need|dont need|not necessary|not happening|called off|is off|are off|'s off|never mind|nevermind|won't happen|obsolete|pointless|skip|keep|can't make it|not anymore|any more|anymore|unnecessary|redundant|moot|fallen through|axe",
    "back": "again|out of|back|reopen|re-open|restore|after all|undone|unmark|uncheck|not done|still open|actually|turns out|redo|returned|reopened|put back|bring back|isn't done|wasn't done|not finished|unfinished|never got|hasn't been",
    "fault": "broke|broken|failed|fails|stuck|leaks|leaking|down.|dead|missing|faulty|jammed|crashed|wrong|rejected|bounced|doesn't work|not working|blocked|worse",
    "high": "urgent|asap|important|critical|top|high|priority|prio|higher|first|crucial|most important|rush|emergency|highest|bump|raise|escalate|matters most|pressing|p1|p2|vital",
    "low": "low|lower|lowest|not urgent|no rush|not important|isn't important|whenever|less|unimportant|not that important|isn't that important|not so important|p3|p4|minor|relax|no hurry|drop to|calm down|not a priority|least",
    "question": "?|what|when|where|who|which|whose|how|why|whats|what's|when's|who's|where's|is there|are there|do i|did i|have i|am i|is the|is my|are the|should i|can i|show|list|find|search|tell me|what about|how about|anything|look up|remind me what|see|status of",
    "help": "how do i|how can i|how to|how does|what can you|help|explain how|can you explain",
    "note": "note|btw|by the way|fyi|comment|info|remark|remember that|keep in mind|notes|note that|add that|append|details",
    "new": "add|new|create|another|too|also|second|extra|more|need|buy|remind me to|remind me|must|have to|got to|gotta|need to|should|want to|wants|asked|has to|needs|don't forget|dont forget|must not forget|remember to|put down|jot|todo|to do",
    "rename": "rename|call it|retitle|reword|change the title|should be called|rephrase|edit",
    "assign": "assign|assigned|give|give to|goes to|reassign|takes|take over|will take|takes over|will do|hand over to|delegate|delegated|->|handles|will handle|is doing|owns|responsible",
    "tag": "tag|label|+|#|untag|tagged|category|file under",
    "all": "all|everything|both|every|whole|entire|two|three",
    "except": "except|but not|apart from|besides|other than|all but|everything but",
    "list": "list|on my list|on the list|to my list|to the list|tasks|task|todo|item|one|thing|stuff",
    "undo": "undo|whoops|oops|revert|take that back|mistake|my bad|ctrl-z",
    "thanks": "thanks|thank you|thx|cheers|hello|hi|hey|good morning|good evening|good night|bye|great|cool|nice|lol|haha|ok|okay|welcome",
    "feeling": "mad|insane|crazy|tired|love|hate|killing me|driving me|annoying|boring|ugh|prices|expensive|sucks|happy|sad|nuts|sick of|glad|lately|weather|funny|worried",
    "clear": "no deadline|no due|without date|drop the deadline|remove the date|remove the deadline|clear the date|no date|deadline|whenever|someday|due date|undated",
    "say": "spoke|talked|told|heard|met|reached",
    "own": "i|we|me|i'm|i've|we've|ive|im|my",
    "other": "he|she|they|prof|boss|mom|dad|it",
    "move_verb": "move|push|postpone|reschedule|delay|shift|put|set|make|switch|defer|bump",
}

# Words that carry nothing by themselves.
SMALL = """
a an the this that these those my our your his her their its it he she they i we you me us them him and or but so
to of for on in at by with from about into as is are was were be been am do does did has have had will would can
could should shall may might must just really very quite also too then there here now well oh ah ok okay please pls
yes yeah no not all any some one ones thing things stuff task tasks todo item up out off over down back again still
yet already finally got get gets let us want wants need needs like go goes going gone make makes made put puts take
takes if when what which who whom whose where why how because than more most less much many few lot bit way s t ve re
ll d m im ive dont didnt isnt wasnt havent hasnt cant wont its thats whats hes shes theyre only even ever own same
other another such both each every either neither per via re w regarding concerning today tonight tomorrow time
"""

# The plain forms of verbs that may report each other; the first names the class.
DOING = """
buy get purchase grab pick_up acquire order fetch shop
order buy book get
collect pick_up fetch get grab retrieve obtain
call ring phone telephone speak talk contact reach dial chat catch_up
email mail write message contact send reply answer text
text message write sms
send mail email post dispatch submit deliver ship forward
submit send hand_in file turn_in upload hand lodge deliver
hand_in submit deliver turn_in
file submit send do hand_in lodge
pay settle transfer clear
fix repair mend sort patch solve work
finish complete write do wrap_up draft finalize finalise
write draft finish compose type publish send do
draft write
prepare prep make do ready
make prepare bake cook do
bake make cook
clean wash tidy scrub wipe mop vacuum hoover dust
tidy clean sort organise organize declutter
do finish complete handle make
book reserve arrange schedule organise organize hire make get
hire rent book get reserve
arrange organise organize book schedule make
schedule book arrange make plan
return bring_back take_back give_back bring
take_out put_out bring_out empty
renew extend prolong update
replace swap change install fit renew
change update replace swap tell
update change edit
review check read approve look lgtm
read finish
check review look inspect
cancel terminate end quit call_off unsubscribe
sell flog offload take get
give hand gift pass donate bring have
borrow lend get
lend give
register enrol enroll sign_up apply
apply register send submit
sign initial
mow cut trim
trim cut prune
cut trim mow
plant sow put
water
feed
paint decorate
set_up install configure connect work
install set_up fit mount
launch release ship deploy publish go_live
migrate move transfer
deploy release ship roll_out
interview meet speak talk
meet see talk speak
visit see
design create make draw sketch deliver
edit retouch cut touch_up
pack prepare
print
order
find get hire
hang put_up mount
walk take_out
study learn revise
attend go
reply answer respond email write
plan organise organize
move
turn flip
claim get
drop_off bring take deliver leave
bring take deliver
wrap pack
test try
ask talk speak
"""

# How a change is said plainly, for the grammar to read its slots: {} is the words that were said.
PLAINLY = {
    "new": "add a new task: {}",
    "move to": "move it to {}",
    "move later": "move it {} later",
    "move earlier": "move it {} earlier",
    "move": "move it {}",
    "snooze until": "snooze it until {}",
    "snooze by": "snooze it by {}",
    "level": "set it to {} priority",
}
EARLIER = "earlier|sooner|forward|early|ahead|before"
LEVELS = {
    "urgent": "Urgent",
    "asap": "Urgent",
    "critical": "Urgent",
    "emergency": "Urgent",
    "highest": "Urgent",
    "p1": "Urgent",
}
NOT_LEVELS = frozenset({"not", "n't", "anymore", "less", "longer", "lower"})
"""Words beside "urgent" that take it back."""
ONE_MORE = "another|one more|an extra|a further"
"""In front of a length of time: one of it."""
CORRECTING = "no|nope|sorry|oh|oops|wait|hm|hmm|actually|and|but|well|er|uh|my bad|not that|that's wrong|wrong|hang on|scratch that"
"""How somebody begins to take back what they have just said; one of the first four or more of them must be said."""
TAKES_BACK = frozenset("no nope sorry oops wait actually wrong not bad meant mean scratch".split())  # noqa: SIM905
MEANT = "i meant|i mean|make that|it should be|should be|rather|i wanted|it's|let's say|better"
ORDERS = "delete|remove|erase|trash|scrap|kill|drop|bin|discard|cancel|chuck|toss|nix|axe|ditch|clear|rm|del|purge|rid|scratch"
"""Words that order to delete, at the beginning."""
REMINDERS = "reminder|reminders|alarm|alarms"
"""What reminds of a task, and a task that reminds."""
