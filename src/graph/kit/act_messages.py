"""The messages of refusals that every mutation can have: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "key_length": (
        "An idempotency key has 1 to 100 characters.",
        "Una clave de idempotencia tiene de 1 a 100 caracteres.",
        "Une clé d’idempotence compte de 1 à 100 caractères.",
        "يتكون مفتاح عدم التكرار من 1 إلى 100 حرف.",
        "Uma chave de idempotência tem de 1 a 100 caracteres.",
    ),
    "key_reused": (
        "This idempotency key was used with another input.",
        "Esta clave de idempotencia se usó con otra entrada.",
        "Cette clé d’idempotence a déjà servi avec une autre entrée.",
        "استُخدم مفتاح عدم التكرار هذا مع مدخلات أخرى.",
        "Esta chave de idempotência foi usada com outra entrada.",
    ),
    "version_conflict": (
        "It was changed since you read it. Nothing was saved; read it again.",
        "Ha cambiado desde que lo leíste. No se ha guardado nada; vuelve a leerlo.",
        "Cela a changé depuis votre lecture. Rien n’a été enregistré ; relisez.",
        "تغيّر هذا منذ أن قرأته. لم يُحفظ شيء؛ اقرأه من جديد.",
        "Isto mudou desde que você leu. Nada foi salvo; leia de novo.",
    ),
    "not_any_more": (
        "You can no longer do this.",
        "Ya no puedes hacer esto.",
        "Vous ne pouvez plus faire cela.",
        "لم يعد بإمكانك القيام بذلك.",
        "Você não pode mais fazer isso.",
    ),
}
