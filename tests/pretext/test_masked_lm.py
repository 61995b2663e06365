import numpy as np
import pytest
import torch
from scipy import stats
from transformers import DataCollatorForLanguageModeling, PreTrainedTokenizerFast

from ssl_core import pretext
from ssl_core.corpora.tinyworld.corrupted import CorruptedTokens
from ssl_core.errors import UserError
from ssl_core.pretext.base import IGNORED, Role, Vocabulary
from ssl_core.pretext.masked_lm import Config, corruption, make_examples

VOCABULARY = Vocabulary(size=64, special_ids=(0, 1, 2, 3, 4), mask_id=4)
NUM_TOKENS = 100_000


def clean_ids(seed=0, shape=(1_000, 100)):
    return np.random.default_rng(seed).integers(0, VOCABULARY.size, shape)


def examples(config, ids_BT=None, seed=1, **words):
    ids_BT = clean_ids() if ids_BT is None else ids_BT
    return make_examples(ids_BT, np.random.default_rng(seed), config, VOCABULARY, **words)


def test_rate_zero_changes_and_asks_nothing():
    made = examples(Config(mask_rate=0.0))
    assert (made.seen_ids_BT == clean_ids()).all()
    assert not made.is_predicted_BT.any()


def test_rate_one_hides_every_token_but_the_special_ones():
    ids_BT = clean_ids()
    made = examples(Config(mask_rate=1.0, mask_token_rate=1.0, random_token_rate=0.0))
    is_special_BT = np.isin(ids_BT, VOCABULARY.special_ids)
    assert (made.seen_ids_BT[~is_special_BT] == VOCABULARY.mask_id).all()
    assert (made.seen_ids_BT[is_special_BT] == ids_BT[is_special_BT]).all()
    assert (made.target_ids_BT == np.where(is_special_BT, IGNORED, ids_BT)).all()
    assert (made.roles_BT == np.where(is_special_BT, Role.SPECIAL, Role.HIDDEN)).all()


def test_what_is_seen_agrees_with_the_role_everywhere():
    ids_BT = clean_ids()
    made = examples(Config(mask_rate=0.5))
    assert (made.seen_ids_BT[made.roles_BT == Role.HIDDEN] == VOCABULARY.mask_id).all()
    is_untouched_BT = np.isin(made.roles_BT, (Role.KEPT, Role.KEPT_BUT_PREDICTED, Role.SPECIAL))
    assert (made.seen_ids_BT[is_untouched_BT] == ids_BT[is_untouched_BT]).all()
    is_asked_BT = np.isin(made.roles_BT, (Role.HIDDEN, Role.RANDOMISED, Role.KEPT_BUT_PREDICTED))
    assert (is_asked_BT == made.is_predicted_BT).all()
    assert (made.target_ids_BT[is_asked_BT] == ids_BT[is_asked_BT]).all()


def test_the_steps_lead_from_the_clean_text_to_the_example():
    made = examples(Config(mask_rate=0.5))
    assert (made.steps[0].ids_BT == clean_ids()).all()
    assert (made.steps[-1].ids_BT == made.seen_ids_BT).all()
    assert (made.steps[-1].roles_BT == made.roles_BT).all()
    assert len({step.title for step in made.steps}) == len(made.steps) == 5


def collator_tokenizer():
    from tokenizers import Tokenizer, models

    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + [f"w{number}" for number in range(VOCABULARY.size - 5)]
    plain = Tokenizer(models.WordLevel({name: number for number, name in enumerate(names)}, unk_token="[UNK]"))
    return PreTrainedTokenizerFast(
        tokenizer_object=plain, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]"
    )


def fates(ids_BT, seen_ids_BT, is_asked_BT):
    """Count, among the tokens that are not special: not asked, seen as [MASK], seen unchanged, seen as another token."""
    is_word_BT = ~np.isin(ids_BT, VOCABULARY.special_ids)
    is_masked_BT = is_asked_BT & (seen_ids_BT == VOCABULARY.mask_id)
    is_same_BT = is_asked_BT & (seen_ids_BT == ids_BT)
    parts = (~is_asked_BT & is_word_BT, is_masked_BT, is_same_BT, is_asked_BT & ~is_masked_BT & ~is_same_BT)
    return np.array([part.sum() for part in parts])


@pytest.mark.parametrize("mask_rate", [0.15, 0.3])
def test_masking_agrees_with_the_collator_of_transformers_in_distribution(mask_rate):
    ids_BT = clean_ids()
    torch.manual_seed(0)
    collator = DataCollatorForLanguageModeling(tokenizer=collator_tokenizer(), mlm_probability=mask_rate)
    theirs = collator([{"input_ids": row.tolist()} for row in ids_BT])
    seen, labels = theirs["input_ids"].numpy(), theirs["labels"].numpy()
    ours = examples(Config(mask_rate=mask_rate))
    table = np.stack(
        [fates(ids_BT, seen, labels != IGNORED), fates(ids_BT, ours.seen_ids_BT, ours.is_predicted_BT)],
    )
    assert ids_BT.size == NUM_TOKENS
    # both samples of one distribution: a seeded draw, far from the 0.1 % at which chance alone would be blamed
    assert stats.chi2_contingency(table).pvalue > 0.001, table


def test_random_tokens_come_from_the_whole_vocabulary_evenly():
    made = examples(Config(mask_rate=1.0, mask_token_rate=0.0, random_token_rate=1.0))
    drawn = np.bincount(made.seen_ids_BT[made.roles_BT == Role.RANDOMISED], minlength=VOCABULARY.size)
    assert stats.chisquare(drawn).pvalue > 0.001


def test_whole_words_are_hidden_together_at_the_same_rate():
    rng = np.random.default_rng(5)
    ids_BT = rng.integers(5, VOCABULARY.size, (1_000, 100))
    starts_word_BT = rng.random(ids_BT.shape) < 0.5
    starts_word_BT[:, 0] = True
    made = examples(Config(mask_rate=0.3, whole_words=True), ids_BT, starts_word_BT=starts_word_BT)
    for row, starts in zip(made.is_predicted_BT[:50], starts_word_BT[:50], strict=True):
        for word in np.split(row, np.flatnonzero(starts)[1:]):
            assert word.all() or not word.any(), "a word was hidden in part"
    # about 50,000 words of two tokens on average: 4 standard errors of the rate are 0.015
    assert abs(made.is_predicted_BT.mean() - 0.3) < 0.015


def test_pieces_follow_their_word_by_the_vocabulary_alone():
    continues_word_V = np.arange(VOCABULARY.size) >= 40
    vocabulary = Vocabulary(size=64, special_ids=(0, 1, 2, 3, 4), mask_id=4, continues_word_V=continues_word_V)
    ids_BT = np.array([[10, 41, 42, 11, 12, 43]] * 500)
    made = make_examples(ids_BT, np.random.default_rng(0), Config(mask_rate=0.5, whole_words=True), vocabulary)
    first, middle, last = made.is_predicted_BT[:, :3], made.is_predicted_BT[:, 3], made.is_predicted_BT[:, 4:]
    assert (first.all(axis=1) | ~first.any(axis=1)).all()
    assert (last.all(axis=1) | ~last.any(axis=1)).all()
    assert (middle != last[:, 0]).any(), "words must be chosen independently"


def test_chinese_words_are_hidden_whole_and_others_character_by_character():
    words = ["国务院", "总理", "在", "北京", "会见", "了", "外宾", "。"]
    ids_BT = np.array([[5 + ord(character) % 50 for word in words for character in word]] * 400)
    starts_word_BT = np.array([[place == 0 for word in words for place in range(len(word))]] * 400)
    made = examples(Config(mask_rate=0.5, whole_words=True), ids_BT, starts_word_BT=starts_word_BT)
    end = 0
    for word in words:
        begin, end = end, end + len(word)
        hidden = made.is_predicted_BT[:, begin:end]
        assert (hidden.all(axis=1) == hidden.any(axis=1)).all(), f"{word} was hidden in part"
        # 400 draws at 0.5: four standard errors
        assert abs(hidden[:, 0].mean() - 0.5) < 0.1, word
    alone = examples(Config(mask_rate=0.5), ids_BT, starts_word_BT=starts_word_BT).is_predicted_BT
    assert (alone[:, 0] != alone[:, 1]).any(), "without the knob characters are hidden one by one"


def test_static_masks_hide_the_same_text_always_alike():
    ids_BT = clean_ids(shape=(50, 64))
    static = Config(mask_rate=0.3, static_masks=True)
    first, later = examples(static, ids_BT, seed=1), examples(static, ids_BT[::-1], seed=2)
    np.testing.assert_array_equal(first.seen_ids_BT, later.seen_ids_BT[::-1])
    np.testing.assert_array_equal(first.target_ids_BT, later.target_ids_BT[::-1])
    np.testing.assert_array_equal(examples(static, ids_BT[7:8]).seen_ids_BT[0], first.seen_ids_BT[7])
    moving = [examples(Config(mask_rate=0.3), ids_BT, seed=seed).seen_ids_BT for seed in (1, 2)]
    assert (moving[0] != moving[1]).any(), "dynamic masks are drawn anew"


def test_static_masks_have_the_same_rates():
    ids_BT = clean_ids()
    table = [
        fates(ids_BT, made.seen_ids_BT, made.is_predicted_BT)
        for made in (examples(Config(mask_rate=0.3, static_masks=each), ids_BT) for each in (False, True))
    ]
    assert stats.chi2_contingency(np.array(table)).pvalue > 0.001, table


def test_what_is_said_of_how_tokens_come_to_look_is_what_is_done():
    config = Config(mask_rate=0.4, mask_token_rate=0.5, random_token_rate=0.3)
    how = CorruptedTokens(corruption(config), VOCABULARY)
    true, num_tokens = 7, 400_000
    made = examples(config, np.full((num_tokens // 100, 100), true))
    seen_V = np.bincount(made.seen_ids_BT.ravel(), minlength=VOCABULARY.size)
    expected_V = how.likelihood(np.arange(VOCABULARY.size))[true] * num_tokens
    assert expected_V.sum() == pytest.approx(num_tokens)
    assert stats.chisquare(seen_V, expected_V).pvalue > 0.001
    seen_if_chosen_V = np.bincount(made.seen_ids_BT[made.is_predicted_BT], minlength=VOCABULARY.size)
    expected_V = how.chosen_VB(np.arange(VOCABULARY.size))[true] * seen_if_chosen_V.sum()
    assert stats.chisquare(seen_if_chosen_V, expected_V).pvalue > 0.001


def test_shares_above_one_are_refused_together_with_every_other_problem():
    with pytest.raises(UserError, match="add up to more than 1"):
        Config(mask_token_rate=0.8, random_token_rate=0.3)
    with pytest.raises(UserError) as problem:
        Config(mask_rate=1.5, mask_token_rate=-1)
    assert "Mask rate is 1.5" in str(problem.value)
    assert "shown as [MASK] is -1" in str(problem.value)


def test_an_unknown_task_is_refused_with_the_known_ones():
    with pytest.raises(UserError, match="masked_lm, causal_lm"):
        pretext.task("../etc/passwd")
