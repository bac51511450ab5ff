"""What a refusal says, in the five languages."""

from authz.catalogue import LOCALES

_MESSAGES: dict[str, tuple[str, str, str, str, str]] = {
    # en, es, fr, ar, pt
    "bad_credentials": (
        "The e-mail or the password is wrong.",
        "El correo o la contraseña no es correcto.",
        "L’e-mail ou le mot de passe est incorrect.",
        "البريد الإلكتروني أو كلمة المرور غير صحيحة.",
        "O e-mail ou a senha está incorreto.",
    ),
    "too_many_attempts": (
        "Too many attempts. Try again in {minutes} minutes.",
        "Demasiados intentos. Vuelve a intentarlo en {minutes} minutos.",
        "Trop de tentatives. Réessayez dans {minutes} minutes.",
        "محاولات كثيرة جدًا. حاول مرة أخرى بعد {minutes} دقيقة.",
        "Muitas tentativas. Tente de novo em {minutes} minutos.",
    ),
    "session_ended": (
        "The session has ended. Sign in again.",
        "La sesión ha terminado. Inicia sesión de nuevo.",
        "La session est terminée. Reconnectez-vous.",
        "انتهت الجلسة. سجّل الدخول مرة أخرى.",
        "A sessão terminou. Entre de novo.",
    ),
    "not_any_more": (
        "You may not do this any more.",
        "Ya no puedes hacer esto.",
        "Vous ne pouvez plus faire cela.",
        "لم يعد بإمكانك القيام بذلك.",
        "Você não pode mais fazer isso.",
    ),
    "no_such_sale": (
        "There is no such sale.",
        "No existe esa venta.",
        "Cette vente n’existe pas.",
        "لا توجد عملية بيع كهذه.",
        "Essa venda não existe.",
    ),
    "no_such_assignee": (
        "There is no such person to assign to.",
        "No existe esa persona a quien asignar.",
        "Il n’existe pas de telle personne à qui affecter.",
        "لا يوجد شخص كهذا للإسناد إليه.",
        "Essa pessoa não existe para atribuição.",
    ),
    "no_such_team": (
        "The assignee is in no such team.",
        "La persona asignada no está en ese equipo.",
        "La personne affectée n’est dans aucune équipe de ce nom.",
        "الشخص المُسند إليه ليس في هذا الفريق.",
        "A pessoa atribuída não está nessa equipe.",
    ),
    "not_assignable": (
        "You see this sale, but may assign only those of the members of the teams that you lead.",
        "Ves esta venta, pero solo puedes asignar las de los miembros de los equipos que diriges.",
        "Vous voyez cette vente, mais vous ne pouvez affecter que celles des membres de vos équipes.",
        "يمكنك رؤية عملية البيع هذه، لكن يمكنك إسناد عمليات أعضاء الفرق التي تقودها فقط.",
        "Você vê esta venda, mas só pode atribuir as dos membros das equipes que lidera.",
    ),
    "lead_cannot_unassign": (
        "A team lead assigns to a member of a team; only the owner and admins take an assignment away.",
        "Un jefe de equipo asigna a un miembro; solo el dueño y los administradores la quitan.",
        "Un chef d’équipe affecte à un membre ; seuls le propriétaire et les administrateurs désaffectent.",
        "قائد الفريق يُسند إلى عضو في الفريق؛ المالك والمشرفون فقط يلغون الإسناد.",
        "Um líder atribui a um membro; só o proprietário e os administradores retiram a atribuição.",
    ),
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
        "Cette clé d’idempotence a servi avec une autre entrée.",
        "استُخدم مفتاح عدم التكرار هذا مع مدخلات أخرى.",
        "Esta chave de idempotência foi usada com outra entrada.",
    ),
    "no_currency": (
        "A currency is an ISO 4217 code of three letters.",
        "Una moneda es un código ISO 4217 de tres letras.",
        "Une devise est un code ISO 4217 de trois lettres.",
        "العملة رمز ISO 4217 من ثلاثة أحرف.",
        "Uma moeda é um código ISO 4217 de três letras.",
    ),
    "amount_too_large": (
        "The amount is too large.",
        "El importe es demasiado grande.",
        "Le montant est trop grand.",
        "المبلغ كبير جدًا.",
        "O valor é grande demais.",
    ),
    "text_length": (
        "A text to search for has 1 to {most} characters.",
        "Un texto a buscar tiene de 1 a {most} caracteres.",
        "Un texte à chercher compte de 1 à {most} caractères.",
        "يتكون نص البحث من 1 إلى {most} حرف.",
        "Um texto a buscar tem de 1 a {most} caracteres.",
    ),
    "amount_needs_currency": (
        "A filter or an order by amount needs a currency.",
        "Un filtro o un orden por importe necesita una moneda.",
        "Un filtre ou un tri par montant demande une devise.",
        "التصفية أو الترتيب حسب المبلغ يتطلب عملة.",
        "Um filtro ou uma ordem por valor precisa de uma moeda.",
    ),
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


def message(key: str, locale: str, **words: object) -> str:
    """A message in a language; English where the language is unknown."""
    texts = dict(zip(LOCALES, _MESSAGES[key], strict=True))
    return texts.get(locale, texts["en"]).format(**words)


def known_messages() -> set[str]:
    """The keys that have words."""
    return set(_MESSAGES)
