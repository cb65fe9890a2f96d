"""The names of the four paths on which organisations "go social" (A2, CODEBOOK)."""

from __future__ import annotations

from enum import StrEnum


class SocialPath(StrEnum):
    """A path's id as it stands in prompts/ and in a round's counts; ids never change, and the order is A2's."""

    TECHNOLOGY = "technology"
    SOCIAL_BUSINESS = "social_business"
    COLLECTIVE_VALUES = "collective_values"
    PRODUCT_RESONANCE = "product_resonance"
