"""What refusals say of reports and their periods: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "period_ends_before_it_starts": (
        "A period ends after it begins.",
        "Un período termina después de empezar.",
        "Une période finit après son début.",
        "تنتهي الفترة بعد بدايتها.",
        "Um período termina depois de começar.",
    ),
    "year_out_of_range": (
        "A year is from {first} to {last}.",
        "Un año va de {first} a {last}.",
        "Une année va de {first} à {last}.",
        "تكون السنة بين {first} و{last}.",
        "Um ano vai de {first} a {last}.",
    ),
    "too_many_rows": (
        "The report has too many rows; {most} are allowed. Take a shorter period.",
        "El informe tiene demasiadas filas; se permiten {most}. Elige un período más corto.",
        "Le rapport compte trop de lignes ; {most} sont permises. Raccourcissez la période.",
        "للتقرير صفوف كثيرة جدًا؛ المسموح {most}. اختر فترة أقصر.",
        "O relatório tem linhas demais; são permitidas {most}. Escolha um período mais curto.",
    ),
    "too_many_years": (
        "Too many years; {most} are allowed.",
        "Demasiados años; se permiten {most}.",
        "Trop d’années ; {most} sont permises.",
        "سنوات كثيرة جدًا؛ المسموح {most}.",
        "Anos demais; são permitidos {most}.",
    ),
    "too_many_buckets": (
        "The period has too many parts; {most} are allowed.",
        "El período tiene demasiadas partes; se permiten {most}.",
        "La période compte trop de parties ; {most} sont permises.",
        "للفترة أجزاء كثيرة جدًا؛ المسموح {most}.",
        "O período tem partes demais; são permitidas {most}.",
    ),
}
