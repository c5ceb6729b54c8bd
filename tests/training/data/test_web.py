from pathlib import Path

from pipeline.nlp.names.borders import NameSpan
from pipeline.training.data.web import read_web

_FILE = """# sent_id = weblog-oslo-0001
# text = Mr. Reed left Acme Bank in Oslo on Friday .
1\tMr.\tB-PER\t-\tx
2\tReed\tI-PER\t-\tx
3\tleft\tO
4\tAcme\tB-ORG\t-\tx
5\tBank\tI-ORG\t-\tx
6\tin\tO
7\tOslo\tB-LOC\t-\tx
8\ton\tO
9\tFriday\tO
10\t.\tO

# sent_id = email-oslo-0001
# text = Ada Quill wrote this mail .
1\tAda\tB-PER\t-\tx
2\tQuill\tI-PER\t-\tx
3\twrote\tO
4\tthis\tO
5\tmail\tO
6\t.\tO
"""


def test_web_names_get_the_labels_of_news(tmp_path: Path) -> None:
    folder = tmp_path / "ner_uner_ewt"
    folder.mkdir()
    (folder / "en_ewt-ud-train.2022-12-02.iob2").write_text(_FILE, encoding="utf-8")
    text = "Mr. Reed left Acme Bank in Oslo on Friday."
    found = [NameSpan(text.index(word), text.index(word) + len(word), of) for word, of in _FOUND]
    [example] = read_web(tmp_path, lambda texts: [found for _ in texts])
    assert example.text == text
    names = [(text[one.start : one.end], one.label) for one in example.mentions]
    assert names == [("Reed", "PERSON"), ("Acme Bank", "ORG"), ("Oslo", "LOC"), ("Friday", "DATE")]


_FOUND = [("Acme", "PERSON"), ("Oslo", "LOC"), ("Friday", "DATE")]
