"""What refusals say of reports and their periods: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_such_report": (
        "There is no such report.",
        "No existe ese informe.",
        "Ce rapport n’existe pas.",
        "لا يوجد تقرير كهذا.",
        "Esse relatório não existe.",
    ),
    "no_such_schedule": (
        "There is no such scheduled report.",
        "No existe ese informe programado.",
        "Ce rapport programmé n’existe pas.",
        "لا يوجد تقرير مجدول كهذا.",
        "Esse relatório agendado não existe.",
    ),
    "too_many_schedules": (
        "There are already {most} scheduled reports. Cancel one first.",
        "Ya hay {most} informes programados. Cancela uno antes.",
        "Il y a déjà {most} rapports programmés. Annulez-en un d’abord.",
        "يوجد بالفعل {most} تقريرًا مجدولًا. ألغِ أحدها أولًا.",
        "Já há {most} relatórios agendados. Cancele um antes.",
    ),
    "period_ends_before_it_starts": (
        "A period must end after it begins.",
        "Un período debe terminar después de empezar.",
        "Une période doit finir après son début.",
        "يجب أن تنتهي الفترة بعد بدايتها.",
        "Um período deve terminar depois de começar.",
    ),
    "year_out_of_range": (
        "A year must be from {first} to {last}.",
        "El año debe estar entre {first} y {last}.",
        "L’année doit être comprise entre {first} et {last}.",
        "يجب أن تكون السنة بين {first} و{last}.",
        "O ano deve estar entre {first} e {last}.",
    ),
    "too_many_rows": (
        "The report has too many rows; {most} are allowed. Choose a shorter period.",
        "El informe tiene demasiadas filas; se permiten {most}. Elige un período más corto.",
        "Le rapport compte trop de lignes ; {most} sont permises. Raccourcissez la période.",
        "للتقرير صفوف كثيرة جدًا؛ المسموح {most}. اختر فترة أقصر.",
        "O relatório tem linhas demais; são permitidas {most}. Escolha um período mais curto.",
    ),
    "top_out_of_range": (
        "The number of keys must be from 1 to {most}.",
        "El número de claves debe estar entre 1 y {most}.",
        "Le nombre de clés doit être compris entre 1 et {most}.",
        "يجب أن يكون عدد المفاتيح من 1 إلى {most}.",
        "O número de chaves deve estar entre 1 e {most}.",
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
