import time

import pytest

from clearinghouse_formats import FALLBACK, LANGUAGES, country_name, first_language, in_language
from clearinghouse_formats.countries import countries
from clearinghouse_formats.markup import is_simple, plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words & more",
        "a < b > c",
        "3 <4",
        "<p>ok</p><br/><BR>",
        '<a href="https://example.org/?a=1&amp;b=2" title="x">link</a>',
        '<span lang="ar" dir="rtl">نص</span>',
        "Genus <i>species</i> &lt;script&gt;",
        "<ul><li>one</li><li>two</li></ul>",
    ],
)
def test_simple_html_is_accepted(text: str) -> None:
    assert is_simple(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "</script>",
        "<SCRIPT src=x>",
        "<p onclick=alert(1)>",
        "<p/onclick=alert(1)>",
        "<p\x0conclick=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1) ",
        "<svg/onload=alert(1)>",
        "<style>p{}</style>",
        "<p style='color:red'>",
        "<iframe src='https://example.org'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href=' java\nscript:alert(1)'>x</a>",
        "<a href='java&#115;cript:alert(1)'>x</a>",
        "<a href='data:text/html,x'>x</a>",
        "<a href='//example.org'>x</a>",
        "<!-- comment -->",
        "<!DOCTYPE html>",
        "<![CDATA[x]]>",
        "<?php x ?>",
        "<p <b>bold</b>>",
        '<a title="x>y <b>z',
        "<form><input></form>",
    ],
)
def test_what_runs_styles_or_loads_is_not_simple(text: str) -> None:
    assert not is_simple(text)


@pytest.mark.parametrize("piece", ['<a title="x>', "<a '>", "<p>", "< ", "&", '</p x="y>', "<a "])
def test_checking_a_long_text_takes_no_longer_than_in_proportion(piece: str) -> None:
    began = time.process_time()
    is_simple(piece * 30_000)
    assert time.process_time() - began < 5


def test_lengths_are_counted_on_what_a_reader_sees() -> None:
    assert plain("<p>R&amp;D <b>now</b></p>") == "R&D now"
    assert plain("<p>one</p><p>two</p>", gap=" ").split() == ["one", "two"]


def test_a_reader_gets_his_language_or_the_first_of_the_order() -> None:
    assert in_language({"ar": "نص", "ru": "текст"}, "ar") == ("نص", "ar")
    assert in_language({"ar": "نص", "ru": "текст"}, "zh") == ("текст", "ru")
    assert in_language({"en": "", "zh": "文"}, "en") == ("文", "zh")
    with pytest.raises(KeyError):
        in_language({}, "en")


def test_the_order_has_every_language_once() -> None:
    assert sorted(FALLBACK) == sorted(LANGUAGES)


@pytest.mark.parametrize(
    ("country", "language"),
    [
        ("mx", "es"),
        ("de", "en"),
        ("ma", "ar"),
        ("cn", "zh"),
        ("ch", "fr"),
        ("ru", "ru"),
        ("sn", "fr"),
        ("eu", "en"),
    ],
)
def test_letters_to_a_country_are_in_its_first_language_of_the_six(country: str, language: str) -> None:
    assert first_language(country) == language


def test_countries_are_those_of_the_standard_and_the_european_union() -> None:
    assert len(countries()) == 250
    assert {"mx", "eu", "gb", "tw"} <= countries()
    assert not {"MX", "uk", "un", "zz", "xk", "ea"} & countries()


def test_countries_have_names_in_six_languages() -> None:
    assert [country_name("mx", language) for language in LANGUAGES] == [
        "المكسيك", "Mexico", "México", "Mexique", "Мексика", "墨西哥",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        country_name("zz", "en")
    with pytest.raises(KeyError):
        country_name("mx", "de")
