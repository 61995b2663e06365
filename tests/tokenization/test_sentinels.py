from ssl_core.tokenization.base import vocabulary_of
from ssl_core.tokenization.sentinels import with_sentinels, without_sentinels
from ssl_core.tokenization.wordpiece import train_wordpiece

TOKENIZER = train_wordpiece(["the small cat sees the old dog every day ."] * 20, 120)


def test_sentinels_have_the_numbers_after_the_vocabulary():
    size = vocabulary_of(TOKENIZER).size
    whole = with_sentinels(TOKENIZER, 3)
    ids = whole.encode("the <extra_id_0> dog <extra_id_2>", add_special_tokens=False).ids
    assert ids == [whole.token_to_id("the"), size, whole.token_to_id("dog"), size + 2]
    assert whole.get_vocab_size() == size + 3


def test_the_tokenizer_given_stays_as_it_is_and_comes_back():
    before = TOKENIZER.to_str()
    whole = with_sentinels(TOKENIZER, 3)
    assert TOKENIZER.to_str() == before
    assert without_sentinels(whole).to_str() == before
    assert without_sentinels(TOKENIZER) is with_sentinels(TOKENIZER, 0) is TOKENIZER
