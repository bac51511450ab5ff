"""What refusals say of subscriptions: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_such_subscription": (
        "There is no such subscription.",
        "No existe esa suscripción.",
        "Cet abonnement n’existe pas.",
        "لا يوجد اشتراك كهذا.",
        "Essa assinatura não existe.",
    ),
    "no_such_subscription_request": (
        "There is no such request.",
        "No existe esa solicitud.",
        "Cette demande n’existe pas.",
        "لا يوجد طلب كهذا.",
        "Essa solicitação não existe.",
    ),
    "too_many_subscriptions": (
        "From 1 to {most} subscriptions can be changed at once.",
        "Se pueden cambiar de 1 a {most} suscripciones a la vez.",
        "On peut modifier de 1 à {most} abonnements à la fois.",
        "يمكن تغيير من 1 إلى {most} اشتراك دفعة واحدة.",
        "É possível alterar de 1 a {most} assinaturas de uma vez.",
    ),
    "cancellation_note": (
        "The note has {least} to {most} characters, and the reason OTHER requires one.",
        "La nota tiene de {least} a {most} caracteres, y el motivo OTHER exige una.",
        "La note compte de {least} à {most} caractères, et le motif OTHER en exige une.",
        "تتكون الملاحظة من {least} إلى {most} حرف، والسبب OTHER يتطلب ملاحظة.",
        "A nota tem de {least} a {most} caracteres, e o motivo OTHER exige uma.",
    ),
    "charge_day": (
        "A charge day is a number from 1 to 31.",
        "Un día de cobro es un número del 1 al 31.",
        "Un jour de prélèvement est un nombre de 1 à 31.",
        "يوم التحصيل رقم من 1 إلى 31.",
        "Um dia de cobrança é um número de 1 a 31.",
    ),
    "subscription_in_trial": (
        "The subscription is in a trial, in which nothing is charged yet.",
        "La suscripción está en período de prueba, en el que aún no se cobra nada.",
        "L’abonnement est en période d’essai, où rien n’est encore prélevé.",
        "الاشتراك في فترة تجريبية لا يُحصَّل فيها شيء بعد.",
        "A assinatura está em período de teste, em que nada é cobrado ainda.",
    ),
    "subscription_not_assignable": (
        (
            "You can see this subscription, but you can assign only subscriptions of members of the teams "
            "that you lead."
        ),
        (
            "Puedes ver esta suscripción, pero solo puedes asignar suscripciones de miembros de los equipos "
            "que lideras."
        ),
        (
            "Vous pouvez voir cet abonnement, mais vous ne pouvez affecter que ceux des membres des équipes "
            "que vous dirigez."
        ),
        "يمكنك رؤية هذا الاشتراك، لكن لا يمكنك إسناد سوى اشتراكات أعضاء الفرق التي تقودها.",
        (
            "Você pode ver esta assinatura, mas só pode atribuir assinaturas de membros das equipes que "
            "lidera."
        ),
    ),
    "not_your_subscription_request": (
        (
            "Only the person who made the request, a lead of the subscription’s assignee, the owner and "
            "admins can withdraw it."
        ),
        (
            "Solo pueden retirar la solicitud quien la hizo, un jefe de equipo de la persona asignada, el "
            "dueño y los administradores."
        ),
        (
            "Seuls la personne qui a fait la demande, un chef d’équipe de la personne affectée, le "
            "propriétaire et les administrateurs peuvent la retirer."
        ),
        "لا يمكن سحب الطلب إلا لمن قدّمه أو لقائد فريق الشخص المُسند إليه أو للمالك والمشرفين.",
        (
            "Só podem retirar a solicitação quem a fez, um líder da pessoa atribuída, o proprietário e os "
            "administradores."
        ),
    ),
}
