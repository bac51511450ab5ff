"""What refusals say of invitations: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "no_such_invitation": (
        "There is no such invitation.",
        "No existe esa invitación.",
        "Cette invitation n’existe pas.",
        "لا توجد دعوة كهذه.",
        "Esse convite não existe.",
    ),
    "invited_name": (
        "A name has 1 to {most} characters.",
        "Un nombre tiene de 1 a {most} caracteres.",
        "Un nom compte de 1 à {most} caractères.",
        "يتكون الاسم من 1 إلى {most} حرف.",
        "Um nome tem de 1 a {most} caracteres.",
    ),
    "bad_email": (
        "This is not an e-mail address.",
        "Esto no es una dirección de correo.",
        "Ceci n’est pas une adresse e-mail.",
        "هذا ليس عنوان بريد إلكتروني.",
        "Isto não é um endereço de e-mail.",
    ),
    "own_address": (
        "This is the owner’s own address.",
        "Esta es la dirección del propio dueño.",
        "C’est l’adresse du propriétaire.",
        "هذا عنوان المالك.",
        "Este é o endereço do proprietário.",
    ),
    "already_collaborator": (
        "This person is already a collaborator.",
        "Esta persona ya es colaboradora.",
        "Cette personne est déjà collaboratrice.",
        "هذا الشخص متعاون بالفعل.",
        "Esta pessoa já é colaboradora.",
    ),
    "you_collaborate_already": (
        "You are already a collaborator of this account.",
        "Ya colaboras en esta cuenta.",
        "Vous collaborez déjà à ce compte.",
        "أنت متعاون في هذا الحساب بالفعل.",
        "Você já colabora nesta conta.",
    ),
    "already_invited": (
        "There is already a pending invitation to this address. You can send it again.",
        "Ya hay una invitación pendiente para esta dirección. Puedes reenviarla.",
        "Une invitation à cette adresse est en attente. Vous pouvez la renvoyer.",
        "هناك دعوة معلّقة لهذا العنوان. يمكنك إعادة إرسالها.",
        "Já há um convite pendente para este endereço. Você pode reenviá-lo.",
    ),
    "role_not_yours_to_give": (
        "Only the owner can invite people with this role.",
        "Solo el dueño puede invitar a personas con este rol.",
        "Seul le propriétaire peut inviter des personnes avec ce rôle.",
        "المالك وحده يمكنه دعوة أشخاص بهذا الدور.",
        "Só o proprietário pode convidar pessoas com este papel.",
    ),
    "profile_not_yours_to_give": (
        "You can assign only profiles whose grants you have, and none with the grant “Collaborators center”.",
        (
            "Solo puedes asignar perfiles cuyos permisos tienes, y ninguno con el permiso «Central de "
            "Colaboradores»."
        ),
        (
            "Vous ne pouvez attribuer que des profils dont vous avez les autorisations, sans « Central "
            "Collaborateurs »."
        ),
        "لا يمكنك تعيين إلا بروفايلات لديك كل صلاحياتها، دون صلاحية «مركز العاملين».",
        (
            "Você só pode atribuir perfis cujas permissões você tem, e nenhum com a permissão “Central "
            "de Colaboradores”."
        ),
    ),
    "invitation_not_yours": (
        "You can see this invitation, but you could not send it yourself.",
        "Puedes ver esta invitación, pero no podrías enviarla.",
        "Vous voyez cette invitation, mais vous n’auriez pas pu l’envoyer.",
        "يمكنك رؤية هذه الدعوة، لكن لم يكن بإمكانك إرسالها.",
        "Você pode ver este convite, mas não poderia enviá-lo.",
    ),
    "invitation_revoked": (
        "This invitation was revoked.",
        "Esta invitación fue revocada.",
        "Cette invitation a été révoquée.",
        "أُلغيت هذه الدعوة.",
        "Este convite foi revogado.",
    ),
    "invitation_declined": (
        "This invitation was declined.",
        "Esta invitación fue rechazada.",
        "Cette invitation a été déclinée.",
        "اعتُذر عن هذه الدعوة.",
        "Este convite foi recusado.",
    ),
    "invitation_expired": (
        "This invitation has expired. Ask for a new one.",
        "Esta invitación ha caducado. Pide otra.",
        "Cette invitation a expiré. Demandez-en une autre.",
        "انتهت صلاحية هذه الدعوة. اطلب دعوة جديدة.",
        "Este convite expirou. Peça outro.",
    ),
    "invitation_accepted": (
        "This invitation was already accepted.",
        "Esta invitación ya fue aceptada.",
        "Cette invitation a déjà été acceptée.",
        "قُبلت هذه الدعوة بالفعل.",
        "Este convite já foi aceito.",
    ),
    "invitation_fallen": (
        "This invitation is void, since the person who sent it could no longer send it.",
        "Esta invitación ya no es válida, porque quien la envió ya no podría enviarla.",
        "Cette invitation n’est plus valable, car la personne qui l’a envoyée ne pourrait plus le faire.",
        "لم تعد هذه الدعوة سارية، لأن من أرسلها لم يعد بإمكانه إرسالها.",
        "Este convite não é mais válido, pois quem o enviou não poderia mais enviá-lo.",
    ),
    "other_address": (
        "This invitation was sent to another address.",
        "Esta invitación se envió a otra dirección, no a la tuya.",
        "Cette invitation a été envoyée à une autre adresse que la vôtre.",
        "أُرسلت هذه الدعوة إلى عنوان غير عنوانك.",
        "Este convite foi enviado a outro endereço, não ao seu.",
    ),
    "unverified_address": (
        "Verify your e-mail address first.",
        "Verifica primero tu dirección de correo.",
        "Vérifiez d’abord votre adresse e-mail.",
        "أكّد عنوان بريدك الإلكتروني أولًا.",
        "Verifique primeiro o seu endereço de e-mail.",
    ),
    "sign_in_first": (
        "There is already a user with this address. Sign in first.",
        "Ya tienes un usuario con esta dirección: inicia sesión primero.",
        "Il existe déjà un utilisateur avec cette adresse : connectez-vous d’abord.",
        "يوجد مستخدم بهذا العنوان: سجّل الدخول أولًا.",
        "Você já tem um usuário com este endereço: entre primeiro.",
    ),
    "sign_in_or_up": (
        "Sign in first, or sign up with this invitation.",
        "Inicia sesión primero o regístrate con esta invitación.",
        "Connectez-vous d’abord, ou inscrivez-vous avec cette invitation.",
        "سجّل الدخول أولًا، أو أنشئ مستخدمًا بهذه الدعوة.",
        "Entre primeiro ou cadastre-se com este convite.",
    ),
    "token_or_id": (
        "Specify either the invitation’s token or its id.",
        "Indica el token de la invitación o su id, pero no ambos.",
        "Indiquez soit le jeton de l’invitation, soit son id.",
        "حدّد رمز الدعوة أو معرّفها، لا كليهما.",
        "Indique o token do convite ou o id, mas não os dois.",
    ),
    "signed_in_already": (
        "You are already signed in. Accept without signing up.",
        "Ya has iniciado sesión: acepta sin registrarte.",
        "Votre session est déjà ouverte : acceptez sans vous inscrire.",
        "لقد سجّلت الدخول بالفعل: اقبل دون إنشاء مستخدم.",
        "Você já entrou: aceite sem se cadastrar.",
    ),
    "too_many_invitations": (
        "Too many invitations; {most} an hour are allowed.",
        "Demasiadas invitaciones; se permiten {most} por hora.",
        "Trop d’invitations ; {most} par heure sont permises.",
        "دعوات كثيرة جدًا؛ المسموح {most} في الساعة.",
        "Convites demais; são permitidos {most} por hora.",
    ),
}
