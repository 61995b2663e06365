import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.pretext.base import IGNORED, Role, Vocabulary
from ssl_core.pretext.span_corruption import Config, make_examples, restored

PLAIN = Vocabulary(size=64, special_ids=(0, 1, 2, 3, 4), mask_id=4)
SEP, PAD = 3, 0


def vocabulary(config):
    return pretext.vocabulary_for("span_corruption", config, PLAIN)


def examples(ids_BT, config=None, seed=1):
    config = config or Config()
    return make_examples(np.array(ids_BT), np.random.default_rng(seed), config, vocabulary(config))


def words(shape, seed=0):
    return np.random.default_rng(seed).integers(5, PLAIN.size, shape)


configs = st.builds(
    Config,
    noise_density=st.one_of(st.sampled_from([0.0, 0.15, 1.0]), st.floats(0, 1)),
    mean_span_tokens=st.floats(1, 20),
    num_sentinels=st.integers(3, 40),
)


@settings(max_examples=500, deadline=None)
@given(st.integers(1, 40), configs, st.integers(0, 2**32 - 1))
def test_what_is_left_and_what_is_written_give_ten_thousand_texts_back(num_tokens, config, seed):
    ids_BT = np.random.default_rng(seed).integers(0, PLAIN.size, (20, num_tokens))
    made = examples(ids_BT, config, seed)
    given_back, were_out = restored(made, vocabulary(config))
    assert [row.tolist() for row in given_back] == ids_BT.tolist()
    chosen_BT = made.steps[1].roles_BT == Role.HIDDEN
    assert np.array_equal(np.stack(were_out), chosen_BT)
    assert not np.isin(ids_BT[chosen_BT], PLAIN.special_ids).any(), "special tokens stay"


def test_a_text_in_the_layout_of_the_paper():
    text = list(range(10, 22))
    made = examples([text], Config(noise_density=0.5, mean_span_tokens=3), seed=3)
    seen, target = made.seen_ids_BT[0].tolist(), made.decoder_target_ids_BU[0].tolist()
    sentinels = [token for token in target if token >= PLAIN.size]
    assert sentinels == list(range(PLAIN.size, PLAIN.size + len(sentinels))), "numbered from left to right"
    assert [token for token in seen if token >= PLAIN.size] == sentinels[:-1], "the last one is only written"
    assert target[0] == sentinels[0]
    assert target[-1] == sentinels[-1]
    assert made.decoder_ids_BU[0].tolist() == [SEP, *target[:-1]]
    assert made.decoder_counts_BU[0].tolist() == [token < PLAIN.size for token in target]
    assert sorted([token for token in seen + target if token < PLAIN.size]) == text, "each word is read or written, not both"


@pytest.mark.parametrize(("num_tokens", "density", "num_out"), [(64, 0.15, 10), (10, 0.15, 2), (10, 0.01, 1), (10, 0.99, 9)])
def test_as_many_tokens_go_as_the_density_says_but_at_least_one_and_not_all(num_tokens, density, num_out):
    made = examples(words((50, num_tokens)), Config(noise_density=density))
    assert (made.decoder_counts_BU.sum(axis=1) == num_out).all()


def test_spans_are_as_long_as_asked_on_average():
    made = examples(words((200, 120)), Config(noise_density=0.25, mean_span_tokens=3))
    num_gaps_B = (made.seen_ids_BT >= PLAIN.size).sum(axis=1)
    # ten spans of thirty tokens; the turn by a random distance may cut one in two
    assert set(num_gaps_B.tolist()) <= {10, 11}


def test_each_place_goes_equally_often():
    made = examples(words((4_000, 20)), Config(noise_density=0.3, mean_span_tokens=2))
    share_T = np.stack(restored(made, vocabulary(Config()))[1]).mean(axis=0)
    assert np.abs(share_T - 0.3).max() < 0.03, "4 standard errors of 4,000 draws"


def test_density_zero_takes_nothing_and_asks_nothing():
    made = examples(words((3, 12)), Config(noise_density=0.0))
    assert (made.seen_ids_BT == words((3, 12))).all()
    assert not made.asks_anything


def test_density_one_leaves_a_sentinel_and_asks_for_all():
    made = examples(words((3, 12)), Config(noise_density=1.0))
    assert made.seen_ids_BT.tolist() == [[PLAIN.size]] * 3
    assert (made.decoder_target_ids_BU[:, 1:-1] == words((3, 12))).all()


@pytest.mark.parametrize("ids", [[7], [SEP], [SEP, SEP, SEP, PAD]])
def test_a_text_too_short_or_without_words_asks_nothing(ids):
    made = examples([ids])
    assert made.seen_ids_BT.tolist() == [ids]
    assert not made.asks_anything


def test_a_span_that_meets_the_end_of_a_document_goes_on_after_it_as_another():
    made = examples([[10, 11, SEP, 12, 13]], Config(noise_density=1.0))
    assert made.seen_ids_BT.tolist() == [[PLAIN.size, SEP, PLAIN.size + 1]]
    first, second, end = PLAIN.size, PLAIN.size + 1, PLAIN.size + 2
    assert made.decoder_target_ids_BU.tolist() == [[first, 10, 11, second, 12, 13, end]]


def test_rows_of_different_length_are_filled_up_with_padding_that_is_not_asked_for():
    made = examples([[10, 11, 12, 13, SEP, SEP, SEP, SEP], list(range(10, 18))], Config(noise_density=0.5, mean_span_tokens=4))
    is_padding_BT = made.roles_BT == Role.PADDING
    assert (made.seen_ids_BT[is_padding_BT] == PAD).all()
    assert is_padding_BT[1].any()
    assert (made.decoder_target_ids_BU[0] == IGNORED).any()
    assert not made.decoder_counts_BU[made.decoder_target_ids_BU == IGNORED].any()


def test_the_steps_lead_from_the_clean_text_to_what_the_encoder_reads():
    made = examples(words((3, 30)))
    assert (made.steps[0].ids_BT == words((3, 30))).all()
    assert (made.steps[-1].ids_BT == made.seen_ids_BT).all()
    assert (made.steps[-1].roles_BT == made.roles_BT).all()
    assert ((made.roles_BT == Role.SENTINEL) == (made.seen_ids_BT >= PLAIN.size)).all()
    assert len({step.title for step in made.steps}) == len(made.steps) == 4


def test_a_very_long_text_makes_do_with_the_sentinels_there_are():
    made = examples(words((1, 10_000)), Config(num_sentinels=5))
    assert (made.seen_ids_BT >= PLAIN.size).sum() <= 4
    assert made.decoder_target_ids_BU.max() < PLAIN.size + 5
    assert made.decoder_counts_BU.sum() == 1_500


def test_settings_out_of_range_are_refused_together():
    with pytest.raises(UserError) as problem:
        Config(noise_density=1.5, mean_span_tokens=0.5)
    assert "Noise density is 1.5" in str(problem.value)
    assert "Mean span is 0.5" in str(problem.value)
