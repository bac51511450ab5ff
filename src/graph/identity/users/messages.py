"""What refusals say of people and their passwords: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "name_length": (
        "A name has 1 to {most} characters.",
        "Un nombre tiene de 1 a {most} caracteres.",
        "Un nom compte de 1 à {most} caractères.",
        "يتكون الاسم من 1 إلى {most} حرف.",
        "Um nome tem de 1 a {most} caracteres.",
    ),
    "no_such_locale": (
        "This language is not available.",
        "Ese idioma no está disponible.",
        "Cette langue n’est pas proposée.",
        "هذه اللغة غير متوفرة.",
        "Esse idioma não está disponível.",
    ),
    "password_length": (
        "A password has {first} to {last} characters.",
        "Una contraseña tiene de {first} a {last} caracteres.",
        "Un mot de passe compte de {first} à {last} caractères.",
        "تتكون كلمة المرور من {first} إلى {last} حرف.",
        "Uma senha tem de {first} a {last} caracteres.",
    ),
    "password_is_email": (
        "The password cannot be the e-mail address.",
        "La contraseña no puede ser la dirección de correo.",
        "Le mot de passe ne peut pas être l’adresse e-mail.",
        "لا يمكن أن تكون كلمة المرور هي عنوان البريد الإلكتروني.",
        "A senha não pode ser o endereço de e-mail.",
    ),
    "weak_common": (
        (
            "This password is common, or close to a common one. "
            "Use several uncommon words, or let a password manager choose one."
        ),
        (
            "Esta contraseña es común o se parece a una común. "
            "Usa varias palabras poco comunes o deja que un gestor de contraseñas elija una."
        ),
        (
            "Ce mot de passe est courant, ou proche d’un mot de passe courant. "
            "Utilisez plusieurs mots peu courants, ou laissez un gestionnaire de mots de passe en choisir un."
        ),
        (
            "كلمة المرور هذه شائعة أو قريبة من كلمة شائعة. "
            "استخدم عدة كلمات غير شائعة، أو دع مدير كلمات مرور يختار واحدة."
        ),
        (
            "Esta senha é comum ou parecida com uma comum. "
            "Use várias palavras incomuns ou deixe um gerenciador de senhas escolher uma."
        ),
    ),
    "weak_date": (
        (
            "This password is easy to guess, because it is mostly a date. "
            "Use several uncommon words, or let a password manager choose one."
        ),
        (
            "Esta contraseña es fácil de adivinar, porque es casi solo una fecha. "
            "Usa varias palabras poco comunes o deja que un gestor de contraseñas elija una."
        ),
        (
            "Ce mot de passe est facile à deviner : c’est surtout une date. "
            "Utilisez plusieurs mots peu courants, ou laissez un gestionnaire de mots de passe en choisir un."
        ),
        (
            "من السهل تخمين كلمة المرور هذه لأن معظمها تاريخ. "
            "استخدم عدة كلمات غير شائعة، أو دع مدير كلمات مرور يختار واحدة."
        ),
        (
            "Esta senha é fácil de adivinhar, porque é quase só uma data. "
            "Use várias palavras incomuns ou deixe um gerenciador de senhas escolher uma."
        ),
    ),
    "weak_keyboard": (
        (
            "This password is easy to guess, because its keys are neighbors on the keyboard. "
            "Use several uncommon words, or let a password manager choose one."
        ),
        (
            "Esta contraseña es fácil de adivinar, porque sus teclas están juntas en el teclado. "
            "Usa varias palabras poco comunes o deja que un gestor de contraseñas elija una."
        ),
        (
            "Ce mot de passe est facile à deviner : ses touches se suivent sur le clavier. "
            "Utilisez plusieurs mots peu courants, ou laissez un gestionnaire de mots de passe en choisir un."
        ),
        (
            "من السهل تخمين كلمة المرور هذه لأن مفاتيحها متجاورة على لوحة المفاتيح. "
            "استخدم عدة كلمات غير شائعة، أو دع مدير كلمات مرور يختار واحدة."
        ),
        (
            "Esta senha é fácil de adivinhar, porque suas teclas são vizinhas no teclado. "
            "Use várias palavras incomuns ou deixe um gerenciador de senhas escolher uma."
        ),
    ),
    "weak_personal": (
        (
            "This password is easy to guess, because it contains your name or e-mail address. "
            "Use several uncommon words, or let a password manager choose one."
        ),
        (
            "Esta contraseña es fácil de adivinar, porque contiene tu nombre o tu correo. "
            "Usa varias palabras poco comunes o deja que un gestor de contraseñas elija una."
        ),
        (
            "Ce mot de passe est facile à deviner : il contient votre nom ou votre adresse e-mail. "
            "Utilisez plusieurs mots peu courants, ou laissez un gestionnaire de mots de passe en choisir un."
        ),
        (
            "من السهل تخمين كلمة المرور هذه لأنها تحتوي على اسمك أو بريدك الإلكتروني. "
            "استخدم عدة كلمات غير شائعة، أو دع مدير كلمات مرور يختار واحدة."
        ),
        (
            "Esta senha é fácil de adivinhar, porque contém seu nome ou seu e-mail. "
            "Use várias palavras incomuns ou deixe um gerenciador de senhas escolher uma."
        ),
    ),
    "weak_repeat": (
        (
            "This password is easy to guess, because it repeats the same characters. "
            "Use several uncommon words, or let a password manager choose one."
        ),
        (
            "Esta contraseña es fácil de adivinar, porque repite los mismos caracteres. "
            "Usa varias palabras poco comunes o deja que un gestor de contraseñas elija una."
        ),
        (
            "Ce mot de passe est facile à deviner : il répète les mêmes caractères. "
            "Utilisez plusieurs mots peu courants, ou laissez un gestionnaire de mots de passe en choisir un."
        ),
        (
            "من السهل تخمين كلمة المرور هذه لأنها تكرر الأحرف نفسها. "
            "استخدم عدة كلمات غير شائعة، أو دع مدير كلمات مرور يختار واحدة."
        ),
        (
            "Esta senha é fácil de adivinhar, porque repete os mesmos caracteres. "
            "Use várias palavras incomuns ou deixe um gerenciador de senhas escolher uma."
        ),
    ),
    "weak_sequence": (
        (
            "This password is easy to guess, because it is a sequence such as abc or 123. "
            "Use several uncommon words, or let a password manager choose one."
        ),
        (
            "Esta contraseña es fácil de adivinar, porque es una secuencia como abc o 123. "
            "Usa varias palabras poco comunes o deja que un gestor de contraseñas elija una."
        ),
        (
            "Ce mot de passe est facile à deviner : c’est une suite comme abc ou 123. "
            "Utilisez plusieurs mots peu courants, ou laissez un gestionnaire de mots de passe en choisir un."
        ),
        (
            "من السهل تخمين كلمة المرور هذه لأنها تسلسل مثل abc أو 123. "
            "استخدم عدة كلمات غير شائعة، أو دع مدير كلمات مرور يختار واحدة."
        ),
        (
            "Esta senha é fácil de adivinhar, porque é uma sequência como abc ou 123. "
            "Use várias palavras incomuns ou deixe um gerenciador de senhas escolher uma."
        ),
    ),
    "weak_short": (
        "This password is easy to guess. Use several uncommon words, or let a password manager choose one.",
        (
            "Esta contraseña es fácil de adivinar. "
            "Usa varias palabras poco comunes o deja que un gestor de contraseñas elija una."
        ),
        (
            "Ce mot de passe est facile à deviner. "
            "Utilisez plusieurs mots peu courants, ou laissez un gestionnaire de mots de passe en choisir un."
        ),
        "من السهل تخمين كلمة المرور هذه. استخدم عدة كلمات غير شائعة، أو دع مدير كلمات مرور يختار واحدة.",
        (
            "Esta senha é fácil de adivinhar. "
            "Use várias palavras incomuns ou deixe um gerenciador de senhas escolher uma."
        ),
    ),
    "wrong_password": (
        "The current password is wrong.",
        "La contraseña actual no es correcta.",
        "Le mot de passe actuel est incorrect.",
        "كلمة المرور الحالية غير صحيحة.",
        "A senha atual está incorreta.",
    ),
    "bad_link": (
        "This link is no longer valid. Request a new one.",
        "Este enlace ya no sirve. Pide otro.",
        "Ce lien n’est plus valable. Demandez-en un autre.",
        "لم يعد هذا الرابط صالحًا. اطلب رابطًا آخر.",
        "Este link não é mais válido. Peça outro.",
    ),
    "already_verified": (
        "Your e-mail address is already verified.",
        "Tu dirección de correo ya está verificada.",
        "Votre adresse e-mail est déjà vérifiée.",
        "تم التحقق من بريدك الإلكتروني بالفعل.",
        "Seu endereço de e-mail já foi verificado.",
    ),
    "no_such_session": (
        "There is no such session.",
        "No existe esa sesión.",
        "Cette session n’existe pas.",
        "لا توجد جلسة كهذه.",
        "Essa sessão não existe.",
    ),
    "one_letter_an_hour": (
        "A link was sent to this address within the last hour. Open it, or try again later.",
        "En la última hora ya se envió un enlace a esta dirección. Ábrelo o inténtalo más tarde.",
        "Un lien a été envoyé à cette adresse il y a moins d’une heure. Ouvrez-le ou réessayez plus tard.",
        "أُرسل رابط إلى هذا العنوان خلال الساعة الماضية. افتحه أو حاول لاحقًا.",
        "Um link foi enviado a este endereço na última hora. Abra-o ou tente mais tarde.",
    ),
    "address_unverified": (
        "The provider has not verified this e-mail address.",
        "El proveedor no ha verificado esta dirección de correo.",
        "Le fournisseur n’a pas vérifié cette adresse e-mail.",
        "لم يتحقق المزوّد من عنوان البريد الإلكتروني هذا.",
        "O provedor não verificou este endereço de e-mail.",
    ),
}
