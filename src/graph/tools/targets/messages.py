"""What refusals say of targets: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_such_target": (
        "There is no such target.",
        "No existe ese destino.",
        "Cette destination n’existe pas.",
        "لا توجد وجهة كهذه.",
        "Esse destino não existe.",
    ),
    "too_many_targets": (
        "Tools already send to {most} addresses. Delete one first.",
        "Las herramientas ya envían a {most} direcciones. Elimina una antes.",
        "Les outils envoient déjà à {most} adresses. Supprimez-en une d’abord.",
        "ترسل الأدوات بالفعل إلى {most} عنوانًا. احذف أحدها أولًا.",
        "As ferramentas já enviam para {most} endereços. Exclua um antes.",
    ),
    "target_unconfirmed": (
        "Nothing can be sent to this address: the owner has not confirmed it.",
        "No se puede enviar nada a esta dirección: el propietario no la ha confirmado.",
        "Rien ne peut être envoyé à cette adresse : le propriétaire ne l’a pas confirmée.",
        "لا يمكن إرسال شيء إلى هذا العنوان: لم يؤكده المالك.",
        "Nada pode ser enviado a este endereço: o proprietário não o confirmou.",
    ),
}
