from pipeline.nlp.text.escapes import unescaped


def test_html_entities_are_read_with_the_place_of_each_character() -> None:
    text = "A &ldquo;caf&eacute;&rdquo; &#38; B"
    read = unescaped(text)
    assert read is not None
    assert read.text == "A \u201ccaf\u00e9\u201d & B"
    start = read.text.index("\u201c")
    assert text[read.places[start] : read.places[start + 6]] == "&ldquo;caf&eacute;&rdquo;"
    assert read.places[-1] == len(text)


def test_a_text_without_them_is_left_alone() -> None:
    assert unescaped("AT&T; R&D & others") is None
    assert unescaped("plain") is None
