"""Controlled vocabularies as data: terms are named in six languages, may be retired and are never removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

OTHER = "5B6177DD-5E5E-434E-8CB7-D63D67D5EBED"
"""The term "other" of every vocabulary that has one; it takes free text (``customValue``)."""


@dataclass(frozen=True, eq=False)
class VocabularyTerm:
    """One term. ``broader`` names the term above it in the same vocabulary."""

    identifier: str
    name: Mapping[str, str]
    broader: str | None = None
    retired: bool = False
    """Kept for the records that use it; not offered for new ones."""
    free_text: bool = False


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """A list of terms that a field may take."""

    identifier: str
    name: Mapping[str, str]
    terms: tuple[VocabularyTerm, ...]

    @cached_property
    def _by_identifier(self) -> dict[str, VocabularyTerm]:
        known = {term.identifier: term for term in self.terms}
        if len(known) != len(self.terms):
            raise ValueError(f"vocabulary {self.identifier} names a term twice")
        return known

    def find(self, identifier: str) -> VocabularyTerm | None:
        """The term of that identifier, retired ones included."""
        return self._by_identifier.get(identifier)


def names(en: str, fr: str, es: str, ru: str, ar: str, zh: str) -> dict[str, str]:
    """One name in the six languages, in the order in which a reader falls back."""
    return {"en": en, "fr": fr, "es": es, "ru": ru, "ar": ar, "zh": zh}


def other() -> VocabularyTerm:
    """The term "other"."""
    return VocabularyTerm(OTHER, names("Other", "Autre", "Otro", "Другое", "غير ذلك", "其他"), free_text=True)


TermRow = tuple[str, str, str, str, str, str, str]
"""An identifier and its names in en, fr, es, ru, ar, zh."""


def vocabulary(
    identifier: str,
    name: Mapping[str, str],
    *rows: TermRow,
    with_other: bool = False,
    broader: Mapping[str, str] | None = None,
) -> Vocabulary:
    """A vocabulary from its rows; ``broader`` names the term above a term."""
    above = broader or {}
    terms = tuple(VocabularyTerm(row[0], names(*row[1:]), above.get(row[0])) for row in rows)
    return Vocabulary(identifier, name, (*terms, other()) if with_other else terms)
