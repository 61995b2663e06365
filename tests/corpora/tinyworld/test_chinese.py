"""The Chinese stories, against what a teacher would say of them: a table of classifiers, arcs worked by hand, word cutting."""

import itertools
import re

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import compiler, dependencies, lexicon, minimal_pairs, parser, reader, story

GRAMMAR = lexicon.grammar("zh")
NUM_STORIES = 3_000

# 量词表: which nouns a textbook counts with which classifier
CLASSIFIERS = {
    "本": "书 杂志 小说 字典 笔记本",
    "张": "画 图画 地图 照片 门票 车票 火车票 报纸 椅子 贺卡 明信片 长椅 沙发 桌子",
    "幅": "画 图画 地图",
    "个": "风筝 蛋糕 面包 冰淇淋 萝卜 苹果 西瓜 桃子 梨 沙堡 坑 洞 气球 皮球 箱子 纸箱 木箱 包子 馒头 粽子 "
    "故事 笑话 童话 杯子 盘子 花瓶",
    "只": "风筝 气球 皮球 杯子 盘子 花瓶 手表 狗 松鼠 蝴蝶 羊 螃蟹 海鸥 乌龟 猫 鹦鹉 老虎 大象 猴子 熊猫 鸽子 麻雀 兔子",
    "头": "牛 羊 老虎 大象",
    "匹": "马",
    "条": "狗 金鱼 船 渔船 长椅",
    "杯": "汽水 可乐 果汁 牛奶 茶 咖啡",
    "瓶": "汽水 可乐 果汁 牛奶",
    "碗": "面条 米饭 馄饨 饺子 汤 鸡汤 鱼汤",
    "串": "糖葫芦",
    "根": "萝卜",
    "棵": "松树 桃树 果树 树 柳树 杨树",
    "朵": "花 玫瑰 菊花",
    "支": "钢笔 铅笔 毛笔 歌 儿歌",
    "封": "信",
    "篇": "日记 作文 文章 课文",
    "首": "诗 歌 儿歌",
    "份": "报纸 礼物",
    "件": "礼物 毛衣 外套 衬衫",
    "顶": "帽子",
    "副": "手套",
    "块": "奖牌 手表 石头 牌子 站牌 黑板",
    "枚": "奖牌 贝壳",
    "座": "沙堡 奖杯 桥 亭子 房子 木屋 灯塔 假山",
    "部": "手机",
    "把": "钥匙 雨伞 椅子",
    "口": "井",
    "辆": "拖拉机 卡车 公共汽车 出租车 自行车",
    "艘": "船 渔船",
    "排": "书架 书柜",
    "道": "栏杆",
    "盏": "灯 台灯",
    "扇": "窗户",
    "面": "镜子 红旗 彩旗",
    "架": "钢琴",
}

LONG = (
    "星期天 小明 高兴 地 来到 公园 。 早上 他 在 公园 里 拍 了 一 张 彩色 的 照片 。 "
    "这时 他 正在 看 一 本 厚厚 的 书 。 公园 里 还 有 一 条 可爱 的 狗 ， 它 正在 睡觉 。 "
    "明天 小明 还 要 吃 一 串 糖葫芦 。 他 还 想 再 来 公园 。"
)
SAD = (
    "雨涵 戴 着 一 顶 红色 的 帽子 ， 来到 学校 。 上午 她 读 了 一 首 优美 的 诗 。 "
    "她 旁边 有 一 面 鲜艳 的 红旗 。 她 脸上 带 着 泪痕 。 因为 昨晚 弄坏 了 一 把 雨伞 ， 雨涵 很 伤心 。"
)


@pytest.fixture(scope="module")
def told():
    return list(itertools.islice(story.stories(GRAMMAR, np.random.default_rng(0)), NUM_STORIES))


@pytest.fixture(scope="module")
def machine():
    return compiler.machine("zh")


def sentences(told):
    return ["".join(sentence.tokens) for each in told for sentence in each.sentences]


def test_there_are_words_people_and_places_enough(machine):
    assert len(machine.words) - 1 >= 260
    people = GRAMMAR.classes["person"].entries
    genders = [person.phrases["gender"] for person in people.values()]
    assert len(people) == 12
    assert genders.count((("男",),)) == genders.count((("女",),)) == 6
    assert len(GRAMMAR.classes["place"].entries) == 8
    assert all(place.lists["things"] and place.lists["animals"] for place in GRAMMAR.classes["place"].entries.values())


def test_names_have_two_characters_and_are_nothing_else():
    names = set(GRAMMAR.classes["person"].entries)
    others = {
        word
        for word_class in GRAMMAR.classes.values()
        for entry in word_class.entries.values()
        for form, phrases in entry.phrases.items()
        for phrase in phrases
        for word in phrase
        if (word_class.name, form) != ("person", "name")
    }
    assert {len(name) for name in names} == {2}
    assert not names & others


def test_every_noun_has_a_classifier_of_the_textbook():
    table = {(classifier, noun) for classifier, nouns in CLASSIFIERS.items() for noun in nouns.split()}
    said = {
        (classifier, noun)
        for name in ("thing", "landmark", "animal", "clothes")
        for entry in GRAMMAR.classes[name].entries.values()
        for (classifier,) in entry.phrases["classifier"]
        for (noun,) in entry.phrases["word"]
    }
    assert not said - table, "no textbook counts so"
    assert not table - said, "in the table, but in no story any more"


def test_long_adjectives_take_的_and_short_ones_do_not():
    for name in ("thing", "landmark", "animal"):
        for entry in GRAMMAR.classes[name].entries.values():
            for phrase in entry.phrases["adjective"]:
                assert (phrase[-1:] == ("的",)) == (len("".join(phrase)) > 1), phrase


def ways_to_cut(text, words):
    """Return the fewest words that spell a text, and in how many ways so few do."""
    best = [(0, 1)]
    for end in range(1, len(text) + 1):
        ways = [best[begin] for begin in range(max(0, end - 6), end) if text[begin:end] in words]
        fewest = min((number for number, _count in ways), default=10_000)
        best.append((fewest + 1, sum(count for number, count in ways if number == fewest)))
    return best[-1]


def test_a_story_can_be_cut_into_so_few_words_in_one_way_only(told, machine):
    words = set(machine.words[1:])
    assert max(map(len, words)) <= 6
    for each in told:
        assert ways_to_cut(each.text, words) == (len(each.tokens), 1), each.text


def test_了_goes_with_what_was_正在_with_what_is_还要_with_what_will_be(told):
    said = {"past": 0, "now": 0, "future": 0}
    for text in sentences(told):
        if re.match("早上|上午|刚才|不久前|因为", text):
            said["past"] += 1
            assert re.search("了[一两]", text), text
            assert not re.search("正在|还要", text), text
        elif re.match("现在|这时|这会儿|此刻", text):
            said["now"] += 1
            assert re.match("(现在|这时|这会儿|此刻)[他她](正在|在)[^了]*$", text), text
        elif re.match("待会儿|过一会儿|等一会儿|明天|后天|今晚", text):
            said["future"] += 1
            assert re.search("还要[^了]*$", text), text
    assert min(said.values()) > 100, said


def test_he_and_she_are_who_was_named(told):
    for each in told:
        wrong = {"男": "她", "女": "他"}[each.labels["gender"]]
        assert wrong not in each.tokens, each.text


def test_two_middle_sentences_cannot_change_places(told, machine):
    for each in told[:40]:
        for first, second in itertools.combinations(range(1, len(each.sentences) - 1), 2):
            parts = [sentence.tokens for sentence in each.sentences]
            parts[first], parts[second] = parts[second], parts[first]
            assert reader.log_probability(machine, list(itertools.chain(*parts))) == -np.inf, parts


def found_arcs(text):
    read = parser.parse(GRAMMAR, text.split())
    return {(arc.dependency, arc.dependent_position, arc.governor_position) for arc in dependencies.arcs(read)}


def test_the_arcs_of_a_happy_story_are_those_worked_by_hand():
    assert found_arcs(LONG) == {
        *{("classifier", 15, 18), ("classifier", 25, 28), ("classifier", 50, 51), ("animal_classifier", 35, 38)},
        *{("aspect", 13, 7), ("aspect", 22, 20), ("plan", 47, 44)},
        *{("pronoun", 8, 1), ("pronoun", 21, 1), ("pronoun", 53, 45), ("it", 40, 38)},
        *{("verb_object", 18, 12), ("verb_object", 28, 23), ("verb_object", 51, 48)},
        *{("place_thing", 38, 30), ("mood", 54, 2)},
    }


def test_the_arcs_of_a_sad_story_are_those_worked_by_hand():
    assert found_arcs(SAD) == {
        *{("clothes_classifier", 4, 7), ("classifier", 17, 20), ("landmark_classifier", 26, 29), ("classifier", 42, 43)},
        *{("aspect", 15, 12), ("aspect", 40, 38), ("pronoun", 13, 0), ("pronoun", 22, 0), ("pronoun", 31, 0)},
        *{("verb_object", 20, 14), ("place_thing", 29, 10), ("mood", 47, 39)},
    }


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (LONG, "一 本 厚厚 的 书", "一 只 厚厚 的 书"),
        (LONG, "一 条 可爱 的 狗", "一 本 可爱 的 狗"),
        (LONG, "拍 了 一 张", "拍 一 张"),
        (LONG, "这时 他 正在 看 一", "这时 他 看 了 一"),
        (LONG, "早上 他", "早上 她"),
        (LONG, "看 一 本", "喝 一 本"),
        (LONG, "公园 里 还 有", "海边 里 还 有"),
        (SAD, "雨涵 很 伤心", "雨涵 很 高兴"),
        (SAD, "昨晚 弄坏 了", "明天 弄坏 了"),
    ],
)
def test_what_no_teacher_accepts_is_less_likely(text, right, wrong, machine):
    assert text.count(right) == 1, "the pair differs in one place"
    good, bad = (reader.log_probability(machine, said.split()) for said in (text, text.replace(right, wrong)))
    assert good > bad


def test_every_minimal_pair_is_right_as_it_was_told_and_wrong_as_it_was_broken(told, machine):
    rng = np.random.default_rng(1)
    broken = [pair for each in told[:8] for pair in minimal_pairs.pairs(each, rng)]
    names = {pair.dependency for pair in broken}
    assert names >= {"classifier", "animal_classifier", "aspect", "pronoun", "verb_object", "place_thing", "mood"}
    for pair in broken:
        good, bad = (reader.log_probability(machine, tokens) for tokens in (pair.good_tokens, pair.bad_tokens))
        assert good > bad, pair
