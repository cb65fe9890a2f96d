"""The themes of check-ins: what an organisation may want to look at now and then."""

from __future__ import annotations

from enum import StrEnum


class Theme(StrEnum):
    """What the questions of a check-in are about; the first seven are the wise ends of A1's contrasts, in its order."""

    PURPOSE = "purpose"
    PEOPLE_INSIDE = "people_inside"
    VISION = "vision"
    CREATING_TOGETHER = "creating_together"
    WHAT_WE_HAVE = "what_we_have"
    BEHIND_NUMBERS = "behind_numbers"
    WHOLE_ORGANISATION = "whole_organisation"
    DELIGHT = "delight"
    NOT_HEARD = "not_heard"
