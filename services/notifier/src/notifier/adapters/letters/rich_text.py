"""Texts of a record, made fit for both parts of a letter.

A text may hold simple HTML. Only the tags that a record may hold count as such; every other "<" is a
character of the text, so that nothing a country wrote is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

import nh3
from markupsafe import Markup, escape

MAX_OPEN_ELEMENTS = 16
"""Open elements at once. The sanitiser's time grows with the square of the depth: 900 kB of nested lists
take it minutes, so a text that is deeper is laid out without its tags."""

MAX_ENTITIES = 20_000
"""Escaped characters beside tags, for the same reason."""

MAX_ATTRIBUTES = 8
"""Attributes of one tag that are looked at."""

_BLOCKS = frozenset(
    ["blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"]
)
_INLINE = frozenset(["a", "b", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup", "u"])
_VOID = frozenset(["br", "hr"])
_CLOSED_BY_THE_NEXT = frozenset(["li", "p", "tbody", "td", "th", "thead", "tr"])
_TAGS = _BLOCKS | _INLINE | _VOID | _CLOSED_BY_THE_NEXT
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)/?>")
_ATTRIBUTE = re.compile(
    r"\b(href|colspan|rowspan|lang|dir)\s*=\s*(\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+)", re.IGNORECASE
)
_ADDRESS = re.compile(r"(https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_BLANK_LINES = re.compile("\n{3,}")


@dataclass(frozen=True)
class RichText:
    """One text: as safe HTML, and as plain text of any number of lines."""

    markup: Markup
    text: str


@dataclass(frozen=True)
class _Tag:
    name: str
    closing: bool
    attributes: str
    address: str

    def markup(self) -> str:
        return f"</{self.name}>" if self.closing else f"<{self.name}{self.attributes}>"


def clean(text: str) -> str:
    """Without control characters, broken surrogates and overrides of the direction; lines end with LF."""
    return _UNSHOWABLE.sub("", _LINE_ENDS.sub("\n", text))


def line(text: str) -> str:
    """The same on one line."""
    return " ".join(clean(text).split())


def is_address(url: str) -> bool:
    """Whether a reader may be led there with one click."""
    return _ADDRESS.fullmatch(url) is not None


def rich_text(source: str) -> RichText:
    """A text of a record, laid out for both parts."""
    parts = _parts(clean(source))
    tags = [part for part in parts if isinstance(part, _Tag)]
    text = clean(_as_text(parts))
    html = "".join(part.markup() if isinstance(part, _Tag) else str(escape(part)) for part in parts)
    if not tags or _depth(tags) > MAX_OPEN_ELEMENTS or html.count("&") > MAX_ENTITIES:
        return RichText(Markup("<br>").join(text.split("\n")), text)
    sanitised = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={**_ATTRIBUTES, "*": {"lang", "dir"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    # nh3 is what makes this text safe; no other text is trusted as HTML.
    return RichText(Markup(sanitised), text)  # noqa: S704


def _parts(source: str) -> list[str | _Tag]:
    parts: list[str | _Tag] = []
    end = 0
    for found in _TAG.finditer(source):
        closing, name, inside = found[1] == "/", found[2].lower(), found[3]
        if name in _TAGS:
            stated = _ATTRIBUTE.findall(inside)[:MAX_ATTRIBUTES]
            attributes = [(key.lower(), value.strip("\"'")) for key, value in stated]
            written = "".join(f' {key}="{escape(unescape(value))}"' for key, value in attributes)
            address = unescape(dict(attributes).get("href", ""))
            parts += [unescape(source[end : found.start()]), _Tag(name, closing, written, address)]
            end = found.end()
    return [*parts, unescape(source[end:])]


def _depth(tags: Iterable[_Tag]) -> int:
    """At least as many elements as are ever open at once, those aside that the next of their kind closes."""
    opened: Counter[str] = Counter()
    deepest = depth = 0
    for tag in tags:
        if tag.name in _CLOSED_BY_THE_NEXT | _VOID or (tag.closing and not opened[tag.name]):
            continue
        step = -1 if tag.closing else 1
        opened[tag.name] += step
        depth += step
        deepest = max(deepest, depth)
    return deepest


def _as_text(parts: Iterable[str | _Tag]) -> str:
    pieces: list[str] = []
    address = ""
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        elif part.name == "a":
            pieces.append(f" ({address})" if part.closing and is_address(address) else "")
            address = "" if part.closing else part.address
        elif part.name == "li" and not part.closing:
            pieces.append("\n- ")
        elif part.name in {"td", "th"}:
            pieces.append("" if part.closing else " ")
        elif part.name in _BLOCKS | _VOID | _CLOSED_BY_THE_NEXT:
            pieces.append("\n")
    lines = "\n".join(one.rstrip() for one in "".join(pieces).split("\n"))
    return _BLANK_LINES.sub("\n\n", lines).strip()
