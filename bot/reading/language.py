"""A cheap gate: whether a message is English and long enough to be read at all."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reading.clean import SENTENCE_MARKS

FEWEST_WORDS = 4
"""Shorter messages are fragments; the codebook lets nothing be read into them."""

ENGLISH = frozenset(
    """
    a about after again all also am an and any are aren't as at be because been before being both but by can can't could
    did didn't do does doesn't doing don't down each even every everyone few for from get gets getting go goes going got
    had has have he her here him his how i i'll i'm i've if in into is isn't it it's its just know let let's like made
    make me more most much my need no nobody not now of off on once one only or other our ours out over own please put
    said same say see she should so some still such take than thank thanks that that's the their them then there these
    they they're thing this those through time to today tomorrow too two up us very want was way we we'll we're we've
    well were what when where which while who why will with won't would yes yet you you're your
    """.split()
)
"""Common English words: proof of English, and too common to start looking for a cue from."""

AT_WORK = frozenset(
    """
    adopted ahead approved archived best bin board boss budget call calls channel channels chat check client
    clients closed coffee colleagues consultant customer customers cut daily dashboard day days deadline deleted
    done drop end everybody exec executive feed feedback feeds fewer forms forum friday full games group growth
    guest guests guidance half head hour hours hundred ideas internal intranet issued leaderboard leads league
    leave less likes list listed logged lunch manager managers meeting meetings members message messages minute
    minutes monday month monthly months morning must names never newsletter next numbers office officer open order
    orders owner page pages paid passenger passengers patients paused phase phone plan points policy post posted
    posters posts profile quarter quarterly quota rank ranked ranking replaced replies reply report reports rivals
    round rules sales says score scored scores screen sector ship shipped shut sign signed slides speed staff
    start starts step story strictly students suggestion suggestions supplier support survey switched target
    targets team teams template ten tenants thirty thursday tool tools training tuesday twenty user users using
    vendor visitors volunteers wall wednesday week weekend weekly weeks win wins work workers workshop write year
    yearly zero
    """.split()
)
"""More proof of English: what short lines at work, without any small word, are made of."""

ELSEWHERE = (
    frozenset(
        """
    el los las una unos que por para con como pero muy esta está este eso qué más también porque ya lo le del al se su
    le les des une du est et dans pour pas sur avec vous nous ils elle je suis c'est ça mais où être plus tout
    der die das und ist nicht ich wir ihr sie ein eine einen mit für auf auch noch aber wie wenn dass zu den dem von
    il lo gli uno di che è per non sono con della nel più questo anche ma perché
    o os um uma não com mais isso você está são também mas muito do da em no na
    de het een niet dat ik je wij zijn met voor ook maar wat naar op te van
    och att det som en på är av för med till
    w na nie jest się że do to jak ale
    """.split()
    )
    - ENGLISH
)
"""Common words of Spanish, French, German, Italian, Portuguese, Dutch, Swedish and Polish that are not English."""


def readable(text: str, tokens: Sequence[str], words: frozenset[str] | set[str]) -> bool:
    """Whether to read on: enough words, in Latin letters, and English rather than another language.

    `tokens` are the lower-case words and sentence marks of `text`, `words` the set of them.
    """
    count = len(tokens)
    if count < 2 * FEWEST_WORDS and sum(token not in SENTENCE_MARKS for token in tokens) < FEWEST_WORDS:
        return False
    if not text.isascii() and _foreign_letters(text):
        return False
    english = len(words & ENGLISH)
    if english >= 3 and english * 4 >= count:
        return True
    english += len(words & AT_WORK)
    elsewhere = len(words & ELSEWHERE)
    return elsewhere <= english and (english > 0 or count < 8)


def _foreign_letters(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    latin = sum(1 for letter in text if letter < "ɐ" and letter.isalpha())
    return latin * 10 < letters * 7
