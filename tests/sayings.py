"""Anything that Kith could say, for the platforms' property tests: any message, any form."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.domain.speech import (
    Bar,
    Choice,
    Emphasis,
    Field,
    FieldKind,
    Form,
    Listing,
    Message,
    Option,
    Paragraph,
    Picture,
)

texts = st.one_of(
    st.text(max_size=200),
    st.builds(
        lambda word, times: word * times,
        st.sampled_from(["word ", "x", "é", "<!channel> ", "\n"]),
        st.integers(0, 4000),
    ),
)
ids = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=40)
paragraphs = st.builds(Paragraph, text=texts, emphasis=st.sampled_from(Emphasis))
listings = st.builds(Listing, items=st.lists(texts, max_size=30).map(tuple))
bars = st.builds(Bar, label=texts, count=st.integers(0, 99))
pictures = st.builds(
    Picture, title=texts, bars=st.lists(bars, max_size=9).map(tuple), people=st.integers(0, 99), text=texts
)
choices = st.builds(Choice, id=ids, label=texts, about=texts)
messages = st.builds(
    Message,
    body=st.lists(st.one_of(paragraphs, listings, pictures), max_size=70).map(tuple),
    choices=st.lists(choices, max_size=60).map(tuple),
)
options = st.builds(Option, value=st.text(max_size=200), label=texts)
fields = st.builds(
    Field,
    id=ids,
    label=texts,
    kind=st.sampled_from(FieldKind),
    hint=texts,
    options=st.lists(options, max_size=120).map(tuple),
    value=st.lists(st.one_of(texts, st.sampled_from(["09:00", "9:70", "24:00"])), max_size=3).map(tuple),
    error=texts,
    most=st.one_of(st.none(), st.integers(-1, 5000)),
)
forms = st.builds(
    Form,
    id=ids,
    title=texts,
    submit=texts,
    fields=st.lists(fields, max_size=12).map(tuple),
    about=texts,
    intro=texts,
)
