"""What refusals say of the log's export: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "too_many_exports": (
        "At most {most} exports a minute are allowed.",
        "Se permiten como máximo {most} exportaciones por minuto.",
        "Au plus {most} exports par minute sont possibles.",
        "يُسمح بـ {most} عمليات تصدير في الدقيقة على الأكثر.",
        "São permitidas no máximo {most} exportações por minuto.",
    ),
    "export_running": (
        "Another export of yours is still running.",
        "Otra exportación tuya todavía está en curso.",
        "Un autre de vos exports est encore en cours.",
        "ما زالت هناك عملية تصدير أخرى لك قيد التنفيذ.",
        "Outra exportação sua ainda está em andamento.",
    ),
}
