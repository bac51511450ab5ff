"""What refusals say of signing in: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "bad_credentials": (
        "The e-mail or the password is wrong.",
        "El correo o la contraseña no son correctos.",
        "L’e-mail ou le mot de passe est incorrect.",
        "البريد الإلكتروني أو كلمة المرور غير صحيحة.",
        "O e-mail ou a senha estão incorretos.",
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
    "cookie_of_another_site": (
        "Browsers keep no cookies of another site. Sign in without cookies or from the API’s site.",
        "Los navegadores no guardan cookies de otro sitio. Inicia sesión sin cookies.",
        "Les navigateurs ne gardent pas les cookies d’un autre site. Connectez-vous sans cookies.",
        "لا تحتفظ المتصفحات بملفات تعريف الارتباط لموقع آخر. سجّل الدخول بدونها.",
        "Navegadores não guardam cookies de outro site. Entre sem cookies ou pelo site da API.",
    ),
}
