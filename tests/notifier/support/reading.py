"""What a reader sees of a letter."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from notifier.domain.delivery import Letter


class Shown(HTMLParser):
    """The texts of an HTML part, and the attributes of its root."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.root: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.root = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def spaced(text: str) -> str:
    """The words with single spaces between them."""
    return " ".join(text.split())


def parts(letter: Letter) -> tuple[str, str]:
    """Both parts as words with single spaces between them."""
    html = unescape(re.sub(r"<[^>]+>", " ", letter.html))
    return spaced(letter.text), spaced(html)
