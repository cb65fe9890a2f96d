"""What a message is about, out of a closed list, so that a question can pick it up."""

from __future__ import annotations

from collections.abc import Sequence

_WORDS: dict[str, str] = {
    "assistant": "assistant|assistants|copilot|chatgpt|gpt|gemini|chatbot|chatbots|ai assistant|note taker|llm",
    "app": "app|apps|application download",
    "platform": "platform|platforms|intranet|workspace|portal|wiki",
    "licences": "licence|licences|license|licenses|seats",
    "dashboard": "dashboard|dashboards|big screen",
    "leaderboard": "leaderboard|leaderboards|leader board|scoreboard|league table",
    "target": "target|targets|quota|quotas|goal|goals|kpi|kpis|okr|okrs",
    "ranking": "ranking|rankings|ranked|rank|top ten|bottom of the|top of the table|percentile|quartile",
    "survey": "survey|surveys|pulse|questionnaire|enps|poll|polls",
    "posts": "posts|comments|replies|reactions|likes|post count|messages",
    "members": "members|membership|sign ups|signups|subscribers|followers|headcount",
    "kudos": "kudos|shout out|shout outs|shoutouts|thank you notes|thank you cards|thank yous|recognition|praise",
    "attendance": "attendance|attendees|turnout|participation|bums on seats",
    "score": "score|scores|rating|ratings|index|stars",
    "campaign": "campaign|campaigns|appeal|promotion",
    "customers": (
        "customer|customers|client|clients|patient|patients|users|players|shopper|shoppers|donor|donors|residents|guests|"
        "families|relatives|tenants|visitors|subscribers"
    ),
    "launch": "launch|launches|launching|release|go live|release date",
    "deadline": "deadline|deadlines|due date|end of the month|end of the quarter",
    "competitors": "competitor|competitors|competition|rival|rivals|other sites|other teams|other companies",
    "trend": "trend|trends|trending|viral|hype|everyone's doing",
    "inspection": "inspection|inspections|inspector|inspectors|audit|audits|auditor|auditors|accreditation|ofsted|iso",
    "one_to_ones": "1:1|1:1s|one to one|one to ones|one on one|one on ones|1 to 1|supervision",
    "meetings": "meeting|meetings|stand up|standup|standups|huddle|huddles|handover|handovers|retro|retros|debrief",
    "onboarding": "onboarding|induction|inductions|new starter|new starters|new joiners|welcome walk|welcome call",
    "form": "form|forms|template|templates|tick sheet|checklist|spreadsheet|dropdown",
    "automation": "automation|automated|automate|automatic|bot|bots|script|workflow|robot|robots",
    "supplier": "supplier|suppliers|vendor|vendors|rep|account manager|provider|manufacturer",
    "consultants": "consultant|consultants|consultancy|analyst|analysts|adviser|advisor|coach|agency|gartner",
    "report": "report|reports|white paper|whitepaper|benchmark|benchmarks|benchmarking",
    "best_practice": "best practice|best practices|best in class|industry standard|gold standard|playbook|framework",
    "sales": "sales|revenue|deal|deals|pipeline|bookings",
    "delivery": "delivery|deliveries|deliver|output|throughput|shipping|parcels|discharges|sprint|milestone",
    "breaks": "break|breaks|lunch|lunches|kettle|brew|coffee|tea|canteen",
    "get_together": "party|parties|social|socials|choir|birthday|leaving do|away day|picnic|quiz|secret santa",
    "newsletter": "newsletter|newsletters|bulletin|podcast|blog",
    "training": "training|course|courses|workshop|workshops|webinar|e learning|study day|mentoring",
    "programme": "programme|program|scheme|initiative|pilot|ambassadors|champions",
    "community": "community|communities|forum|network|group chat|channel",
}

TOPICS = tuple(_WORDS)
"""Every topic there is, as in prompts/."""

_SINGLE: dict[str, tuple[str, ...]] = {}
_LONGER: dict[str, list[tuple[list[str], str]]] = {}
for _topic, _listed in _WORDS.items():
    for _phrase in _listed.split("|"):
        _first, *_rest = _phrase.split()
        if _rest:
            _LONGER.setdefault(_first, []).append(([_first, *_rest], _topic))
        else:
            _SINGLE[_first] = (*_SINGLE.get(_first, ()), _topic)
_VERBS_TOO = frozenset("posts comments replies reactions likes messages scores rank deliver launches ranks".split())
"""Words that name a topic as a noun and none as a verb ("if anyone posts a photo")."""

_BEFORE_A_VERB = frozenset(
    "who he she it anyone anybody someone somebody everyone everybody nobody ever never always often sometimes rarely"
    " seldom usually to i we you they".split()
)
_AFTER_A_VERB = frozenset(
    "a an the this that these those his her their my our your it them something anything about".split()
)
_BEFORE_A_NOUN = frozenset(
    "the our of more many fewer all no these those most new good some any hundred your their my".split()
)

_FIRST_WORDS = frozenset(_SINGLE) | frozenset(_LONGER)


def topics_of(tokens: Sequence[str], words: frozenset[str] | set[str]) -> tuple[str, ...]:
    """Topics in the order in which lower-case `tokens` name them, each once; `words` is the set of the tokens."""
    if _FIRST_WORDS.isdisjoint(words):
        return ()
    named: dict[str, None] = {}
    for place, token in enumerate(tokens):
        if token not in _FIRST_WORDS or (token in _VERBS_TOO and _is_verb(tokens, place)):
            continue
        for phrase, topic in _LONGER.get(token, ()):
            if list(tokens[place : place + len(phrase)]) == phrase:
                named[topic] = None
        named.update(dict.fromkeys(_SINGLE.get(token, ())))
    return tuple(named)


def _is_verb(tokens: Sequence[str], place: int) -> bool:
    before = tokens[place - 1] if place else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else ""
    if before in _BEFORE_A_NOUN or before.isdigit():
        return False
    return after in _AFTER_A_VERB or before in _BEFORE_A_VERB
