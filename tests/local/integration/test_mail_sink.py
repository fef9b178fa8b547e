"""The sink keeps every mail over a restart, tells what it is, and fails as real mail servers do."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from clearinghouse_local.sink import Behaviour, MailSink
from clearinghouse_local.sink.web import create_app


def letter(language: str = "ar") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "absch@clearinghouse.example"
    message["To"] = "salma@ma.example"
    message["Subject"] = "شهادة"
    message["Message-ID"] = "<owed-1@clearinghouse.example>"
    message["X-Clearinghouse-Roles"] = "provider, grantee"
    message.set_content("نسخة من الشهادة")
    message.add_alternative('<p dir="rtl">نسخة <script>alert(1)</script></p>', subtype="html")
    message["Content-Language"] = language  # set earlier, it would move into the first part
    return message


async def send(sink: MailSink, *recipients: str, within: float = 5) -> dict[str, aiosmtplib.SMTPResponse]:
    async with aiosmtplib.SMTP(hostname=sink.host, port=sink.port, timeout=within) as client:
        refused, _ = await client.send_message(letter(), recipients=list(recipients) or None)
    return {address: aiosmtplib.SMTPResponse(*answer) for address, answer in refused.items()}


async def test_a_mail_is_kept_over_a_restart_with_what_a_reader_asks_of_it(
    mail_sink: MailSink, tmp_path: Path
) -> None:
    await send(mail_sink)
    again = MailSink(tmp_path / "mails")
    [mail] = again.mails
    assert (mail.id, mail.recipients, mail.language) == (1, ["salma@ma.example"], "ar")
    assert (mail.subject, mail.roles) == ("شهادة", "provider, grantee")
    assert mail.message_id == "<owed-1@clearinghouse.example>"
    assert mail.text.strip() == "نسخة من الشهادة"
    assert 'dir="rtl"' in mail.html


async def test_a_torn_index_loses_only_the_mail_that_was_never_answered(
    mail_sink: MailSink, tmp_path: Path
) -> None:
    await send(mail_sink)
    with (tmp_path / "mails" / "index.jsonl").open("a") as index:
        index.write('{"id": 2, "recei')
    again = MailSink(tmp_path / "mails")
    assert [mail.id for mail in again.mails] == [1]
    again.store.keep("a@b.example", ["c@d.example"], b"Subject: second\r\n\r\ntext\r\n")
    assert [mail.subject for mail in MailSink(tmp_path / "mails").mails] == ["شهادة", "second"]


async def test_it_announces_that_it_is_a_sink(mail_sink: MailSink) -> None:
    async with aiosmtplib.SMTP(hostname=mail_sink.host, port=mail_sink.port) as client:
        await client.ehlo()
        assert client.supports_extension("x-clearinghouse-sink")


async def test_it_defers_as_often_as_asked_and_then_accepts(mail_sink: MailSink) -> None:
    mail_sink.behave(Behaviour(mode="defer", times=2))
    for _ in range(2):
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await send(mail_sink)
        assert refused.value.code == 451
    await send(mail_sink)
    assert len(mail_sink.mails) == 1


async def test_it_rejects_for_good_with_the_code_that_was_asked_for(mail_sink: MailSink) -> None:
    mail_sink.behave(Behaviour(mode="reject", code=552))
    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await send(mail_sink)
    assert refused.value.code == 552
    assert mail_sink.mails == []


async def test_it_refuses_one_recipient_and_takes_the_other(mail_sink: MailSink) -> None:
    mail_sink.behave(Behaviour(mode="reject", recipients=frozenset({"gone@ma.example"})))
    refused = await send(mail_sink, "salma@ma.example", "gone@ma.example")
    assert {address: answer.code for address, answer in refused.items()} == {"gone@ma.example": 550}
    assert mail_sink.mails[0].recipients == ["salma@ma.example"]


async def test_it_keeps_a_mail_and_drops_the_connection_without_an_answer(mail_sink: MailSink) -> None:
    mail_sink.behave(Behaviour(mode="drop-after-data", times=1))
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(mail_sink)
    assert len(mail_sink.mails) == 1


async def test_it_hangs_and_keeps_nothing(mail_sink: MailSink) -> None:
    mail_sink.behave(Behaviour(mode="hang"))
    with pytest.raises(aiosmtplib.SMTPTimeoutError):
        await send(mail_sink, within=0.3)
    assert mail_sink.mails == []


async def test_it_goes_away_and_comes_back_on_its_port(mail_sink: MailSink) -> None:
    port = mail_sink.port
    await mail_sink.stop()
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(mail_sink)
    await mail_sink.start()
    await send(mail_sink)
    assert mail_sink.port == port


async def test_the_web_side_shows_letters_without_running_what_is_in_them(mail_sink: MailSink) -> None:
    await send(mail_sink)
    app = httpx.ASGITransport(create_app(mail_sink, "development"))
    async with httpx.AsyncClient(transport=app, base_url="http://sink") as web:
        [mail] = (await web.get("/mails")).json()["items"]
        assert (await web.get("/mails", params={"after": mail["id"]})).json() == {"items": []}
        assert mail["messageId"] == "<owed-1@clearinghouse.example>"
        assert "شهادة" in (await web.get("/")).text
        page = (await web.get("/read/1")).text
        assert 'sandbox="allow-same-origin"' in page
        assert "<script>" not in page
        assert 'dir="rtl"' in page
        assert (await web.get("/read/2")).status_code == 404


async def test_its_behaviour_is_set_over_the_web_and_nonsense_refused(mail_sink: MailSink) -> None:
    app = httpx.ASGITransport(create_app(mail_sink, "development"))
    async with httpx.AsyncClient(transport=app, base_url="http://sink") as web:
        answer = await web.post("/behaviour", json={"mode": "defer", "code": 421, "times": 3})
        assert answer.status_code == 200
        assert (await web.post("/behaviour", json={"mode": "explode"})).status_code == 422
    assert mail_sink.behaviour == Behaviour(mode="defer", code=421, times=3)
