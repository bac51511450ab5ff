"""E-mails about withdrawals, in five languages."""

from actions.kit.email import Email, Text

_HELLO = ("Hello {name},", "Hola, {name}:", "Bonjour {name},", "مرحبًا {name}،", "Olá, {name},")


def _email(kind: str, *texts: tuple[str, ...]) -> Email:
    """An e-mail from its subject and sentences in English, Spanish, French, Arabic and Portuguese."""
    en, es, fr, ar, pt = (
        Text(subject, (hello, *sentences)) for hello, (subject, *sentences) in zip(_HELLO, texts, strict=True)
    )
    return Email(kind, en=en, es=es, fr=fr, ar=ar, pt=pt)


REQUESTED = _email(
    "withdrawal_requested",
    (
        "A withdrawal of {amount} was requested in {account}",
        "{by} requested a withdrawal of {amount} to the bank account ending in {ending}.",
        "If you did not expect this, cancel the withdrawal and check who has access.",
    ),
    (
        "Se solicitó un retiro de {amount} en {account}",
        "{by} solicitó un retiro de {amount} a la cuenta bancaria que termina en {ending}.",
        "Si no lo esperabas, cancela el retiro y revisa quién tiene acceso.",
    ),
    (
        "Un retrait de {amount} a été demandé dans {account}",
        "{by} a demandé un retrait de {amount} vers le compte bancaire se terminant par {ending}.",
        "Si vous ne vous y attendiez pas, annulez le retrait et vérifiez qui a accès au compte.",
    ),
    (
        "طُلب سحب {amount} في {account}",
        "طلب {by} سحب {amount} إلى الحساب البنكي المنتهي بـ {ending}.",
        "إذا لم تكن تتوقع ذلك، فألغِ السحب وتحقق ممن لديه حق الوصول.",
    ),
    (
        "Foi pedido um saque de {amount} em {account}",
        "{by} pediu um saque de {amount} para a conta bancária com final {ending}.",
        "Se você não esperava isso, cancele o saque e verifique quem tem acesso.",
    ),
)
WAITS = _email(
    "withdrawal_waits",
    (
        "A withdrawal of {amount} waits for your approval in {account}",
        "{by} requested a withdrawal of {amount} to the bank account ending in {ending}.",
        "This needs your approval. Without it, the withdrawal is canceled after 7 days.",
    ),
    (
        "Un retiro de {amount} espera tu aprobación en {account}",
        "{by} solicitó un retiro de {amount} a la cuenta bancaria que termina en {ending}.",
        "Necesita tu aprobación. Sin ella, el retiro se cancela a los 7 días.",
    ),
    (
        "Un retrait de {amount} attend votre approbation dans {account}",
        "{by} a demandé un retrait de {amount} vers le compte bancaire se terminant par {ending}.",
        "Il attend votre approbation. Sans elle, le retrait est annulé après 7 jours.",
    ),
    (
        "سحب بقيمة {amount} ينتظر موافقتك في {account}",
        "طلب {by} سحب {amount} إلى الحساب البنكي المنتهي بـ {ending}.",
        "يحتاج ذلك إلى موافقتك. من دونها يُلغى السحب بعد 7 أيام.",
    ),
    (
        "Um saque de {amount} aguarda a sua aprovação em {account}",
        "{by} pediu um saque de {amount} para a conta bancária com final {ending}.",
        "Isso precisa da sua aprovação. Sem ela, o saque é cancelado após 7 dias.",
    ),
)
APPROVED = _email(
    "withdrawal_approved",
    ("Your withdrawal of {amount} was approved in {account}", "The owner approved your withdrawal."),
    ("Tu retiro de {amount} fue aprobado en {account}", "El dueño aprobó tu retiro."),
    (
        "Votre retrait de {amount} a été approuvé dans {account}",
        "Le propriétaire a approuvé votre retrait.",
    ),
    ("تمت الموافقة على سحب {amount} في {account}", "وافق المالك على السحب الذي طلبته."),
    ("O seu saque de {amount} foi aprovado em {account}", "O proprietário aprovou o seu saque."),
)
REFUSED = _email(
    "withdrawal_refused",
    (
        "Your withdrawal of {amount} was refused in {account}",
        "The owner refused your withdrawal: {reason}",
        "The amount is available again.",
    ),
    (
        "Tu retiro de {amount} fue rechazado en {account}",
        "El dueño rechazó tu retiro: {reason}",
        "El importe vuelve a estar disponible.",
    ),
    (
        "Votre retrait de {amount} a été refusé dans {account}",
        "Le propriétaire a refusé votre retrait : {reason}",
        "Le montant est de nouveau disponible.",
    ),
    (
        "رُفض سحب {amount} في {account}",
        "رفض المالك السحب الذي طلبته: {reason}",
        "المبلغ متاح من جديد.",
    ),
    (
        "O seu saque de {amount} foi recusado em {account}",
        "O proprietário recusou o seu saque: {reason}",
        "O valor está disponível novamente.",
    ),
)
PAID = _email(
    "withdrawal_paid",
    (
        "Your withdrawal of {amount} was paid in {account}",
        "It was paid to the bank account ending in {ending}. The bank’s reference is {reference}.",
    ),
    (
        "Tu retiro de {amount} fue pagado en {account}",
        "Se pagó a la cuenta bancaria que termina en {ending}. La referencia del banco es {reference}.",
    ),
    (
        "Votre retrait de {amount} a été payé dans {account}",
        (
            "Il a été versé sur le compte bancaire se terminant par {ending}. La référence de la banque est "
            "{reference}."
        ),
    ),
    (
        "دُفع سحب {amount} في {account}",
        "دُفع إلى الحساب البنكي المنتهي بـ {ending}. مرجع البنك هو {reference}.",
    ),
    (
        "O seu saque de {amount} foi pago em {account}",
        "Foi pago na conta bancária com final {ending}. A referência do banco é {reference}.",
    ),
)
FAILED = _email(
    "withdrawal_failed",
    (
        "Your withdrawal of {amount} failed in {account}",
        "The payout failed: {reason}",
        "The amount was returned to the balance.",
    ),
    (
        "Tu retiro de {amount} falló en {account}",
        "El pago falló: {reason}",
        "El importe se devolvió al saldo.",
    ),
    (
        "Votre retrait de {amount} a échoué dans {account}",
        "Le versement a échoué : {reason}",
        "Le montant a été rendu au solde.",
    ),
    (
        "فشل سحب {amount} في {account}",
        "فشل الدفع: {reason}",
        "أُعيد المبلغ إلى الرصيد.",
    ),
    (
        "O seu saque de {amount} falhou em {account}",
        "O pagamento falhou: {reason}",
        "O valor foi devolvido ao saldo.",
    ),
)
CANCELED = _email(
    "withdrawal_canceled",
    (
        "Your withdrawal of {amount} was canceled in {account}",
        "The owner canceled it, or did not approve it within 7 days. The amount is available again.",
    ),
    (
        "Tu retiro de {amount} fue cancelado en {account}",
        "El dueño lo canceló o no lo aprobó en 7 días. El importe vuelve a estar disponible.",
    ),
    (
        "Votre retrait de {amount} a été annulé dans {account}",
        (
            "Le propriétaire l’a annulé ou ne l’a pas approuvé dans les 7 jours. Le montant est de nouveau "
            "disponible."
        ),
    ),
    (
        "أُلغي سحب {amount} في {account}",
        "ألغاه المالك أو لم يوافق عليه خلال 7 أيام. المبلغ متاح من جديد.",
    ),
    (
        "O seu saque de {amount} foi cancelado em {account}",
        "O proprietário cancelou-o ou não o aprovou em 7 dias. O valor está disponível novamente.",
    ),
)
DESTINATION_CHANGED = _email(
    "destination_changed",
    (
        "The bank account of {account} changed",
        "Your withdrawal of {amount} was canceled, and the amount is available again.",
        "Withdrawals are possible again 24 hours after the owner has set the new bank account.",
    ),
    (
        "La cuenta bancaria de {account} cambió",
        "Tu retiro de {amount} se canceló y el importe vuelve a estar disponible.",
        "Se podrá retirar de nuevo 24 horas después de que el dueño configure la nueva cuenta bancaria.",
    ),
    (
        "Le compte bancaire de {account} a changé",
        "Votre retrait de {amount} a été annulé et le montant est de nouveau disponible.",
        (
            "Les retraits seront de nouveau possibles 24 heures après l’enregistrement du nouveau compte "
            "bancaire par le propriétaire."
        ),
    ),
    (
        "تغيّر الحساب البنكي لـ {account}",
        "أُلغي سحب {amount} الذي طلبته، والمبلغ متاح من جديد.",
        "يمكن السحب من جديد بعد 24 ساعة من تعيين المالك للحساب البنكي الجديد.",
    ),
    (
        "A conta bancária de {account} mudou",
        "O seu saque de {amount} foi cancelado e o valor está disponível novamente.",
        "Os saques voltam a ser possíveis 24 horas depois de o proprietário definir a nova conta bancária.",
    ),
)

EMAILS = (REQUESTED, WAITS, APPROVED, REFUSED, PAID, FAILED, CANCELED, DESTINATION_CHANGED)
