"""What refusals say of two-factor sign-in: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "challenge_ended": (
        "This took too long, or the token is unknown. Start again.",
        "Tardó demasiado o el token no existe. Empieza de nuevo.",
        "C’était trop long, ou le jeton est inconnu. Recommencez.",
        "استغرق ذلك وقتًا طويلًا أو الرمز غير معروف. ابدأ من جديد.",
        "Demorou demais ou o token é desconhecido. Comece de novo.",
    ),
    "bad_code": (
        "The code or passkey is wrong, or the code was already used.",
        "El código o la llave de acceso no es correcto, o el código ya se usó.",
        "Le code ou la clé d’accès est incorrect, ou le code a déjà servi.",
        "الرمز أو مفتاح المرور غير صحيح، أو سبق استخدام الرمز.",
        "O código ou a chave de acesso está incorreto, ou o código já foi usado.",
    ),
    "bad_passkey": (
        "The passkey could not be verified. Start again.",
        "No se pudo verificar la llave de acceso. Empieza de nuevo.",
        "La clé d’accès n’a pas pu être vérifiée. Recommencez.",
        "تعذّر التحقق من مفتاح المرور. ابدأ من جديد.",
        "Não foi possível verificar a chave de acesso. Comece de novo.",
    ),
    "too_many_passkeys": (
        "You can have at most {most} passkeys. Remove one first.",
        "Puedes tener como máximo {most} llaves de acceso. Quita una primero.",
        "Vous pouvez avoir {most} clés d’accès au plus. Supprimez-en une d’abord.",
        "يمكنك امتلاك {most} مفتاح مرور على الأكثر. أزل واحدًا أولًا.",
        "Você pode ter no máximo {most} chaves de acesso. Remova uma antes.",
    ),
    "no_such_passkey": (
        "There is no such passkey.",
        "No existe esa llave de acceso.",
        "Cette clé d’accès n’existe pas.",
        "لا يوجد مفتاح مرور كهذا.",
        "Essa chave de acesso não existe.",
    ),
    "show_who_you_are": (
        "Confirm that it is you with your password or a code.",
        "Confirma que eres tú con tu contraseña o un código.",
        "Confirmez que c’est vous avec votre mot de passe ou un code.",
        "أكّد هويتك بكلمة المرور أو برمز.",
        "Confirme que é você com sua senha ou um código.",
    ),
    "app_is_set_up": (
        "An authenticator app is already set up.",
        "Ya hay una app de autenticación configurada.",
        "Une application d’authentification est déjà configurée.",
        "تم إعداد تطبيق مصادقة بالفعل.",
        "Um aplicativo autenticador já está configurado.",
    ),
    "set_up_two_factor_first": (
        "Set up a second factor for yourself first. Otherwise, you would lock yourself out.",
        "Configura primero tu propio segundo factor. Si no, te quedarías fuera.",
        "Configurez d’abord votre propre second facteur. Sinon, vous perdriez l’accès.",
        "قم بإعداد عامل ثانٍ لنفسك أولًا، وإلا فقدت الوصول.",
        "Configure primeiro o seu próprio segundo fator. Senão, você ficaria de fora.",
    ),
    "two_factor_is_off": (
        "You have no second factor yet.",
        "Aún no tienes un segundo factor.",
        "Vous n’avez pas encore de second facteur.",
        "ليس لديك عامل ثانٍ بعد.",
        "Você ainda não tem um segundo fator.",
    ),
}
