"""What refusals say of products and offers: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "product_name_length": (
        "A product’s name has 1 to {most} characters.",
        "El nombre de un producto tiene de 1 a {most} caracteres.",
        "Le nom d’un produit compte de 1 à {most} caractères.",
        "يتكون اسم المنتج من 1 إلى {most} حرف.",
        "O nome de um produto tem de 1 a {most} caracteres.",
    ),
    "product_name_taken": (
        "Another product of the account has this name.",
        "Otro producto de la cuenta tiene este nombre.",
        "Un autre produit du compte porte ce nom.",
        "يحمل منتج آخر في الحساب هذا الاسم.",
        "Outro produto da conta tem este nome.",
    ),
    "reference_taken": (
        "Another product of the account has this reference.",
        "Otro producto de la cuenta tiene esta referencia.",
        "Un autre produit du compte a cette référence.",
        "يحمل منتج آخر في الحساب هذا المرجع.",
        "Outro produto da conta tem esta referência.",
    ),
    "product_code": (
        "A reference or code has 1 to {most} letters, digits, hyphens, underscores and periods.",
        "Una referencia o un código tiene de 1 a {most} letras, cifras, guiones, guiones bajos y puntos.",
        "Une référence ou un code compte de 1 à {most} lettres, chiffres, tirets, traits bas et points.",
        "يتكون المرجع أو الرمز من 1 إلى {most} من الحروف والأرقام والشرطات والشرطات السفلية والنقاط.",
        "Uma referência ou um código tem de 1 a {most} letras, dígitos, hífens, sublinhados e pontos.",
    ),
    "warranty_days": (
        "A warranty lasts 0 to {most} days.",
        "Una garantía dura de 0 a {most} días.",
        "Une garantie dure de 0 à {most} jours.",
        "تستمر مدة الضمان من 0 إلى {most} يومًا.",
        "Uma garantia dura de 0 a {most} dias.",
    ),
    "by_hand_and_restored": (
        "Either set a value or use the marketplace’s, not both.",
        "Indica un valor o usa el del mercado, pero no ambas cosas.",
        "Indiquez une valeur ou utilisez celle de la place de marché, mais pas les deux.",
        "حدّد قيمة أو استخدم قيمة السوق، لا كلتيهما.",
        "Defina um valor ou use o do marketplace, mas não os dois.",
    ),
    "nothing_from_marketplace": (
        "The marketplace has not said anything about this yet.",
        "El mercado aún no ha dicho nada sobre esto.",
        "La place de marché n’a encore rien communiqué à ce sujet.",
        "لم يذكر السوق شيئًا عن هذا بعد.",
        "O marketplace ainda não informou nada sobre isto.",
    ),
}
