from __future__ import annotations

import pytest

from notifier.domain.addresses import UnmailableAddress, distinct, envelope_address


@pytest.mark.parametrize(
    ("email", "on_the_envelope"),
    [
        ("Nfp@Example.MX", "Nfp@example.mx"),
        (" nfp@example.mx ", "nfp@example.mx"),
        ("amt@straße.de", "amt@xn--strae-oqa.de"),
        ("联系@例子.中国".replace("联系", "lianxi"), "lianxi@xn--fsqu00a.xn--fiqs8s"),
        ('"a b"@example.mx', '"a b"@example.mx'),
    ],
)
def test_an_address_has_one_ascii_form(email: str, on_the_envelope: str) -> None:
    assert envelope_address(email) == on_the_envelope


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "@example.mx",
        "a@",
        "a b@example.mx",
        "a@example.mx\r\nRCPT TO:<b@example.mx>",
        "a\x00@example.mx",
        "a@example.mx>",
        "jörg@example.de",
        f"{'a' * 250}@example.mx",
        "a@例 子.中国",
        "a@b@",
        "a@example.mx, b@example.mx",
    ],
)
def test_what_no_server_can_be_given_is_refused_without_repeating_it(email: str) -> None:
    with pytest.raises(UnmailableAddress) as refusal:
        envelope_address(email)
    assert str(refusal.value).startswith("not sent: ")
    assert email == "" or email not in str(refusal.value)


def test_one_mailbox_is_written_to_once() -> None:
    emails = ["a@example.mx", "not an address", "a@EXAMPLE.mx", "b@example.mx", "not an address"]
    assert distinct(emails) == ["a@example.mx", "not an address", "b@example.mx"]
