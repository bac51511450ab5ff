"""What refusals say of API credentials: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "credential_days": (
        "A credential is valid for 1 to {most} days.",
        "Una credencial es válida de 1 a {most} días.",
        "Un identifiant est valable de 1 à {most} jours.",
        "تصلح بيانات الاعتماد من 1 إلى {most} يومًا.",
        "Uma credencial é válida por 1 a {most} dias.",
    ),
    "credential_without_grants": (
        "Choose at least one grant.",
        "Elige al menos un permiso.",
        "Choisissez au moins une autorisation.",
        "اختر صلاحية واحدة على الأقل.",
        "Escolha pelo menos uma permissão.",
    ),
    "credential_name_taken": (
        "Another credential has this name.",
        "Otra credencial tiene este nombre.",
        "Un autre identifiant porte ce nom.",
        "هناك بيانات اعتماد أخرى بهذا الاسم.",
        "Outra credencial tem este nome.",
    ),
    "too_many_credentials": (
        "There are already {most} credentials. Revoke one first.",
        "Ya hay {most} credenciales. Revoca una antes.",
        "Il y a déjà {most} identifiants. Révoquez-en un d’abord.",
        "يوجد بالفعل {most} من بيانات الاعتماد. ألغِ إحداها أولًا.",
        "Já há {most} credenciais. Revogue uma antes.",
    ),
    "not_your_credential": (
        "Only its creator can replace the secret of a credential.",
        "Solo quien creó una credencial puede cambiar su secreto.",
        "Seul le créateur d’un identifiant peut en remplacer le secret.",
        "لا يمكن استبدال سر بيانات الاعتماد إلا لمن أنشأها.",
        "Só quem criou uma credencial pode trocar o seu segredo.",
    ),
    "no_such_credential": (
        "There is no such credential.",
        "No existe esa credencial.",
        "Cet identifiant n’existe pas.",
        "لا توجد بيانات اعتماد كهذه.",
        "Essa credencial não existe.",
    ),
    "credential_ended": (
        "This credential has ended.",
        "Esta credencial ha terminado.",
        "Cet identifiant a pris fin.",
        "انتهت بيانات الاعتماد هذه.",
        "Esta credencial já terminou.",
    ),
}
