"""What refusals say of notices and mentions: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_such_notice": (
        "There is no such notice.",
        "No existe ese aviso.",
        "Cet avis n’existe pas.",
        "لا يوجد إشعار كهذا.",
        "Esse aviso não existe.",
    ),
    "too_many_notices": (
        "Name from 1 to {most} notices.",
        "Indica de 1 a {most} avisos.",
        "Indiquez de 1 à {most} avis.",
        "حدّد من 1 إلى {most} إشعارات.",
        "Indique de 1 a {most} avisos.",
    ),
    "no_such_person": (
        "There is no such person who can see this.",
        "No existe esa persona que pueda ver esto.",
        "Il n’y a pas de telle personne qui puisse voir ceci.",
        "لا يوجد شخص كهذا يمكنه رؤية هذا.",
        "Não existe essa pessoa que possa ver isto.",
    ),
    "too_many_mentions": (
        "A note mentions at most {most} people.",
        "Una nota menciona como máximo a {most} personas.",
        "Une note mentionne au plus {most} personnes.",
        "تذكر الملاحظة {most} أشخاص على الأكثر.",
        "Uma nota menciona no máximo {most} pessoas.",
    ),
}
