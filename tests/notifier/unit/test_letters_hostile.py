"""Letters of records and transmissions that mean harm, or are of any shape."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifier.adapters.letters.rich_text import rich_text
from notifier.domain.delivery import Letter
from tests.notifier.support.notices import letters, notice, owed

render = letters().render
SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)><svg/onload=alert(1)>'
TAGS = set(
    re.findall(
        r"\w+",
        "html head meta title body div p h1 h2 h3 h4 h5 h6 ul ol li b strong i em u s sub sup small span code "
        "pre blockquote br hr bdi table tbody thead tr th td a",
    )
)


class _Strict(HTMLParser):
    """Fails on every tag and attribute that a letter has no use for."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert not name.startswith("on")
            if name in {"href", "src"}:
                assert re.match(r"(https?://|mailto:)", str(value), re.IGNORECASE)


def _safe(letter: Letter) -> Letter:
    assert "\n" not in letter.subject
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]",
        letter.subject + letter.text + letter.html,
    )
    (letter.subject + letter.text + letter.html).encode()
    parser = _Strict()
    parser.feed(letter.html)
    parser.close()
    return letter


def test_scripts_anywhere_are_text() -> None:
    content = notice(
        title={"en": SCRIPT},
        summary={"en": f"<p>{SCRIPT}</p>"},
        documents=[{"url": "javascript:alert(1)", "name": SCRIPT}],
        unknown={SCRIPT: SCRIPT},
    )
    letter = _safe(
        render(
            owed(
                "copy",
                "en",
                content=content,
                title={"en": SCRIPT},
                link="javascript:alert(1)",
                contacts=[SCRIPT],
                labels={"MX-CONTACT-0001": {"en": SCRIPT}},
            ),
            environment=SCRIPT,
        )
    )
    assert "javascript:alert(1)" in letter.text


@pytest.mark.parametrize(
    "text",
    [
        '<a href="javascript:alert(1)">x</a>',
        '<a href="java&#10;script:alert(1)">x</a>',
        '<a href=" data:text/html,x">x</a>',
        '<p onclick="alert(1)" style="position:fixed">x</p>',
        '<a href=https://example.org onmouseover="alert(1)">x</a>',
        '<td colspan="1" onload=alert(1)>x</td>',
        "<p/onclick=alert(1)>x</p>",
        "<p <script>alert(1)</script>>x</p>",
        "</div></td></table></body></html><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<pre><style>*{}</style></pre><title></title><textarea>",
    ],
)
def test_markup_that_does_something_is_taken_out(text: str) -> None:
    _safe(render(owed("copy", "en", content=notice(summary={"en": text})), environment="x"))


def test_the_subject_stays_one_line_whatever_the_title_holds() -> None:
    title = {"en": "Notice\r\nBcc: everyone@example.org\u2028\x00\x85next\u202egnp.exe\ud800"}
    letter = _safe(render(owed("copy", "en", title=title), environment="production"))
    assert letter.subject.endswith(": Notice Bcc: everyone@example.org nextgnp.exe")


def test_a_long_title_is_cut_in_the_subject_alone() -> None:
    letter = render(owed("copy", "en", title={"en": "a" * 5000}), environment="production")
    assert len(letter.subject) < 300
    assert "a" * 5000 in letter.text
    assert "a" * 5000 in letter.html


def test_braces_in_a_title_are_not_filled_in() -> None:
    letter = render(owed("copy", "en", title={"en": "{identifier} {0} {{x}}"}), environment="production")
    assert letter.subject.endswith(": {identifier} {0} {{x}}")


@pytest.mark.parametrize(
    "unit",
    [
        "a word ",
        " \t",
        "<p>text</p>",
        "<blockquote>",
        "<ul><li>",
        "<b></p>",
        "& ",
        "&amp;<b>x</b>",
        "<",
        "<p ",
        "<table><tr>",
        '<a href="https://example.org">x</a>',
        "<p a=1 b=2>",
        "花",
    ],
)
def test_a_record_of_the_greatest_size_is_laid_out_in_full(unit: str) -> None:
    text = unit * (900_000 // len(unit.encode())) + " the end"
    letter = _safe(render(owed("copy", "en", content=notice(summary={"en": text})), environment="x"))
    assert "the end" in letter.text
    assert "the end" in letter.html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain & simple <ana@example.org> 3 < 4", "plain & simple <ana@example.org> 3 < 4"),
        ("<p>one</p><p>two &lt;three&gt;</p>", "one\n\ntwo <three>"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n\n- two"),
        (
            'see <a href="https://example.org/a?b=1&amp;c=2">this</a>',
            "see this (https://example.org/a?b=1&c=2)",
        ),
        ("<b>bold <ana@example.org></b>", "bold <ana@example.org>"),
        ("first\nsecond", "first\nsecond"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
    ],
)
def test_the_text_part_says_what_the_markup_says(source: str, text: str) -> None:
    assert rich_text(source).text == text


def test_simple_markup_stays_in_the_html_part() -> None:
    source = '<p lang="la">A <i>b</i></p><ul><li>c <a href="https://example.org/d">d</a></li></ul> x < y'
    markup = rich_text(source).markup
    assert '<p lang="la">A <i>b</i></p><ul><li>c <a href="https://example.org/d"' in markup
    assert markup.endswith("x &lt; y")


def test_lines_of_a_text_without_markup_stay_lines() -> None:
    assert rich_text("one\ntwo & three").markup == "one<br>two &amp; three"


words = st.text(alphabet="abcxyz", min_size=3, max_size=12)
leaves = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([SCRIPT, "]]>"])
)
keys = words | st.sampled_from(
    [
        "identifier",
        "url",
        "name",
        "en",
        "zh",
        "customValue",
        "language",
        "lat",
        "title",
        "subjects",
        "suppliers",
        "header",
        "government",
        "lastDay",
        "suppliersConfidential",
        "related",
        "amendmentIntent",
    ]
)
anything = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(content=st.dictionaries(keys, anything, max_size=6), language=st.sampled_from(["ar", "en", "zh"]))
def test_content_of_any_shape_is_laid_out_safely(content: dict[str, Any], language: str) -> None:
    _safe(render(owed("copy", language, content=content), environment="production"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(word=words, path=st.lists(words | st.none(), max_size=14), field=words)
def test_a_value_at_any_depth_of_an_unknown_field_is_shown(
    word: str, path: list[str | None], field: str
) -> None:
    value: Any = f"{word}0"
    for step in path:
        value = [value] if step is None else {step: value}
    letter = render(owed("copy", "en", content=notice(**{field: value})), environment="production")
    assert f"{word}0" in letter.text
    assert f"{word}0" in letter.html
    assert field in letter.html
