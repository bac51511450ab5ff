"""What the environment says, and what is told where it makes no sense."""

import stat
from pathlib import Path

import pytest

from centrals.demo.banner import DatabaseUse, show_banner
from centrals.settings import DEFAULT_DATABASE, prefer_options, read_settings, setting_warnings

KEY = {"SECRET_KEY": "k" * 32}


def test_nothing_needs_to_be_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    settings = read_settings({})

    assert settings.database_url == DEFAULT_DATABASE
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://localhost:8000"
    assert settings.secure_cookies is False
    assert settings.allowed_origins == ()
    assert "*" not in settings.allowed_hosts


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "eighty", "PORT must be a number from 0 to 65535, not 'eighty'."),
        ("PORT", "65536", "PORT must be a number from 0 to 65535, not '65536'."),
        ("PORT", "-1", "PORT must be a number"),
        ("PORT", "８０", "PORT must be a number"),
        ("PORT", "9" * 5_000, "PORT must be a number"),
        ("WORKERS", "0", "WORKERS must be a number from 1 to 256"),
        ("DATABASE_POOL", "1.5", "DATABASE_POOL must be a number"),
        ("SQLITE_SYNCHRONOUS", "OFF", "SQLITE_SYNCHRONOUS must be FULL or NORMAL"),
        ("STATEMENT_SECONDS", "0", "STATEMENT_SECONDS must be a number"),
        ("REQUEST_SECONDS", "1e3", "REQUEST_SECONDS must be a number"),
        ("SECRET_KEY", "short", "SECRET_KEY must have at least 32 characters."),
        (
            "DATABASE_URL",
            "mysql://seller.example.com/x",
            "DATABASE_URL must start with sqlite:/// or postgres://.",
        ),
        ("DATABASE_URL", "data.sqlite3", "DATABASE_URL must start with"),
        (
            "PUBLIC_URL",
            "seller.example.com",
            "PUBLIC_URL must be http:// or https:// and a host, without a path.",
        ),
        ("PUBLIC_URL", "ftp://seller.example.com", "PUBLIC_URL must be"),
        ("PUBLIC_URL", "https://", "PUBLIC_URL must be"),
        ("PUBLIC_URL", "https://seller.example.com/api", "PUBLIC_URL must be"),
        ("PUBLIC_URL", "http://[::1", "PUBLIC_URL is not an address: 'http://[::1'."),
        ("PUBLIC_URL", "http://seller.example.com:99999", "PUBLIC_URL is not an address"),
        ("PUBLIC_URL", "http://ana@seller.example.com", "PUBLIC_URL is not an address"),
        ("PUBLIC_URL", "http://seller .example.com", "PUBLIC_URL is not an address"),
        ("OIDC_ISSUER", "https://id.example.com:x", "OIDC_ISSUER is not an address"),
        ("OIDC_CLIENT_ID", "centrals", "OIDC_ISSUER is required with OIDC_CLIENT_ID."),
        ("ALLOWED_ORIGINS", "http://[", "ALLOWED_ORIGINS is not an address"),
        ("ALLOWED_HOSTS", "https://api.example.com", "ALLOWED_HOSTS must be host names without a port"),
        ("ALLOWED_HOSTS", "api.example.com:8000", "ALLOWED_HOSTS must be host names"),
        ("ALLOWED_HOSTS", "api.*.com", "ALLOWED_HOSTS must be host names"),
        ("TRUSTED_PROXIES", "proxy.example.com", "TRUSTED_PROXIES must be IP addresses or networks"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "TRUSTED_PROXIES must be IP addresses or networks"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be debug, info, warning or error, not 'loud'."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be json or text, not 'xml'."),
        ("LOG_ADDRESS", "yes", "LOG_ADDRESS must be none, network or full, not 'yes'."),
        ("METRICS_PORT", "0", "METRICS_PORT must be a number from 1 to 65535, not '0'."),
        ("METRICS_HOST", "localhost", "METRICS_HOST must be an IP address, not 'localhost'."),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN must have at least 16 characters."),
        ("SECRET_KEY_FILE", "/nowhere", "Set either SECRET_KEY or SECRET_KEY_FILE, not both."),
        ("MAIL_PASSWORD_FILE", "/nowhere", "MAIL_PASSWORD_FILE: /nowhere: No such file or directory."),
        ("MAIL_PASSWORD_FILE", "/dev/null", "MAIL_PASSWORD_FILE: /dev/null is empty."),
        ("MAIL_PASSWORD_FILE", "/dev/zero", "MAIL_PASSWORD_FILE: /dev/zero is too large."),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT must be an http://"),
        ("PREVIOUS_SECRET_KEYS", "short", "PREVIOUS_SECRET_KEYS must be keys of at least 32 characters."),
        ("SHOW_ACCESS", "true", "SHOW_ACCESS must be a number from 0 to 1, not 'true'."),
        ("MAIL_PASSWORD", "a\0b", "MAIL_PASSWORD contains characters that are not plain text."),
        ("SECRET_KEY", "k" * 32 + "\udcff", "SECRET_KEY contains characters that are not plain text."),
        ("ALLOWED_ORIGINS", "*", "ALLOWED_ORIGINS must be origins such as https://app.example.com, not '*'."),
        ("ALLOWED_ORIGINS", "https://app.example.com, null", "ALLOWED_ORIGINS must be"),
        ("ALLOWED_ORIGINS", "https://app.example.com/", "ALLOWED_ORIGINS must be"),
    ],
)
def test_what_makes_no_sense_is_named(name: str, value: str, words: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        read_settings(KEY | {name: value})

    assert str(raised.value).startswith(words)


def test_any_setting_can_come_from_a_file(tmp_path: Path) -> None:
    key, password = tmp_path / "key", tmp_path / "password"
    key.write_text("k" * 40 + "\r\n")
    password.write_text(" hush \n")
    environment = {"SECRET_KEY_FILE": str(key), "MAIL_PASSWORD_FILE": str(password), "PORT": "81"}

    settings = read_settings(environment)

    assert settings.secret_key == b"k" * 40
    assert settings.mail.password == " hush "
    assert settings.port == 81
    assert list(setting_warnings(environment)) == []
    assert list(setting_warnings({"SECRET_KEY_FILES": "x"})) != []


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ("a" * 32 + "," + "b" * 32, ("a" * 32, "b" * 32)),
        ("a" * 32 + "\n" + "b" * 32 + "\n", ("a" * 32, "b" * 32)),
        ("a key of enough characters, with a comma", ("a key of enough characters, with a comma",)),
        ("", ()),
    ],
)
def test_previous_keys_stand_between_commas_or_on_lines(value: str, keys: tuple[str, ...]) -> None:
    settings = read_settings(KEY | {"PREVIOUS_SECRET_KEYS": value})

    assert settings.previous_keys == tuple(key.encode() for key in keys)


def test_hosts_and_proxies_with_sense_are_taken() -> None:
    values = {"ALLOWED_HOSTS": "*.example.com,[::1],10.0.0.1", "TRUSTED_PROXIES": "10.0.0.0/8, ::1,127.0.0.1"}

    settings = read_settings(KEY | values)

    assert {"*.example.com", "[::1]", "10.0.0.1"} <= set(settings.allowed_hosts)
    assert settings.trusted_proxies == "10.0.0.0/8, ::1,127.0.0.1"


def test_no_error_tells_a_password() -> None:
    for url in (
        "mysql://centrals:hush@database.example.com/x",
        "postgres://centrals:hush@database.example.com/x",
    ):
        with pytest.raises(ValueError) as raised:  # noqa: PT011
            read_settings({"DATABASE_URL": url})

        assert "hush" not in str(raised.value)


def test_postgresql_needs_a_key_of_its_own() -> None:
    with pytest.raises(ValueError, match="SECRET_KEY is required with PostgreSQL"):
        read_settings({"DATABASE_URL": "postgres://database.example.com/centrals"})


@pytest.mark.parametrize(
    ("url", "host", "secure"),
    [
        ("https://seller.example.com", "seller.example.com", True),
        ("https://seller.example.com:8443/", "seller.example.com", True),
        ("http://[::1]", "[::1]", False),
        ("http://[2001:db8::1]:8000", "[2001:db8::1]", False),
    ],
)
def test_the_public_address_is_a_host_and_its_scheme_decides_on_cookies(
    url: str, host: str, secure: bool
) -> None:
    settings = read_settings(
        KEY | {"PUBLIC_URL": url, "ALLOWED_HOSTS": "other.example.com, third.example.com"}
    )

    assert {host, "other.example.com", "third.example.com", "127.0.0.1"} <= set(settings.allowed_hosts)
    assert settings.secure_cookies is secure
    assert settings.public_url == url.rstrip("/")


def test_lists_are_told_with_commas() -> None:
    settings = read_settings(KEY | {"ALLOWED_ORIGINS": " https://a.example.com ,https://b.example.com:444,"})

    assert settings.allowed_origins == ("https://a.example.com", "https://b.example.com:444")


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    values = {"DATABASE_URL": f"sqlite:///{tmp_path}/deep/centrals.sqlite3"}

    first, second = read_settings(values), read_settings(values)

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    (file,) = (tmp_path / "deep").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_key_that_is_told_is_written_nowhere(tmp_path: Path) -> None:
    read_settings(KEY | {"DATABASE_URL": f"sqlite:///{tmp_path}/centrals.sqlite3"})

    assert list(tmp_path.iterdir()) == []


def test_a_provider_is_named_by_its_issuer_and_ones_own_name_there() -> None:
    values = {"OIDC_ISSUER": "https://id.example.com/realm", "OIDC_CLIENT_ID": "centrals"}

    settings = read_settings(KEY | values)
    named = read_settings(KEY | values | {"OIDC_NAME": "House", "OIDC_CLIENT_SECRET": "sealed"})

    assert read_settings(KEY).oidc_issuer == ""
    assert (settings.oidc_issuer, settings.oidc_client_id) == ("https://id.example.com/realm", "centrals")
    assert (settings.oidc_name, settings.oidc_client_secret) == ("id.example.com", "")
    assert (named.oidc_name, named.oidc_client_secret) == ("House", "sealed")
    assert read_settings(KEY | values | {"OIDC_ISSUER": "http://127.0.0.1:9400"}).oidc_name == "127.0.0.1"


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"OIDC_ISSUER": "https://id.example.com"}, "OIDC_CLIENT_ID is required"),
        (
            {"OIDC_ISSUER": "http://id.example.com", "OIDC_CLIENT_ID": "c"},
            "OIDC_ISSUER must be the provider's own https:// address",
        ),
        (
            {"OIDC_ISSUER": "id.example.com", "OIDC_CLIENT_ID": "c"},
            "OIDC_ISSUER must be the provider's own https:// address",
        ),
        (
            {"OIDC_ISSUER": "https://id.example.com/?a=1", "OIDC_CLIENT_ID": "c"},
            "OIDC_ISSUER must be the provider's own https:// address",
        ),
    ],
)
def test_a_provider_over_an_open_network_or_half_named_is_refused(
    variables: dict[str, str], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        read_settings(KEY | variables)


def test_options_of_the_command_line_beat_variables_and_their_files(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HOST", "::1"), ("PORT_FILE", "/nowhere"), ("WORKERS", "3")):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setenv("PORT", "1")  # so that it is put back afterwards

    prefer_options(host="127.0.0.2", port=8123, workers=None)
    found = read_settings(creates_key=False)

    assert (found.host, found.port, found.workers) == ("127.0.0.2", 8123, 3)


@pytest.mark.parametrize(
    ("changed", "url"),
    [
        ({}, "http://localhost:8000/graphql"),
        ({"HOST": "0.0.0.0", "PORT": "8123"}, "http://localhost:8123/graphql"),
        ({"PUBLIC_URL": "https://api.example.com"}, "https://api.example.com/graphql"),
    ],
)
def test_the_server_prints_the_address_whose_cookies_pages_can_use(
    changed: dict[str, str], url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_banner(read_settings(KEY | changed), DatabaseUse.DEMO)

    lines = capsys.readouterr().out.split("\n")
    assert lines[1] == f"Centrals: {url} (open it in a browser for GraphiQL)"
    assert f"curl -s {url} " in lines[-3]
