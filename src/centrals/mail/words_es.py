"""What e-mails say in Spanish."""

from typing import Any

FOOTER = "Este mensaje fue enviado por {host}. Si no lo esperabas, puedes ignorarlo."
TEXTS: dict[str, tuple[Any, ...]] = {
    "verify_email": (
        "Confirma tu dirección de correo",
        ("Hola:", "confirma que esta dirección es tuya. El enlace vale durante 48 horas."),
        "Confirmar mi dirección",
    ),
    "already_registered": (
        "Ya estás registrado",
        (
            "Hola:",
            "alguien, quizá tú, intentó registrarse con esta dirección. Ya tienes un usuario: inicia sesión.",
            "Si has olvidado tu contraseña, pide una nueva.",
        ),
        "Iniciar sesión",
    ),
    "reset_password": (
        "Elige una contraseña nueva",
        (
            "Hola:",
            "alguien, quizá tú, pidió una contraseña nueva. El enlace sirve una vez y por poco tiempo.",
            "Si no fuiste tú, no hagas nada: tu contraseña sigue igual.",
        ),
        "Elegir contraseña",
    ),
    "password_changed": (
        "Tu contraseña ha cambiado",
        (
            "Hola:",
            "tu contraseña acaba de cambiar y tus otras sesiones se han cerrado.",
            "Si no fuiste tú, pide enseguida una contraseña nueva.",
        ),
    ),
    "invitation": (
        "{inviter} te invita a {account}",
        (
            "Hola, {name}:",
            "{inviter} te invita a trabajar en la central de colaboradores de {account}.",
            "El enlace vale durante siete días y solo para esta dirección.",
        ),
        "Ver la invitación",
    ),
    "invitation_to_newcomer": (
        "Te invitan a {account}",
        (
            "Hola:",
            "Te invitan a trabajar en la central de colaboradores de {account}.",
            "El enlace vale durante siete días, y solo para esta dirección.",
        ),
        "Ver la invitación",
    ),
    "invitation_declined": (
        "{invited} rechazó tu invitación",
        ("Hola, {name}:", "{invited} rechazó tu invitación a trabajar en {account}."),
    ),
    "collaborator_removed": (
        "Ya no trabajas en {account}",
        ("Hola, {name}:", "tu puesto en la central de colaboradores de {account} ha terminado."),
    ),
    "transfer_offered": (
        "{owner} te ofrece la cuenta {account}",
        (
            "Hola, {name}:",
            "{owner} quiere transferirte la cuenta {account}. Desde entonces serías su dueño.",
            "Inicia sesión para aceptar o rechazar. La oferta vale durante siete días.",
        ),
        "Iniciar sesión",
    ),
    "transfer_accepted": (
        "La cuenta {account} tiene un nuevo dueño",
        ("Hola, {name}:", "la transferencia de la cuenta {account} se ha completado. Ahora es de {owner}."),
    ),
    "account_closed": (
        "La cuenta {account} se ha cerrado",
        (
            "Hola, {name}:",
            "la cuenta {account} se ha cerrado. Desde ahora nadie más que tú puede entrar en ella.",
            "Todavía puedes exportar sus datos o volver a abrirla.",
        ),
    ),
    "account_reopened": (
        "La cuenta {account} vuelve a estar abierta",
        ("Hola, {name}:", "la cuenta {account} se ha vuelto a abrir, con todos los que trabajaban en ella."),
    ),
    "buyer_email_changed": (
        "Un comprador de {account} tiene otro correo electrónico",
        (
            "Hola, {name}:",
            "{by} cambió el correo electrónico del comprador de la venta {reference}.",
            "Era {before} y ahora es {after}.",
        ),
    ),
    "buyer_email_moved": (
        "Se cambió el correo electrónico de tu compra",
        (
            "Hola:",
            "tu compra {reference} en {account} tiene ahora otro correo electrónico.",
            "Si no lo pediste, avisa al vendedor.",
        ),
    ),
}
