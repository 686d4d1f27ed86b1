"""Turns that say nothing by themselves, and answers between turns, for invented contexts. Called by train.py."""

CONTINUATIONS = """yes please|yes|ok, do it|go ahead|and the second one?|what about the other option|sure, sounds right
make it shorter|again, but simpler|the first one|why?|no, the other one|in blue if possible|around ten|two of them
more detail please|that's not what I meant|can you continue|continue|I'd rather have the cheaper one|same for the rest
that works for me|not that one|how long will it take|good, next|hmm, try again|what would you do|tomorrow is better
how much is that|is that all|anything else I should know|ja bitte|weiter|sí, por favor|oui, vas-y|next|go on
still wrong|it did not work|and then?|looks good, keep going|use the second variant|ok thanks, and the rest?"""
CONTINUATIONS = [part for line in CONTINUATIONS.split("\n") for part in line.split("|")]

ANSWERS = """Sure, I can help with that. Could you give me a little more detail?|Of course. Do you have a preference?
Here is a first version.|Done. Anything else?|I found a few options, which one do you like?|Okay, is it for today?
Got it. Shall I go on?|Yes, that's possible.|That depends on a few things.|I see. When does it happen?|Here you go.
Alright, how many do you need?|I changed it as you asked.|There are two ways to do this."""
ANSWERS = [part for line in ANSWERS.split("\n") for part in line.split("|")]
