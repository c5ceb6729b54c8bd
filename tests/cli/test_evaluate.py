import json
from pathlib import Path

import pytest

from pipeline.cli import main

_ROWS = [
    ("gmb-1", "Oslo spent 3 million euros on the bridge , Jane Doe said .", [[0, 4, "GPE"]], "CFS"),
    ("gmb-2", "I hope that we can all live together in peace .", [], "NFS"),
]


@pytest.fixture
def news(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl"
    rows = [
        {"id": name, "text": text, "ents": entities, "claim": claim, "types": [], "attr": []}
        for name, text, entities, claim in _ROWS
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.slow
def test_everything_is_measured_printed_and_drawn(
    news: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    plot = tmp_path / "calibration.png"
    assert main(["evaluate", str(news), "--plot", str(plot)]) == 0
    out = capfd.readouterr().out
    for title in ("entities, strict", "claims (2 sentences)", "claim types", "attributions, exact", "confusion", "ECE"):
        assert title in out
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_programs_get_one_json_object(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "names.iob"
    path.write_text("Angela B-PER\nMerkel I-PER\nleft O\nAthens B-LOC\n. O\n\n", encoding="utf-8")
    assert main(["evaluate", str(path), "--json"]) == 0
    report = json.loads(capfd.readouterr().out)
    (task,) = report["tasks"]
    assert (task["name"], task["classes"]["all"]["f1"], report["calibration"]) == ("entities, strict", 100, None)


@pytest.mark.slow
def test_sentences_attributions_and_worthiness_are_measured(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    token = "\t".join(["1", "Rain", *"________"])
    (tmp_path / "a.conllu").write_text(f"# newdoc\n# text = Rain fell.\n{token}\n\n", encoding="utf-8")
    (tmp_path / "a.tsv").write_text("Text\tclass_label\nThank you all.\tNo\n", encoding="utf-8")
    brat = tmp_path / "brat"
    brat.mkdir()
    (brat / "a.txt").write_text("Jane Doe, the mayor, said the bridge was unsafe.\n", encoding="utf-8")
    spans = "T1\tSource 0 8\tJane Doe\nT2\tCue 21 25\tsaid\nT3\tContent 26 47\tthe bridge was unsafe\n"
    (brat / "a.ann").write_text(f"{spans}E1\tCue:T2 Content:T3 Source:T1\n", encoding="utf-8")
    figures = {}
    for path, overall in (("a.conllu", "all"), ("a.tsv", "macro"), ("brat", "source and cue")):
        assert main(["evaluate", str(tmp_path / path), "--json"]) == 0
        (task,) = json.loads(capfd.readouterr().out)["tasks"]
        figures[task["name"]] = task["classes"][overall]["precision"]
    assert figures == {"sentences, exact spans": 100, "claims": 100, "attributions, overlap": 100}


@pytest.mark.parametrize(
    ("extra", "words"),
    [(["--plot", "x.png"], "calibration of claims"), (["--part", "dev"], "has no parts")],
)
def test_what_data_cannot_give_is_refused(
    extra: list[str], words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names.iob"
    path.write_text("Oslo B-LOC\n. O\n\n", encoding="utf-8")
    assert main(["evaluate", str(path), *extra]) == 2
    assert words in capfd.readouterr().err


def test_a_part_may_be_chosen(news: Path, capfd: pytest.CaptureFixture[str]) -> None:
    codes = [main(["evaluate", str(news), "--part", part, "--json"]) for part in ("train", "dev", "test")]
    sizes = [json.loads(line)["tasks"][0]["units"] for line in capfd.readouterr().out.splitlines()]
    assert sum(sizes) == len(_ROWS)
    assert sorted(codes)[: len(sizes)] == [0] * len(sizes)
