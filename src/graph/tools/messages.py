"""What refusals about tools say, in the five languages."""

WORDS: dict[str, tuple[str, str, str, str, str]] = {
    "no_tool_version": (
        "These settings have no such version.",
        "Esta configuración no tiene esa versión.",
        "Ces réglages n’ont pas cette version.",
        "لا يوجد لهذه الإعدادات إصدار كهذا.",
        "Estas configurações não têm essa versão.",
    ),
    "no_product": (
        "There is no such product.",
        "No existe ese producto.",
        "Ce produit n’existe pas.",
        "لا يوجد منتج كهذا.",
        "Não existe esse produto.",
    ),
    "setting_control_character": (
        "Control characters are not allowed.",
        "No se permiten caracteres de control.",
        "Les caractères de contrôle ne sont pas autorisés.",
        "لا يُسمح بأحرف التحكم.",
        "Caracteres de controle não são permitidos.",
    ),
    "setting_too_long": (
        "At most {most} characters.",
        "Como máximo {most} caracteres.",
        "{most} caractères au plus.",
        "{most} حرفًا على الأكثر.",
        "No máximo {most} caracteres.",
    ),
    "setting_too_short": (
        "At least {least}.",
        "Al menos {least}.",
        "{least} au moins.",
        "{least} على الأقل.",
        "Pelo menos {least}.",
    ),
    "setting_too_many": (
        "At most {most} entries.",
        "Como máximo {most} entradas.",
        "{most} entrées au plus.",
        "{most} إدخالات على الأكثر.",
        "No máximo {most} entradas.",
    ),
    "setting_range": (
        "A number from {least} to {most}.",
        "Un número de {least} a {most}.",
        "Un nombre de {least} à {most}.",
        "رقم من {least} إلى {most}.",
        "Um número de {least} a {most}.",
    ),
    "setting_currency": (
        "A currency is an ISO 4217 code of three letters, for example BRL.",
        "Una moneda es un código ISO 4217 de tres letras, por ejemplo BRL.",
        "Une devise est un code ISO 4217 de trois lettres, par exemple BRL.",
        "العملة رمز ISO 4217 من ثلاثة أحرف، مثل BRL.",
        "Uma moeda é um código ISO 4217 de três letras, por exemplo BRL.",
    ),
    "setting_amount": (
        "An amount of at least 0 with at most {decimals} decimals.",
        "Un importe de al menos 0 con {decimals} decimales como máximo.",
        "Un montant d’au moins 0 avec {decimals} décimales au plus.",
        "مبلغ لا يقل عن 0 مع {decimals} منازل عشرية على الأكثر.",
        "Um valor de pelo menos 0 com no máximo {decimals} casas decimais.",
    ),
    "setting_repeated": (
        "This day is given twice.",
        "Este día aparece dos veces.",
        "Ce jour est indiqué deux fois.",
        "هذا اليوم مذكور مرتين.",
        "Este dia aparece duas vezes.",
    ),
    "setting_country": (
        "A country is an ISO 3166 code of two capital letters, for example BR.",
        "Un país es un código ISO 3166 de dos mayúsculas, por ejemplo BR.",
        "Un pays est un code ISO 3166 de deux majuscules, par exemple BR.",
        "البلد رمز ISO 3166 من حرفين كبيرين، مثل BR.",
        "Um país é um código ISO 3166 de duas maiúsculas, por exemplo BR.",
    ),
    "quiet_hours": (
        "The hours must begin and end at different times.",
        "Las horas deben empezar y terminar en momentos distintos.",
        "Les heures doivent commencer et finir à des moments différents.",
        "يجب أن تبدأ الساعات وتنتهي في وقتين مختلفين.",
        "As horas devem começar e terminar em momentos diferentes.",
    ),
    "offer_not_on_sale": (
        "No active offer with a checkout address has this code.",
        "Ninguna oferta activa con dirección de pago tiene este código.",
        "Aucune offre active avec une adresse de paiement n’a ce code.",
        "لا يوجد عرض نشط له عنوان دفع بهذا الرمز.",
        "Nenhuma oferta ativa com endereço de checkout tem este código.",
    ),
    "pixel_id": (
        "This is not the id of a pixel at {platform}.",
        "Este no es el identificador de un píxel en {platform}.",
        "Ce n’est pas l’identifiant d’un pixel chez {platform}.",
        "هذا ليس معرّف بكسل لدى {platform}.",
        "Este não é o identificador de um pixel em {platform}.",
    ),
    "pixel_fixed": (
        "An amount is required for the value FIXED and not allowed for the others.",
        "El importe es obligatorio con el valor FIXED y no se permite con ningún otro.",
        "Un montant est obligatoire avec la valeur FIXED et interdit avec les autres.",
        "المبلغ مطلوب مع القيمة FIXED وغير مسموح مع غيرها.",
        "O valor em dinheiro é obrigatório com FIXED e não é permitido com os outros.",
    ),
    "pixel_net": (
        "Only people with the grant VIEW_COMMISSIONS_REPORT can publish what the account earns.",
        "Solo quien tiene el permiso VIEW_COMMISSIONS_REPORT puede publicar lo que gana la cuenta.",
        (
            "Seules les personnes qui ont l’autorisation VIEW_COMMISSIONS_REPORT peuvent publier les "
            "gains du compte."
        ),
        "لا يمكن نشر أرباح الحساب إلا لمن لديه الصلاحية VIEW_COMMISSIONS_REPORT.",
        "Só quem tem a permissão VIEW_COMMISSIONS_REPORT pode publicar o que a conta ganha.",
    ),
}
