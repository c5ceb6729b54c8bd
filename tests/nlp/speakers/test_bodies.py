import pytest
from resolved import resolve_speaker


@pytest.mark.parametrize(
    ("lines", "source", "labels", "speaker"),
    [
        ("NATO said no.", "NATO", {"NATO": "ORG"}, "NATO"),
        ("The Washington Post said no.", "The Washington Post", {"The_Washington_Post": "ORG"}, "The Washington Post"),
        ("The Xinhua news agency said no.", "The Xinhua news agency", {"Xinhua": "ORG"}, "Xinhua"),
        ("Norway's government said no.", "Norway's government", {"Norway": "GPE"}, "Norway's government"),
        ("The government of Norway said no.", "The government of Norway", {"Norway": "GPE"}, "government of Norway"),
        ("The U.N. and NATO said no.", "The U.N. and NATO", {"U.N.": "ORG", "NATO": "ORG"}, "U.N."),
        ("Afghan and U.S. troops said no.", "Afghan and U.S. troops", {"Afghan": "NORP", "U.S.": "GPE"}, None),
        ("The Iraqi army and NATO said no.", "The Iraqi army and NATO", {"Iraqi": "NORP", "NATO": "ORG"}, "Iraqi army"),
        ("A NATO statement said no.", "A NATO statement", {"NATO": "ORG"}, "NATO"),
        ("A NATO spokesman said no.", "A NATO spokesman", {"NATO": "ORG"}, None),
        ("Critics of NATO said no.", "Critics of NATO", {"NATO": "ORG"}, None),
        ("Officials said no.", "Officials", {"NATO": "ORG"}, None),
        ("Norway and its allies said no.", "Norway and its allies", {"Norway": "GPE"}, "Norway"),
        ("Officials from the NATO said no.", "Officials from the NATO", {"NATO": "ORG"}, "NATO"),
        ("A U.S. military statement said no.", "A U.S. military statement", {"U.S.": "GPE"}, "U.S. military"),
        ("State television said no.", "State television", {}, "State television"),
        ("U.S. officials said no.", "U.S. officials", {"U.S.": "GPE"}, None),
        ("Acme, which owns Globe, said no.", "Acme, which owns Globe", {"Acme": "ORG", "Globe": "ORG"}, "Acme"),
        ("A report by Oxfam in Oslo said no.", "A report by Oxfam", {"Oxfam": "ORG", "Oslo": "GPE"}, "Oxfam"),
        ("An account in the Post said no.", "An account in the Post", {"Post": "ORG"}, "Post"),
        ("Oslo's Fire Brigade said no.", "Oslo's Fire Brigade", {"Oslo": "GPE"}, "Fire Brigade"),
        ("Oslo's fire department said no.", "Oslo's fire department", {"Oslo": "GPE"}, "Oslo's fire department"),
        ("An Oslo-based rights group said no.", "An Oslo-based rights group", {"Oslo": "GPE"}, None),
        ("A group linked to NATO said no.", "A group linked to NATO", {"NATO": "ORG"}, None),
        ("Diplomats attending a NATO meeting said no.", "Diplomats attending a NATO meeting", {"NATO": "ORG"}, None),
        ("NATO opponents said no.", "NATO opponents", {"NATO": "ORG"}, None),
        (
            "The Food Organization of the United Nations said no.",
            "The Food Organization of the United Nations",
            {"Food_Organization": "ORG", "United_Nations": "ORG"},
            "Food Organization",
        ),
        ("Oslo, Mass.-based Acme said no.", "Oslo, Mass.-based Acme", {"Oslo": "GPE", "Acme": "ORG"}, "Acme"),
        (
            "Norway's ministry of health said no.",
            "Norway's ministry of health",
            {"Norway": "GPE"},
            "Norway's ministry of health",
        ),
        ("An Iranian report said no.", "An Iranian report", {"Iranian": "NORP"}, None),
    ],
)
def test_a_body_is_named(lines: str, source: str, labels: dict[str, str], speaker: str | None) -> None:
    assert resolve_speaker(lines, source, **labels) == speaker
