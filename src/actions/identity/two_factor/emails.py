"""E-mails about two-factor sign-in, in five languages."""

from actions.kit.email import Email, Text

ENABLED = Email(
    "two_factor_enabled",
    en=Text(
        "Two-factor sign-in is on",
        (
            "Hello,",
            (
                "You now sign in with a second factor: an authenticator app was added. "
                "Keep your recovery codes in a safe place."
            ),
            "If it was not you, reset your password now and look at your sessions.",
        ),
    ),
    es=Text(
        "La verificación en dos pasos está activada",
        (
            "Hola:",
            (
                "Se añadió una app de autenticación a tu usuario. Al iniciar sesión se pedirá un "
                "código. Guarda tus códigos de recuperación en un lugar seguro."
            ),
            "Si no fuiste tú, cambia tu contraseña ahora y revisa tus sesiones.",
        ),
    ),
    fr=Text(
        "La double authentification est activée",
        (
            "Bonjour,",
            (
                "Une application d’authentification a été ajoutée à votre utilisateur. La "
                "connexion demande désormais un code. Gardez vos codes de secours en lieu sûr."
            ),
            "Si ce n’était pas vous, changez votre mot de passe maintenant et vérifiez vos sessions.",
        ),
    ),
    ar=Text(
        "تم تفعيل التحقق بخطوتين",
        (
            "مرحبًا،",
            (
                "أُضيف تطبيق مصادقة إلى حسابك. يتطلب تسجيل الدخول الآن رمزًا منه. احفظ رموز "
                "الاسترداد في مكان آمن."
            ),
            "إذا لم تكن أنت فغيّر كلمة مرورك الآن وراجع جلساتك.",
        ),
    ),
    pt=Text(
        "A verificação em duas etapas está ativada",
        (
            "Olá,",
            (
                "Um aplicativo autenticador foi adicionado ao seu usuário. Agora a entrada pede "
                "um código. Guarde seus códigos de recuperação em lugar seguro."
            ),
            "Se não foi você, troque sua senha agora e confira suas sessões.",
        ),
    ),
)

DISABLED = Email(
    "two_factor_disabled",
    en=Text(
        "Two-factor sign-in is off",
        (
            "Hello,",
            "Your second factor was removed. Your password is now enough to sign in.",
            "If it was not you, reset your password now and look at your sessions.",
        ),
    ),
    es=Text(
        "La verificación en dos pasos está desactivada",
        (
            "Hola:",
            "Se quitó el segundo factor de tu usuario. Para iniciar sesión basta la contraseña.",
            "Si no fuiste tú, cambia tu contraseña ahora y revisa tus sesiones.",
        ),
    ),
    fr=Text(
        "La double authentification est désactivée",
        (
            "Bonjour,",
            (
                "Le second facteur de votre utilisateur a été supprimé. Le mot de passe suffit "
                "pour se connecter."
            ),
            "Si ce n’était pas vous, changez votre mot de passe maintenant et vérifiez vos sessions.",
        ),
    ),
    ar=Text(
        "تم إيقاف التحقق بخطوتين",
        (
            "مرحبًا،",
            "أُزيل العامل الثاني من حسابك. تكفي كلمة المرور لتسجيل الدخول.",
            "إذا لم تكن أنت فغيّر كلمة مرورك الآن وراجع جلساتك.",
        ),
    ),
    pt=Text(
        "A verificação em duas etapas está desativada",
        (
            "Olá,",
            "O segundo fator do seu usuário foi removido. A senha basta para entrar.",
            "Se não foi você, troque sua senha agora e confira suas sessões.",
        ),
    ),
)

PASSKEY_ADDED = Email(
    "passkey_added",
    en=Text(
        "A passkey was added",
        (
            "Hello,",
            "A new passkey can sign you in. Anyone who has it can sign in as you.",
            "If it was not you, reset your password now and look at your sessions.",
        ),
    ),
    es=Text(
        "Se añadió una llave de acceso",
        (
            "Hola:",
            "Se añadió una llave de acceso a tu usuario. Quien la tenga puede iniciar sesión con ella.",
            "Si no fuiste tú, cambia tu contraseña ahora y revisa tus sesiones.",
        ),
    ),
    fr=Text(
        "Une clé d’accès a été ajoutée",
        (
            "Bonjour,",
            (
                "Une clé d’accès a été ajoutée à votre utilisateur. Qui la possède peut se "
                "connecter avec elle."
            ),
            "Si ce n’était pas vous, changez votre mot de passe maintenant et vérifiez vos sessions.",
        ),
    ),
    ar=Text(
        "أُضيف مفتاح مرور",
        (
            "مرحبًا،",
            "أُضيف مفتاح مرور إلى حسابك. يمكن لمن يملكه تسجيل الدخول به.",
            "إذا لم تكن أنت فغيّر كلمة مرورك الآن وراجع جلساتك.",
        ),
    ),
    pt=Text(
        "Uma chave de acesso foi adicionada",
        (
            "Olá,",
            "Uma chave de acesso foi adicionada ao seu usuário. Quem a tiver pode entrar com ela.",
            "Se não foi você, troque sua senha agora e confira suas sessões.",
        ),
    ),
)

PASSKEY_REMOVED = Email(
    "passkey_removed",
    en=Text(
        "A passkey was removed",
        (
            "Hello,",
            "One of your passkeys was removed. It can no longer be used to sign in.",
            "If it was not you, reset your password now and look at your sessions.",
        ),
    ),
    es=Text(
        "Se quitó una llave de acceso",
        (
            "Hola:",
            "Se quitó una llave de acceso de tu usuario. Ya no sirve para iniciar sesión.",
            "Si no fuiste tú, cambia tu contraseña ahora y revisa tus sesiones.",
        ),
    ),
    fr=Text(
        "Une clé d’accès a été supprimée",
        (
            "Bonjour,",
            "Une clé d’accès a été supprimée de votre utilisateur. Elle ne permet plus de se connecter.",
            "Si ce n’était pas vous, changez votre mot de passe maintenant et vérifiez vos sessions.",
        ),
    ),
    ar=Text(
        "أُزيل مفتاح مرور",
        (
            "مرحبًا،",
            "أُزيل مفتاح مرور من حسابك. لم يعد صالحًا لتسجيل الدخول.",
            "إذا لم تكن أنت فغيّر كلمة مرورك الآن وراجع جلساتك.",
        ),
    ),
    pt=Text(
        "Uma chave de acesso foi removida",
        (
            "Olá,",
            "Uma chave de acesso foi removida do seu usuário. Ela não serve mais para entrar.",
            "Se não foi você, troque sua senha agora e confira suas sessões.",
        ),
    ),
)

CODES_RENEWED = Email(
    "recovery_codes_renewed",
    en=Text(
        "Your recovery codes were replaced",
        (
            "Hello,",
            "New recovery codes were created. The old ones are no longer valid.",
            "If it was not you, reset your password now and look at your sessions.",
        ),
    ),
    es=Text(
        "Tus códigos de recuperación cambiaron",
        (
            "Hola:",
            "Se crearon nuevos códigos de recuperación. Los anteriores ya no valen.",
            "Si no fuiste tú, cambia tu contraseña ahora y revisa tus sesiones.",
        ),
    ),
    fr=Text(
        "Vos codes de secours ont été remplacés",
        (
            "Bonjour,",
            "De nouveaux codes de secours ont été créés. Les anciens ne sont plus valables.",
            "Si ce n’était pas vous, changez votre mot de passe maintenant et vérifiez vos sessions.",
        ),
    ),
    ar=Text(
        "استُبدلت رموز الاسترداد",
        (
            "مرحبًا،",
            "أُنشئت رموز استرداد جديدة. لم تعد الرموز القديمة صالحة.",
            "إذا لم تكن أنت فغيّر كلمة مرورك الآن وراجع جلساتك.",
        ),
    ),
    pt=Text(
        "Seus códigos de recuperação foram trocados",
        (
            "Olá,",
            "Novos códigos de recuperação foram criados. Os antigos não valem mais.",
            "Se não foi você, troque sua senha agora e confira suas sessões.",
        ),
    ),
)

EMAILS = (ENABLED, DISABLED, PASSKEY_ADDED, PASSKEY_REMOVED, CODES_RENEWED)
