"""A plain page of a record, for a reader with a browser, until the portal stands. Works on slow lines."""

from __future__ import annotations

import json
from html import escape

from clearinghouse_formats import LANGUAGES, in_language
from clearinghouse_messages.answers import RecordAnswer

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#222}"
    ".status{display:inline-block;padding:.2rem .6rem;border-radius:.3rem;background:#e6f4ea}"
    ".superseded,.revoked,.deleted{background:#fce8e6}pre{background:#f6f6f6;padding:1rem;overflow:auto}"
    ".environment{background:#7a4b00;color:#fff;padding:.5rem 1rem;text-transform:uppercase;font-weight:700}"
    "table{border-collapse:collapse}td,th{padding:.2rem 1rem .2rem 0;text-align:start}"
)


def page(shown: RecordAnswer, accept_language: str, environment: str) -> str:
    """The record as HTML, its title in the best language the reader asks for.

    Outside production a banner says which environment it is.
    """
    warning = f"<p class=environment>{escape(environment)} environment: no official records</p>"
    banner = "" if environment == "production" else warning
    title, language = in_language(shown.title, preferred(accept_language)) if shown.title else ("", "en")
    direction = "rtl" if language == "ar" else "ltr"
    rows = "".join(
        f'<tr><td><a href="/{escape(one.identifier)}">{escape(one.identifier)}</a></td>'
        f"<td>{escape(one.status)}</td><td>{one.published_at:%Y-%m-%d %H:%M} UTC</td></tr>"
        for one in shown.revisions
    )
    referrers = "".join(
        f'<li><a href="/{escape(one.identifier)}">{escape(one.identifier)}</a> {escape(one.format)}</li>'
        for one in shown.referred_by
    )
    content = escape(json.dumps(shown.content, ensure_ascii=False, indent=2))
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>{escape(shown.identifier)}</title><style>{_STYLE}</style>"
        f"{banner}<h1>{escape(shown.identifier)}</h1>"
        f'<p class="status {escape(shown.status)}">{escape(shown.statement)}</p>'
        f'<h2 lang="{language}" dir="{direction}">{escape(title)}</h2>'
        f"<h3>Revisions</h3><table><tr><th>Identifier<th>Status<th>Published</tr>{rows}</table>"
        + (f"<h3>Referred to by</h3><ul>{referrers}</ul>" if referrers else "")
        + f'<h3>Content</h3><pre dir="auto">{content}</pre>'
        f'<p><a href="/v1/records/{escape(shown.identifier)}/transmissions">Transmissions</a></p></html>'
    )


def preferred(accept_language: str) -> str:
    """The first UN language that an ``Accept-Language`` names, in order of its weights; English otherwise."""
    wanted: list[tuple[float, str]] = []
    for part in accept_language.split(",")[:20]:
        name, _, weight = part.strip().partition(";q=")
        language = name.split("-")[0].strip().lower()
        try:
            wanted.append((float(weight or 1), language))
        except ValueError:
            continue
    for _, language in sorted(wanted, key=lambda one: -one[0]):
        if language in LANGUAGES:
            return language
    return "en"
