"""The shipped model keeps its level on sentences that were written for this project."""

import pytest

from pipeline.nlp.model import Model

_ALLOWED = 3  # of 26: the shipped model errs on fewer
_TRUE_REASONS = 0.8

_CLAIMS = {
    "CFS": [
        "At least 12 people were killed when a bomb went off at a market in the city on Monday.",
        "Unemployment rose to 9.6 percent in August, the highest rate in five years.",
        "The army has shelled three villages near the border, the rights group said.",
        "The minister accused the company of bribing officials to win the contract.",
        "The new law bans the sale of tobacco to anyone under 21.",
        "Oil prices fell by four dollars a barrel after the talks collapsed.",
        "More than 40,000 refugees have crossed into the north since January.",
        "The court sentenced the former mayor to six years in prison for fraud.",
        "Turnout in Sunday's election was 48 percent, officials said.",
        "The vaccine reduced hospital admissions by two thirds, according to the study.",
    ],
    "UFS": [
        "The foreign minister met his Norwegian colleague in Oslo on Tuesday.",
        "She was born in 1961 in a village in the south of the country.",
        "The committee will hold its next meeting on Thursday.",
        "The spokesman gave no further details.",
        "The president arrived in Paris late Wednesday for a two-day visit.",
        "He played for the national team from 1998 to 2004.",
        "The ceremony was attended by diplomats from several countries.",
        "The film is the director's third.",
    ],
    "NFS": [
        "I hope that we can all live together in peace.",
        "It was a wonderful evening.",
        "Let us never forget what they did for us.",
        "We must do everything we can to stop this war.",
        "Perhaps the best is still to come.",
        "You should be ashamed of yourself.",
        "He said he is confident that the talks will succeed.",
        "Thank you very much, and good night.",
    ],
}
_NAMES = [
    (
        "Chancellor Angela Merkel flew to Athens on Friday.",
        {("Angela Merkel", "PERSON"), ("Athens", "GPE"), ("Friday", "DATE")},
    ),
    ("The World Bank lent Kenya $200 million.", {("World Bank", "ORG"), ("Kenya", "GPE"), ("$200 million", "MONEY")}),
    ("Iraqi troops left on Friday.", {("Iraqi", "NORP"), ("Friday", "DATE")}),
    ("Prices rose 3.5 percent in March.", {("3.5 percent", "PERCENT"), ("March", "DATE")}),
    ("NATO sent two ships to the Black Sea.", {("NATO", "ORG"), ("two", "CARDINAL"), ("Black Sea", "LOC")}),
    ("Hurricane Katrina struck New Orleans.", {("Hurricane Katrina", "EVENT"), ("New Orleans", "GPE")}),
    ("Human Rights Watch accused Hamas.", {("Human Rights Watch", "ORG"), ("Hamas", "ORG")}),
]
# Texts as lines, lines as the units that they should be split into: 74 in all.
_TEXTS = [
    [
        ["Ferry runs aground off Cape Morrow"],
        ["By Anna Reyes and Tom Bell, Associated Press"],
        [
            "KENYON (AP) -",
            "A ferry with 212 people on board ran aground late on Tuesday, the coast guard said.",
            "No one died.",
        ],
        [
            "Capt. L. J. Harker, who has run the route since Sept. 3, blamed the fog.",
            '"We saw nothing until we felt it," he said.',
            '"Then it was over."',
        ],
        [
            "The ferry, built by A. R. Singh & Sons Inc. in 1988, can hold 300.",
            "It was towed to St. Anne at 6 p.m.",
            "It will stay there.",
        ],
        ["The ferry at Cape Morrow in May.", "Photo: Jane Doe"],
    ],
    [
        [
            "Sen. Ruth A. Wexler met Gen. Ivo Brandt Jr. in Washington, D.C., on Monday.",
            "They spoke for two hours.",
            "The U.S. wants the bases closed by Dec. 31.",
        ],
        [
            "Brandt, who lived in the U.S. for years, said no.",
            "He will retire to the U.S.",
            "That is where his children live.",
        ],
        ["WEXLER:", "How long will it take?", "A year?"],
        ["BRANDT:", "Longer, I fear ...", "We have no plan.", "None!"],
    ],
    [
        [
            "OSLO, March 3 (Reuters) -",
            "Prices rose 0.4 percent in February, to $3.19 a litre.",
            "Why?",
            "Nobody at Harlan Corp. would say.",
        ],
        [
            '"Ask the St. Louis office," said a clerk.',
            "St. Louis did not call back.",
            "Shares of Harlan fell 11 percent.",
            "Trading was halted at 2:15 p.m.",
            "It did not resume.",
        ],
        [
            '"It is not what we wanted.',
            'It is what we could get," said Prime Minister Liv Aas.',
            "The law takes effect on Jan. 1, 2027.",
        ],
        ["(Reporting by Tom Bell.)"],
    ],
    [
        ["The minister paused ...", "Then he read on.", '"I have ... nothing to add," he told reporters.'],
        [
            '"Who will pay for this?" she asked.',
            '"You will!" a man shouted from the back.',
            "The mayor, Dr. P. K. Osei, did not answer.",
        ],
        [
            "The bridge (it was built in 1931) has been closed since Jan. 4.",
            "(Its twin was torn down last year.)",
            "Drivers now go by way of Mt. Pleasant, 12 miles to the north.",
        ],
        [
            "[The mayor's office did not reply.]",
            "\u201cIt is safe,\u201d an engineer said.",
            "\u201cI would drive on it.\u201d",
        ],
    ],
    [
        ["Bank's chairman resigns", "Thursday, March 4, 2021"],
        [
            "J. M. Tolland, the bank's chairman, resigned.",
            "So did Mrs. Tolland, its treasurer.",
            "The bank, e.g., had lent $4.2 million to a firm that they own.",
        ],
        ['Asked whether he knew of it, Tolland said: "No. I did not."', "He was under oath."],
        [
            "Its No. 2 branch, near Ft. Worth, Texas, closed in Aug. 2019.",
            "About 300 people lost their jobs, i.e. all of them.",
        ],
        ["Three things are known:"],
        ["1. The money is gone.", "2. The papers are gone.", "3. So is Mr. Tolland."],
    ],
    [
        ["Snow closes roads"],
        [
            "NEW DELHI:",
            "More than 40 cm of snow fell in the hills overnight.",
            "Buses stopped at 4 a.m. and will not run before noon.",
        ],
        [
            '"Stay at home," the police said.',
            '"Please."',
            "Yahoo! News first reported the closures.",
            "Was it the worst storm since 1978?",
            "It was.",
        ],
        ["\u00a9 2021 The Kenyon Post"],
    ],
]
_RIGHT_UNITS = 73  # of 74
_SPEAKERS = [
    ("Jane Doe, the mayor, said the bridge was unsafe.", "Jane Doe"),
    ("The bridge is unsafe, according to the Transport Ministry.", "Transport Ministry"),
    ("Mayor Jane Doe opened the bridge. She said it was safe.", "Jane Doe"),
    ('"The bridge is safe," Merkel told reporters. Angela Merkel opened it.', "Angela Merkel"),
    ("The United Nations warned that food was running out.", "United Nations"),
    ("Police denied that shots were fired.", None),
]


def test_claims_keep_their_level(model: Model) -> None:
    rows = [(sentence, label) for label, sentences in _CLAIMS.items() for sentence in sentences]
    texts = [sentence for sentence, _ in rows]
    sentences = model.split_sentences(texts)
    assertions = model.classify_claims(texts, sentences, model.tag_entities(texts, sentences))
    wrong = [
        (text, label, found[0].label)
        for (text, label), found in zip(rows, assertions, strict=True)
        if found[0].label != label
    ]
    assert len(wrong) <= _ALLOWED, wrong


def test_reasons_are_true_of_the_score(model: Model) -> None:
    """Without the words of a reason, the chance of the label is lower: in 88 % of cases on dev."""
    lower = []
    for text in (text for sentences in _CLAIMS.values() for text in sentences):
        [judged] = model.claims.judge([(text, [])])
        label = judged.chances.index(max(judged.chances))
        words = [reason.split('"')[1] for reason in judged.reasons if '"' in reason]
        rests: list[tuple[str, list[str]]] = [(text.replace(word, "", 1), []) for word in words if word in text]
        lower += [one.chances[label] < judged.chances[label] for one in model.claims.judge(rests)]
    assert sum(lower) >= _TRUE_REASONS * len(lower), (sum(lower), len(lower))


@pytest.mark.parametrize(("text", "names"), _NAMES)
def test_entities_keep_their_level(text: str, names: set[tuple[str, str]], model: Model) -> None:
    found = model.tag_entities([text], model.split_sentences([text]))[0]
    assert {(name.text, name.label) for name in found} == names


@pytest.mark.parametrize(("text", "speaker"), _SPEAKERS)
def test_speakers_keep_their_level(text: str, speaker: str | None, model: Model) -> None:
    sentences = model.split_sentences([text])
    found = model.find_attributions([text], sentences, model.tag_entities([text], sentences))[0].attributions
    assert [one.speaker for one in found] == [speaker]


def test_sentences_keep_their_level(model: Model) -> None:
    right = wanted = 0
    wrong: list[str] = []
    for lines in _TEXTS:
        text = "\n".join(" ".join(units) for units in lines)
        found = [text[unit.start : unit.end] for unit in model.split_sentences([text])[0]]
        units = [unit for line in lines for unit in line]
        wrong += [unit for unit in found if unit not in units]
        right += sum(unit in found for unit in units)
        wanted += len(units)
    assert wanted == 74
    assert right >= _RIGHT_UNITS, wrong
