from __future__ import annotations

from clearinghouse_formats import Catalogue


def test_the_realm_has_its_short_codes(catalogue: Catalogue) -> None:
    assert set(catalogue.realm("absch").short_codes.values()) == {
        "NFP", "CNA", "MSR", "IRCC", "NDB", "CP", "CPC", "CON", "VLR", "ORG",
    }  # fmt: skip
    assert [slug for slug in catalogue.realms if catalogue.short_code(slug, "absPermit")] == ["absch"]


def test_a_permit_alone_is_revoked_and_alone_needs_a_reason(catalogue: Catalogue) -> None:
    assert catalogue.format("absPermit").submitted_by == "country"
    assert [name for name, one in catalogue.formats.items() if one.ends == "revoked"] == ["absPermit"]
    assert [name for name, one in catalogue.formats.items() if one.reason == "required"] == ["absPermit"]
