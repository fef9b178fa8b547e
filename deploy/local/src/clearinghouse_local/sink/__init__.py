"""The mail sink: an SMTP server that takes every mail, keeps it and hands it on to nobody."""

from clearinghouse_local.sink.behaviour import Behaviour
from clearinghouse_local.sink.server import MailSink
from clearinghouse_local.sink.store import Mail, MailStore

__all__ = ["Behaviour", "Mail", "MailSink", "MailStore"]
