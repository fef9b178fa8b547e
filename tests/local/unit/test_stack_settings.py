"""The settings of a stack: options before variables before defaults, and a refusal that names the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearinghouse_local.settings import StackSettingsError, read_settings, usual_ports


def test_without_anything_the_ports_are_those_of_the_readme() -> None:
    settings = read_settings({})
    assert settings.ports == usual_ports()
    assert settings.address("registry-api") == "http://127.0.0.1:8100"
    assert settings.data_dir == Path(".local/development")


def test_a_variable_sets_one_port_and_leaves_the_others() -> None:
    settings = read_settings({"CLEARINGHOUSE_REGISTRY_API_PORT": "9000"})
    assert settings.ports == {**usual_ports(), "registry-api": 9000}


def test_a_second_stack_counts_its_ports_from_one_number() -> None:
    ports = read_settings({}, ports_from="9000").ports
    assert list(ports.values()) == list(range(9000, 9000 + len(ports)))


def test_options_win_over_variables() -> None:
    variables = {
        "CLEARINGHOUSE_DATA": "/one",
        "CLEARINGHOUSE_ENGINES": "real",
        "CLEARINGHOUSE_PORTS_FROM": "9100",
    }
    settings = read_settings(variables, data_dir=Path("/two"), engines="embedded", ports_from="9000")
    assert (settings.data_dir, settings.engines, settings.ports["registry-api"]) == (
        Path("/two"),
        "embedded",
        9000,
    )


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"CLEARINGHOUSE_ISSUER_PORT": "eighty"}, "CLEARINGHOUSE_ISSUER_PORT eighty is no port"),
        ({"CLEARINGHOUSE_ISSUER_PORT": "80"}, "CLEARINGHOUSE_ISSUER_PORT 80 is no port"),
        ({"CLEARINGHOUSE_PORTS_FROM": "65530"}, "is no port"),
        ({"CLEARINGHOUSE_ENGINES": "fast"}, "ENGINES=fast is not known; embedded or real"),
    ],
)
def test_a_wrong_setting_is_named_with_what_it_should_be(variables: dict[str, str], named: str) -> None:
    with pytest.raises(StackSettingsError, match=named):
        read_settings(variables)
