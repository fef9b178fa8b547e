"""Multilingual text may hold simple HTML: nothing that runs, styles or loads.

This check decides what is accepted; whoever renders a text still escapes or cleans it.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

_TAGS = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "code",
        "div",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
_ATTRIBUTES = {
    "a": frozenset({"href", "title", "target", "rel"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan"}),
}
_EVERYWHERE = frozenset({"lang", "dir"})
_ADDRESS = re.compile(r"(https?://|mailto:)[^\s\x00-\x1f\"<>`]+", re.IGNORECASE)
_TAG_START = re.compile(r"<[A-Za-z/!?]")
_BARE_TAG = re.compile(rf"</?(?:{'|'.join(sorted(_TAGS))})\s*/?>", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"<[A-Za-z/][^>]*>")


class _NotSimple(Exception):
    """The text holds something else than simple HTML."""


class _Guard(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = _ATTRIBUTES.get(tag, frozenset()) | _EVERYWHERE
        if tag not in _TAGS or any(name not in allowed for name, _ in attrs):
            raise _NotSimple
        if any(name == "href" and not _ADDRESS.fullmatch((value or "").strip()) for name, value in attrs):
            raise _NotSimple

    def handle_endtag(self, tag: str) -> None:
        if tag not in _TAGS:
            raise _NotSimple

    def handle_data(self, data: str) -> None:
        # A tag that never closes reaches us as data; the page it is put into would close it.
        if _TAG_START.search(data):
            raise _NotSimple


def is_simple(text: str) -> bool:
    """Whether the text holds no markup, or only simple markup without scripts, styles or handlers."""
    if not _TAG_START.search(_BARE_TAG.sub(" ", text)):
        # Nothing but allowed tags without attributes: most texts, and far quicker than a parser.
        return True
    if not all(_closes_before_the_next(piece) for piece in text.split("<")[1:]):
        return False
    guard = _Guard()
    try:
        guard.feed(text)
        guard.close()
    except _NotSimple:
        return False
    return True


def _closes_before_the_next(piece: str) -> bool:
    """Refuses declarations, comments and tags within tags, so that the parser's work stays linear."""
    first = piece[:1]
    if first in {"!", "?"}:
        return False
    return ">" in piece if first == "/" or (first.isascii() and first.isalpha()) else True


def plain(text: str, gap: str = "") -> str:
    """What a reader sees: entities resolved, ``gap`` in the place of tags. Lengths are counted on it."""
    return unescape(_TAG.sub(gap, text)).strip()
