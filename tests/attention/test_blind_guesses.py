import numpy as np
import pytest

from ssl_core import i18n
from ssl_core.attention.blind_guesses import GUESSES, Arcs, same_offset, same_place, usual_distance


def arcs(*rows):
    place_A, offset_A, num_words_A = np.array(rows).T
    return Arcs(place_A=place_A, offset_A=offset_A, num_words_A=num_words_A)


def test_the_best_offset_is_the_one_most_arcs_have():
    known = arcs((5, -2, 9), (6, -2, 9), (7, -3, 9))
    guess = same_offset(known)
    assert guess.at == -2
    assert guess.hits_A(arcs((4, -2, 9), (4, -3, 9))).tolist() == [1.0, 0.0]
    assert same_offset(arcs((5, -4, 9), (5, -1, 9))).at == -1, "of equals the nearest"


def test_the_best_place_is_counted_from_the_beginning():
    guess = same_place(arcs((5, -5, 9), (7, -7, 9), (7, -1, 9)))
    assert guess.at == 0
    assert guess.hits_A(arcs((8, -8, 20), (8, -1, 20))).tolist() == [1.0, 0.0]


def test_the_usual_distance_by_hand():
    known = arcs((9, -1, 12), (9, -1, 12), (9, -4, 12), (2, 3, 12))
    found = usual_distance(known).hits_A(arcs((9, -1, 20), (1, -1, 20), (0, 3, 20), (9, -2, 20)))
    # all four reach; -4 would leave the text; only 3 stays in it; -2 was never seen
    assert found.tolist() == [2 / 4, 2 / 3, 1.0, 0.0]


def test_the_usual_distance_is_what_a_random_look_hits_on_average():
    rng = np.random.default_rng(0)
    known = arcs(*[(int(place), int(rng.integers(-place, 12 - place) or 1), 12) for place in rng.integers(1, 11, 50)])
    expected = usual_distance(known).hits_A(known)
    for number in range(5):
        place, right, num_words = known.place_A[number], known.offset_A[number], known.num_words_A[number]
        looks = [offset for offset in rng.choice(known.offset_A, 20_000) if 0 <= place + offset < num_words]
        share = np.mean(np.array(looks) == right)
        assert share == pytest.approx(expected[number], abs=0.015)  # 4 standard deviations of some 10,000 draws


def test_each_guess_has_a_name_in_both_languages():
    for title, _choose in GUESSES.values():
        assert any("一" <= character <= "鿿" for character in i18n.translate(title, "zh")), title
