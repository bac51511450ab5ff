"""What random worlds are made of: names, currencies and times."""

from datetime import UTC, datetime

CURRENCIES = ("BRL", "BRL", "EUR", "JPY", "KWD")
NAMES = ("Ana Lúcia", "ana lucia", "José Peña", "Zoë", "李雷", "Fatima 50%", "M_x", "Ömer Straße")
PAST, FUTURE = 1_000_000_000_000, 4_000_000_000_000
FIRST_DAY = int(datetime(2023, 12, 29, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000
