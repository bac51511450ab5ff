"""What refusals say of calendars: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_calendar_feed": (
        "You have no calendar address.",
        "No tienes una dirección de calendario.",
        "Vous n’avez pas d’adresse de calendrier.",
        "ليس لديك عنوان تقويم.",
        "Você não tem um endereço de calendário.",
    ),
}
