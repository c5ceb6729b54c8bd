import gzip
from pathlib import Path

import orjson
import pytest

from pipeline.errors import UsageError
from pipeline.training.gold import read_gold

_NEWS = {
    "id": "gmb-1",
    "text": 'Mr. Doe said , " Oslo voted . "',
    "ents": [[4, 7, "PERSON"], [17, 21, "GPE"]],
    "claim": "CFS",
    "types": ["vote"],
    "attr": [{"source": [0, 7], "cue": [8, 12], "content": [17, 27]}],
}
_CONLLU = """# newdoc id = a
# newpar
# sent_id = 1
# text = Rain fell.
1\tRain\t_\t_\t_\t_\t_\t_\t_\t_
2\tfell\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
3\t.\t_\t_\t_\t_\t_\t_\t_\t_

# sent_id = 2
# text = It stopped.
1\tIt\t_\t_\t_\t_\t_\t_\t_\t_

"""


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def test_news_gold_is_read_with_everything_in_it(tmp_path: Path) -> None:
    gold = read_gold(write(tmp_path, "a.jsonl", orjson.dumps(_NEWS).decode()))
    (example,) = gold.examples
    assert gold.format == "news_gold"
    assert example.text == 'Mr. Doe said, "Oslo voted."'
    assert [example.text[one.start : one.end] for one in example.mentions] == ["Doe", "Oslo"]
    assert (example.claim, example.types, example.domain) == ("CFS", ("vote",), "gmb")
    (report,) = example.reports
    assert report.source
    assert example.text[slice(*report.source)] == "Mr. Doe"


def test_news_claims_is_read_by_source(tmp_path: Path) -> None:
    row = {"id": "masc-wsj_1-7", "source": "masc-newspaper", "text": "Oslo voted.", "claim": "CFS", "types": ["vote"]}
    gold = read_gold(write(tmp_path, "a.jsonl", orjson.dumps(row).decode()))
    (example,) = gold.examples
    assert gold.format == "news_claims"
    assert (example.text, example.claim, example.types, example.domain) == (
        "Oslo voted.",
        "CFS",
        ("vote",),
        "masc-newspaper",
    )


@pytest.mark.parametrize(
    "content",
    [
        "-DOCSTART- -X- O\n\nJane NNP I-PER\nDoe NNP I-PER\nleft VBD O\n# NN O\nOslo NNP I-LOC\n. . O\n\n",
        "Jane\tB-person\nDoe\tI-person\nleft\tO\n#\tO\nOslo\tB-location\n.\tO\n\n",
        "# sent_id = 1\n1\tJane\tB-PER\t-\n2\tDoe\tI-PER\t-\n3\tleft\tO\t-\n4\t#\tO\n5\tOslo\tB-LOC\n6\t.\tO\n\n",
    ],
)
def test_tags_are_read_in_any_column_and_scheme(content: str, tmp_path: Path) -> None:
    gold = read_gold(write(tmp_path, "a.conll", content))
    (example,) = gold.examples
    assert (gold.format, gold.shared_labels, example.text) == ("IOB", True, "Jane Doe left # Oslo.")
    names = [(example.text[one.start : one.end], one.label) for one in example.mentions]
    assert names == [("Jane Doe", "PER"), ("Oslo", "LOC")]


def test_two_names_that_touch_are_two(tmp_path: Path) -> None:
    gold = read_gold(write(tmp_path, "a.iob", "Oslo B-LOC\nBergen B-LOC\nfell O\n\nRain O\n\n"))
    assert [len(example.mentions) for example in gold.examples] == [2, 0]


def test_labels_of_ontonotes_stay_and_unlike_ones_are_named(tmp_path: Path) -> None:
    ontonotes = read_gold(write(tmp_path, "a.iob", "Oslo B-GPE\nfell O\n\n"))
    assert not ontonotes.shared_labels
    assert ontonotes.examples[0].mentions[0].label == "GPE"
    others = read_gold(write(tmp_path, "b.iob", "Oslo B-LOC\nPunk B-MISC\nfell O\n\n"))
    assert (others.ignored, len(others.examples[0].mentions)) == (("MISC",), 1)
    with pytest.raises(UsageError, match="GENE"):
        read_gold(write(tmp_path, "c.iob", "p53 B-GENE\nfell O\n\n"))


def test_treebanks_are_read_plain_and_gzipped(tmp_path: Path) -> None:
    packed = tmp_path / "a.conllu.gz"
    packed.write_bytes(gzip.compress(_CONLLU.encode()))
    for path in (write(tmp_path, "plain/a.conllu", _CONLLU), packed):
        gold = read_gold(path)
        ((_, split),) = gold.splits
        assert (gold.format, split.text) == ("CoNLL-U", "Rain fell. It stopped.")
        assert split.sentences == ((0, 10), (11, 22))


def test_claimbuster_has_the_year_as_domain(tmp_path: Path) -> None:
    content = 'Sentence_id,Text,File_id,Verdict\n1,"Taxes, they rose.",1988-09-25.txt,1\n2,Hello.,2016-1.txt,-1\n'
    gold = read_gold(write(tmp_path, "a.csv", content))
    assert [(one.text, one.domain, one.claim) for one in gold.examples] == [
        ("Taxes, they rose.", "1988", "CFS"),
        ("Hello.", "2016", "NFS"),
    ]


def test_checkthat_says_yes_or_no_and_its_quotes_are_text(tmp_path: Path) -> None:
    gold = read_gold(write(tmp_path, "a.tsv", 'Sentence_id\tText\tclass_label\n1\t"Taxes rose.\tYes\n2\tHello.\tNo\n'))
    assert [(one.text, one.claim) for one in gold.examples] == [('"Taxes rose.', "Yes"), ("Hello.", "No")]


def test_brat_is_read_with_the_first_annotator_of_a_text(tmp_path: Path) -> None:
    write(tmp_path, "text/nyt_a.txt", "Doe said it rained, he added.")
    spans = "T1\tSource 0 3\tDoe\nT2\tCue 4 8\tsaid\nT3\tContent 9 18;20 28\tit rained\nT4\tAttribution-x 4 8\tsaid"
    write(tmp_path, "attributions/nyt_a_1.ann", spans + "\nE1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n")
    write(tmp_path, "attributions/nyt_a_2.ann", spans)
    (document,) = read_gold(tmp_path).documents
    (quoted,) = document.attributions
    assert (document.domain, quoted.source, quoted.content) == ("nyt", ((0, 3),), ((9, 18), (20, 28)))


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.txt": "Just words.\nMore of them.\n"}, "has no format"),
        ({}, "has no format"),
        ({"a.bin": "\ud83d"}, "has no format"),
        ({"a.csv": "Text,Verdict\nA,7\n"}, "line 2: the verdict '7'"),
        ({"a.tsv": "Text\tclass_label\nA\tmaybe\n"}, "line 2: the label 'maybe'"),
        ({"a.jsonl": '{"id": "1", "text": "A", "claim": "CFS", "ents": []}\n'}, "line 1 is no row of news_gold"),
        ({"a.iob": "A O\n\nB B-LOC\n\n", "b.csv": "Text,Verdict\nA,1\n"}, "several formats"),
        ({"a.iob": "A O\n" * 8_000 + "B\n\n"}, "line 8001 has no tag"),
        ({"a.ann": "T1\tCue 0 1\tA\n"}, "a.txt is missing"),
        ({"a.ann": "T1 Cue\n", "a.txt": "A"}, "line 1 is no span"),
        ({"a.ann": "T1\tCue 0 9\tA\n", "a.txt": "A"}, "behind the end"),
        ({"a.ann": "", "a.txt": "A"}, "No attribution"),
    ],
)
def test_what_cannot_be_read_is_said(files: dict[str, str], words: str, tmp_path: Path) -> None:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content.encode("utf-16" if name.endswith("bin") else "utf-8", "surrogatepass"))
    with pytest.raises(UsageError, match=words):
        read_gold(tmp_path)


def test_a_missing_path_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        read_gold(tmp_path / "none")
