"""The settings of a service: every fault is named at once, by its variable and without its value."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pydantic import SecretStr, ValidationError

from clearinghouse_runtime.settings import ServiceSettings, SettingsError, read_settings

SECRET = "a-value-nobody-may-see"


class Settings(ServiceSettings):
    prefix: ClassVar[str] = "TALLY_"

    limit: int
    password: SecretStr | None = None


VARIABLES = {
    "TALLY_ENVIRONMENT": "development",
    "TALLY_MONGO_URI": f"mongodb://tally:{SECRET}@127.0.0.1/",
    "TALLY_DATABASE": "tally",
    "TALLY_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "TALLY_TOPIC_PREFIX": "dev",
    "TALLY_ISSUER": "https://issuer.example",
    "TALLY_AUDIENCE": "clearinghouse-development",
    "TALLY_DATA_DIR": "/var/lib/tally",
    "TALLY_SECRET": SECRET,
    "TALLY_LIMIT": "5",
}


def without(*names: str) -> dict[str, str]:
    return {name: value for name, value in VARIABLES.items() if name not in names}


def refusal(variables: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        read_settings(Settings, variables)
    assert refused.value.__cause__ is None
    assert SECRET not in str(refused.value)
    return str(refused.value)


def test_what_is_shared_and_what_is_its_own_is_read_from_variables_with_the_prefix() -> None:
    settings = read_settings(Settings, VARIABLES)
    assert (settings.environment, settings.port, settings.limit) == ("development", 8080, 5)
    assert settings.secret.get_secret_value() == SECRET


def test_every_setting_that_is_missing_is_named_at_once() -> None:
    assert refusal({}) == "; ".join(f"{name} is missing" for name in sorted(VARIABLES))


def test_what_is_missing_wrong_or_unknown_is_named_at_once_and_no_value_is_shown() -> None:
    found = refusal(
        {
            **without("TALLY_DATABASE"),
            "TALLY_ENVIRONMENT": SECRET,
            "TALLY_PORT": SECRET,
            "TALLY_LIMIT": SECRET,
            "TALLY_LEASE": "0",
            "TALLY_NONSENSE": SECRET,
        }
    ).split("; ")
    assert [fault.split(" ")[0].rstrip(":") for fault in found] == [
        "TALLY_DATABASE",
        "TALLY_ENVIRONMENT",
        "TALLY_LEASE",
        "TALLY_LIMIT",
        "TALLY_NONSENSE",
        "TALLY_PORT",
    ]
    assert found[0] == "TALLY_DATABASE is missing"
    assert "'production'" in found[1]
    assert found[4] == "TALLY_NONSENSE is not a setting, correct the name or remove it"


@pytest.mark.parametrize("name", sorted(set(VARIABLES) - {"TALLY_TOPIC_PREFIX", "TALLY_DATA_DIR"}))
def test_a_setting_that_is_empty_is_no_better_than_one_that_is_missing(name: str) -> None:
    assert refusal({**VARIABLES, name: ""}).startswith(f"{name}: ")


def test_production_has_no_prefix_of_topics() -> None:
    settings = read_settings(Settings, {**VARIABLES, "TALLY_TOPIC_PREFIX": ""})
    assert settings.scoped("tally") == "tally"


def test_names_on_the_broker_are_those_of_the_environment() -> None:
    assert read_settings(Settings, VARIABLES).scoped("tally") == "dev.tally"


def test_variables_of_other_prefixes_are_ignored() -> None:
    others = {"REGISTRY_NONSENSE": "x", "TALL_PORT": "x", "PORT": "x", "PATH": "/bin", "tally_port": "x"}
    assert read_settings(Settings, {**VARIABLES, **others}) == read_settings(Settings, VARIABLES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TALLY_PORT", "-1"),
        ("TALLY_MANAGEMENT_PORT", "65536"),
        ("TALLY_LEASE", "inf"),
        ("TALLY_LEASE", "nan"),
        ("TALLY_HOST", ""),
        ("TALLY_DATA_DIR", ""),
        ("TALLY_DATABASE", "a b/$c"),
    ],
)
def test_a_value_that_no_process_could_use_is_refused_at_once(name: str, value: str) -> None:
    assert refusal({**VARIABLES, name: value}).startswith(f"{name}: ")


def test_settings_cannot_be_changed_and_do_not_show_their_secrets() -> None:
    settings = read_settings(Settings, VARIABLES)
    with pytest.raises(ValidationError):
        settings.port = 1  # type: ignore[misc]  # that it is refused is the point
    assert SECRET not in repr(settings)
