import subprocess
import sys

from ssl_core import corpora, tokenization
from ssl_core.runs.spec import RunSpec

PROGRAM = """
import sys
from ssl_core.engine import prewarm
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec

presets.PRESETS = presets.PRESETS[:1]
presets.spec = lambda key: RunSpec.from_json({"corpus": sys.argv[1], "tokenizer": {"vocabulary_size": 300}})
prewarm.main()
"""


def test_the_presets_texts_are_tokenised_before_anybody_asks(home, small_text):
    spec = RunSpec.from_json({"corpus": str(small_text), "tokenizer": {"vocabulary_size": 300}})
    assert not tokenization.is_cached(corpora.load(spec.corpus), spec.tokenizer)
    subprocess.run([sys.executable, "-c", PROGRAM, str(small_text)], check=True, timeout=120)
    assert tokenization.is_cached(corpora.load(spec.corpus), spec.tokenizer), (home / "logs" / "prewarm.log").read_text()
