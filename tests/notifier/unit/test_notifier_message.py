from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.domain.delivery import Delivery, Letter, begin
from notifier.domain.message import compose, message_id, one_line
from tests.notifier.support.samples import NOON, delivery


def _parsed(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _begun(letter: Letter | None = None, *emails: str, **changes: object) -> Delivery:
    chosen = letter or Letter("شهادة", "نص الرسالة\n", "<p dir='rtl'>نص</p>", "ar")
    return begin(delivery(*emails, letter=chosen, **changes), "mail:25", NOON)


def test_a_letter_is_text_and_html_in_its_language() -> None:
    parsed = _parsed(compose(_begun()))
    assert parsed.get_content_type() == "multipart/alternative"
    text, html = parsed.iter_parts()
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "نص الرسالة\r\n")
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", "<p dir='rtl'>نص</p>")
    assert {part.get_content_charset() for part in (text, html)} == {"utf-8"}


def test_its_headers_say_what_it_is() -> None:
    begun = _begun(
        None,
        "nfp@example.mx",
        "office@example.mx",
        transmission="t-1",
        roles=("national-focal-point", "provider"),
    )
    parsed = _parsed(compose(begun))
    assert {name: str(parsed[name]) for name in parsed if name not in ("Content-Type", "MIME-Version")} == {
        "Message-ID": "<t-1@clearinghouse.example>",
        "Date": "Sun, 22 Nov 2026 12:00:00 +0000",
        "From": "bch@clearinghouse.example",
        "To": "nfp@example.mx, office@example.mx",
        "Subject": "شهادة",
        "Content-Language": "ar",
        "Auto-Submitted": "auto-generated",
        "X-Clearinghouse-Type": "official-transmission",
        "X-Clearinghouse-Transmission": "t-1",
        "X-Clearinghouse-Record": "BCH-DEV-LAW-MX-104-1",
        "X-Clearinghouse-Roles": "national-focal-point, provider",
    }


def test_every_hand_over_is_the_same_bytes() -> None:
    begun = _begun()
    again = begin(begun, "mail:25", NOON.replace(hour=15))
    assert compose(begun) == compose(again)


@settings(deadline=None)
@given(
    subject=st.text(max_size=900),
    role=st.text(min_size=1, max_size=60),
    identifier=st.text(max_size=60),
    language=st.text(max_size=12),
)
def test_no_text_ends_a_header_or_begins_another(
    subject: str, role: str, identifier: str, language: str
) -> None:
    letter = Letter(subject, "text\n", "<p>text</p>", language)
    content = compose(_begun(letter, roles=(role,), identifier=identifier, transmission="t-1"))
    plain = compose(_begun(Letter("s", "text\n", "<p>text</p>", "l"), transmission="t-1"))
    assert _parsed(content).keys() == _parsed(plain).keys()
    assert str(_parsed(content)["Subject"]).split() == one_line(subject).split()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert content.count(b"\n") == content.count(b"\r\n")


def test_a_hostile_subject_stays_a_subject() -> None:
    letter = Letter("Ley\r\nBcc: all@example.org\u2028X: y", "text\n", "<p>text</p>", "es")
    parsed = _parsed(compose(_begun(letter)))
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == "Ley Bcc: all@example.org X: y"


def test_addresses_that_no_server_can_be_given_are_not_in_the_header() -> None:
    parsed = _parsed(compose(_begun(None, "jörg@example.de", "amt@straße.de", "x\r\nBcc: y@example.org")))
    assert parsed["To"] == "amt@xn--strae-oqa.de"
    assert parsed["Bcc"] is None


@pytest.mark.parametrize("transmission", ["", "a b", "a>b", "a\r\nb", "a@b", "ü"])
def test_a_transmission_whose_identifier_no_message_id_can_hold_is_refused(transmission: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        message_id(transmission, "clearinghouse.example")
