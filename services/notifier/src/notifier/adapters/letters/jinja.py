"""The letters of all realms, written with templates: the adapter of the port ``Letters``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from clearinghouse_formats import Catalogue
from clearinghouse_messages.events import TransmissionOwed
from notifier.adapters.letters.layout import RealmPart, page_of
from notifier.adapters.letters.localizer import localizer_for
from notifier.adapters.letters.rich_text import clean, is_address
from notifier.adapters.letters.wording import core_words, realm_words
from notifier.application.letters import LettersOfKind, RealmLetters
from notifier.application.ports import UnknownLetterError
from notifier.domain.delivery import Letter


class JinjaLetters:
    """Letters from what each realm declares, by realm.

    Raises ValueError for a realm that lacks words in one of the six languages, so that no letter fails later.
    """

    def __init__(self, realms: Mapping[str, RealmLetters], catalogue: Catalogue) -> None:
        self._realms = realms
        self._catalogue = catalogue
        self._core_words = core_words()
        self._realm_words = {
            realm: realm_words(letters, self._core_words) for realm, letters in realms.items()
        }
        templates = _templates()
        self._html = templates.get_template("letter.html.jinja")
        self._text = templates.get_template("letter.txt.jinja")

    def render(self, owed: TransmissionOwed, *, environment: str) -> Letter:
        """The letter of a transmission, in the recipient's language (English where it is none of the six).

        Everywhere but in ``production`` its subject and both its parts begin by saying that it is not official.
        Raises UnknownLetterError for a realm or a kind of transmission that has no letter.
        """
        letters = self._letters_of(owed)
        localizer = localizer_for(self._core_words, owed.language, owed.labels, owed.current)
        part = RealmPart(
            name=self._catalogue.realm(owed.realm).name[localizer.language],
            words=self._realm_words[owed.realm][localizer.language],
            letters=letters,
        )
        declared = self._catalogue.formats.get(owed.record.format)
        page = page_of(owed, part, declared, localizer, environment)
        return Letter(
            subject=page.subject,
            text=clean(self._text.render(page=page)),
            html=clean(self._html.render(page=page)),
            language=page.language,
        )

    def _letters_of(self, owed: TransmissionOwed) -> LettersOfKind:
        realm = self._realms.get(owed.realm)
        if realm is None:
            there = ", ".join(self._realms) or "none"
            raise UnknownLetterError(
                f"no letters are declared for the realm of this transmission; realms with letters: {there}"
            )
        if owed.kind not in realm.kinds:
            there = ", ".join(realm.kinds) or "none"
            raise UnknownLetterError(
                f"no letter is declared for this kind of transmission; kinds with letters: {there}"
            )
        return realm.kinds[owed.kind]


def _templates() -> Environment:
    folder = files(__package__).joinpath("templates")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=select_autoescape(enabled_extensions=["html.jinja"], disabled_extensions=["txt.jinja"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["address"] = is_address
    environment.filters["ltr"] = _ltr
    return environment


def _ltr(text: str) -> Markup:
    """Left-to-right and apart from the text around it, as identifiers and addresses are in any language."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)
