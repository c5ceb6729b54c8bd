import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contract.markup import without_markup


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("no markup at all", "no markup at all"),
        ("<p>One.</p><p>Two.</p>", "One.\nTwo."),
        ("<p>One,\n  broken\tby the editor.</p>\n\n<p> Two. </p>", "One, broken by the editor.\nTwo."),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("<h1>Head</h1>Body<div>part</div>rest", "Head\nBody\npart\nrest"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><th>a</th><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("so <em>very</em><b>bold</b> <a href='x'>here</a>", "so verybold here"),
        ("<P>upper <EM>case</EM></P>", "upper case"),
        ("Smith &amp; Sons &#8212; &ldquo;no&rdquo; &eacute;&euro;", "Smith & Sons — “no” é€"),
        ("&lt;p&gt; is a tag", "<p> is a tag"),
        ("AT&T &unknown; 5 < 6 > 4", "AT&T &unknown; 5 < 6 > 4"),
        ("a&nbsp;b<p>&nbsp;</p>c", "a\u00a0b\nc"),
        ("<script>if (a < b) '</p>'</script>one<style>p {}</style>", "one"),
        ("<SCRIPT>x</Script >one", "one"),
        ("<script>never closed <p>one</p>", ""),
        ("<head><title>Not said twice</title></head><body>one</body>", "one"),
        ("a<!-- <p>not</p> -->b<!-- never closed", "ab"),
        ("<!DOCTYPE html><?xml version='1.0'?>one", "one"),
        ("<p><![CDATA[a <b> & c\nd]]></p><![CDATA[open", "a <b> & c d\nopen"),
        ('<img alt="a > b" src=x>one<p class=\'"\'>two', "one\ntwo"),
        ('<p title="never closed>one</p>', '<p title="never closed>one'),
        ("<pre>one\r\n  two\n\nthree</pre>four\nfive", "one\ntwo\nthree\nfour five"),
        ("</pre>one\ntwo", "one two"),
        ("<p>The <person>Ann Lee</person> of <org>Acme</org></p><block>x</block>", "The Ann Lee of Acme\nx"),
        ("<o:p>custom</o:p>element", "custom\nelement"),
        ("&#xD800;&#0;&#x110000;", "\ufffd\ufffd\ufffd"),
        (f"&#{'9' * 5000};x", "\ufffdx"),
        ("<3 & </3", "<3 & </3"),
    ],
)
def test_markup_becomes_lines(markup: str, text: str) -> None:
    assert without_markup(markup) == text


@given(st.text(st.sampled_from("<>/!-[]&#;\"' \nabpre=x0CDAT&")) | st.text(st.characters(codec="utf-8")))
def test_nothing_raises_and_no_line_is_blank_or_padded(markup: str) -> None:
    text = without_markup(markup)
    assert all(line == line.strip() and line for line in text.split("\n")) or not text
    text.encode()


@pytest.mark.parametrize(
    "part",
    [
        "<",
        "<a ",
        '<a x="',
        "<a 'x\"",
        "<!--",
        "<![CDATA[",
        "<!",
        "</",
        "<?",
        "&",
        "&#",
        "&#1",
        "<pre>",
        "<b>",
        "<script></scrip",
    ],
)
def test_time_grows_no_faster_than_the_input(part: str) -> None:
    markup = part * (400_000 // len(part))
    start = time.process_time()
    without_markup(markup)
    assert time.process_time() - start < 5  # seconds; the standard library's parser needs minutes for some of these
