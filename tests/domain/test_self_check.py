"""Rules of the checks: what is put forward, what a button carries, how answers are counted, whatever was placed."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from bot.domain import path_check
from bot.domain.content import Side
from bot.domain.content_rules import MOST_WORDS, faults_in
from bot.domain.own_words import OwnWords, one_line
from bot.domain.path_check import ENOUGH, PARTS, STAY, TALLY_KEYS, Round, Tally, counted, paths_of, stands, statements
from bot.domain.paths import SocialPath
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.self_check import (
    LONGEST_PLAN,
    MOST_TALKS,
    STEPS,
    UNKNOWN,
    PlanCheck,
    asked,
    end_at,
    fitting,
    packed,
    place_of,
    plan_name,
    standing_on,
    unpacked,
    worth_a_talk,
)
from tests.talk import MONDAY

CONTENT = shipped_content()
STATEMENTS = statements(CONTENT.paths)

places = st.fixed_dictionaries({pattern: st.none() | st.integers(-2, 2) for pattern in MESSAGE_PATTERNS})
plans = st.text(min_size=1, max_size=LONGEST_PLAN + 20).map(plan_name).filter(bool)
checks = st.builds(lambda plan, where: PlanCheck(plan=plan, places=where), plans, places)
ticks = st.sets(st.sampled_from(STATEMENTS))
own_paths = st.sets(st.sampled_from(SocialPath))


def toward_the_article(check: PlanCheck, pattern: Pattern) -> int | None:
    place = check.places[pattern]
    return None if place is None else place * (1 if CONTENT.contrasts[pattern].asks_from is Side.RIGHT else -1)


@given(checks)
def test_a_button_carries_a_check_there_and_back(check: PlanCheck) -> None:
    assert unpacked(packed(check)) == check
    assert len(packed(check)) <= LONGEST_PLAN + 8


@given(st.text(max_size=120) | st.from_regex(r"\A[1-5-]{6,8}:.{0,90}\Z"))
def test_whatever_a_button_carries_is_a_check_of_ours_or_nothing(about: str) -> None:
    check = unpacked(about)
    assert check is None or packed(check) == about


@given(checks)
def test_one_or_two_contrasts_are_worth_a_talk_and_never_the_same_one_twice(check: PlanCheck) -> None:
    talks = worth_a_talk(check, CONTENT.contrasts)
    assert 1 <= len(talks) <= MOST_TALKS
    assert len(set(talks)) == len(talks)


@given(checks)
def test_no_contrast_that_leans_the_other_way_is_put_forward_beside_another(check: PlanCheck) -> None:
    for pattern in worth_a_talk(check, CONTENT.contrasts)[1:]:
        leans = toward_the_article(check, pattern)
        assert leans is None or leans > 0


@given(checks)
def test_what_leans_furthest_is_talked_about_first(check: PlanCheck) -> None:
    known = [leans for pattern in MESSAGE_PATTERNS if (leans := toward_the_article(check, pattern)) is not None]
    first = toward_the_article(check, worth_a_talk(check, CONTENT.contrasts)[0])
    if max(known, default=0) > 0:
        assert first == max(known)


@given(checks, st.text(max_size=8))
def test_what_is_put_forward_does_not_depend_on_the_plans_name(check: PlanCheck, name: str) -> None:
    other = replace(check, plan=f"another {name}")
    assert worth_a_talk(other, CONTENT.contrasts) == worth_a_talk(check, CONTENT.contrasts)


@given(checks)
def test_the_end_a_plan_leans_to_is_the_one_it_was_placed_at(check: PlanCheck) -> None:
    for pattern, place in check.places.items():
        contrast, end = CONTENT.contrasts[pattern], end_at(place, CONTENT.contrasts[pattern])
        assert (end is contrast.left) == (place is not None and place < 0)
        assert (end is contrast.right) == (place is not None and place > 0)


def test_the_steps_of_a_scale_run_from_one_end_to_the_other() -> None:
    assert [place_of(step) for step in STEPS] == [-2, -1, 0, 1, 2]
    assert place_of(UNKNOWN) is None
    with pytest.raises(ValueError, match="not in"):
        place_of("6")


def test_the_contrasts_have_the_articles_end_on_both_sides() -> None:
    sides = [contrast.asks_from for contrast in CONTENT.contrasts.values()]
    assert min(sides.count(side) for side in Side) >= 3
    assert any(one is not other for one, other in pairwise(sides))


@given(st.text(max_size=60), st.sampled_from(MESSAGE_PATTERNS), st.sampled_from(["team", "person"]))
def test_the_same_seed_gives_the_same_question_and_it_is_meant_for_those_who_ask(
    seed: str, pattern: Pattern, to: str
) -> None:
    bank = CONTENT.patterns[pattern].questions
    wording = fitting(bank, to=to, topics=(), seed=seed)
    assert wording == fitting(reversed(bank), to=to, topics=(), seed=seed)
    assert "opening" in wording.question.tags
    assert to in wording.question.tags or not any({to, "opening"} <= set(q.tags) for q in bank)


def test_a_question_takes_up_what_the_plan_is_about() -> None:
    wording = fitting(
        CONTENT.patterns[Pattern.NUMBERS_OBSESSED].questions, to="team", topics=("leaderboard",), seed="x"
    )
    assert "leaderboard" in asked(wording, CONTENT, own_words="")


@given(st.sampled_from(SocialPath), st.sampled_from(["", "Things that last."]))
def test_a_question_speaks_of_these_words_only_where_words_were_given(path: SocialPath, own: str) -> None:
    bank = CONTENT.paths[path].on_promise
    sentence = asked(fitting(standing_on(bank, own), to="team", topics=(), seed="x"), CONTENT, own_words=own)
    assert ("these words" in sentence) <= bool(own)
    assert len(sentence.split()) <= MOST_WORDS


@given(st.text())
def test_a_line_is_a_line_whatever_was_typed(typed: str) -> None:
    line = one_line(typed)
    assert line == one_line(line) == line.strip()
    assert line.isprintable()


def test_only_the_two_paths_that_engage_who_one_is_stand_on_own_words() -> None:
    words = OwnWords(stands_for="making", for_one_another="being")
    assert [words.on(path) for path in SocialPath] == ["", "", "being", "making"]
    assert words and not OwnWords()


@given(ticks)
def test_paths_come_from_what_was_ticked_and_stand_in_the_articles_order(ticked: set[path_check.Statement]) -> None:
    paths = paths_of(ticked)
    assert set(paths) <= {statement.path for statement in ticked}
    assert list(paths) == [path for path in SocialPath if path in paths]
    assert bool(paths) == bool(ticked)


@given(ticks, st.sampled_from(STATEMENTS))
def test_one_statement_alone_puts_nobody_on_a_path_beside_those_with_several(
    ticked: set[path_check.Statement], more: path_check.Statement
) -> None:
    for path in paths_of({*ticked, more}):
        held = sum(statement.path is path for statement in {*ticked, more})
        assert held >= ENOUGH or all(
            sum(statement.path is other for statement in {*ticked, more}) < ENOUGH for other in SocialPath
        )


@given(own_paths)
def test_paths_travel_on_a_button_there_and_back(paths: set[SocialPath]) -> None:
    ordered = tuple(path for path in SocialPath if path in paths)
    assert path_check.unpacked(path_check.packed(ordered)) == (ordered or None)


@given(st.text(max_size=40) | st.lists(st.sampled_from(SocialPath), max_size=5).map("+".join))
def test_whatever_a_button_carries_are_paths_of_ours_or_nothing(about: str) -> None:
    paths = path_check.unpacked(about)
    assert paths is None or path_check.packed(paths) == about


@given(st.lists(st.tuples(own_paths, st.sampled_from(["", STAY, *SocialPath])), max_size=12))
def test_a_tally_counts_people_and_nothing_that_leads_back_to_one(given_: list[tuple[set[SocialPath], str]]) -> None:
    tally = Tally()
    for on, rather in given_:
        tally = counted(tally, stands(on, rather))
    backwards = Tally()
    for on, rather in reversed(given_):
        backwards = counted(backwards, stands(on, rather))
    assert tally == backwards
    assert tally.people == len(given_)
    assert set(tally.counts) <= {*TALLY_KEYS, *PARTS}
    assert tally.counts.get("rather", 0) == sum(bool(rather) for _, rather in given_)
    assert tally.counts.get("words", 0) == sum(bool(on) for on, _ in given_)
    assert all(0 < count <= tally.people for count in tally.counts.values())


def test_a_pseudonym_belongs_to_one_round() -> None:
    first, second = (Round(id="r", opened_at=MONDAY, salt=salt) for salt in (b"one", b"two"))
    assert first.pseudonym("ana") == first.pseudonym("ana") != second.pseudonym("ana")
    assert "ana" not in first.pseudonym("ana")


def test_no_order_of_statements_gives_a_path_away() -> None:
    turns = [[s.path for s in STATEMENTS[i : i + 4]] for i in range(0, 16, 4)]
    assert all(set(turn) == set(SocialPath) for turn in turns)
    assert len({turn[0] for turn in turns}) == 4


def test_the_linter_sees_an_end_that_judges_and_a_path_that_is_too_thin() -> None:
    contrast = CONTENT.contrasts[Pattern.VENDOR_DRIVEN]
    judging = replace(contrast, left=replace(contrast.left, says="the wrong kind of advice " * 3, speaks_for="A. B"))
    words = CONTENT.paths[SocialPath.TECHNOLOGY]
    thin = replace(words, statements=("We shout!", "x" * 80 + "."), on_promise=())
    spoilt = replace(
        CONTENT,
        contrasts={**CONTENT.contrasts, contrast.id: replace(judging, heard="A seller.")},
        paths={**CONTENT.paths, words.id: thin},
    )
    faults = " ".join(faults_in(spoilt))
    for fault in ("60 at most", "judges", "one sentence", "beginning with “that”", "needs 15", "75 characters", "stop"):
        assert fault in faults
