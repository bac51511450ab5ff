"""What explanations of access say: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "explain_closed": (
        "The account is closed, and only its owner can enter.",
        "La cuenta está cerrada y solo puede entrar su dueño.",
        "Le compte est fermé et seul son propriétaire peut y entrer.",
        "الحساب مغلق، ولا يمكن أن يدخله إلا مالكه.",
        "A conta está encerrada e só o proprietário pode entrar.",
    ),
    "explain_suspended": (
        "The collaborator’s access is suspended.",
        "El acceso de la persona está suspendido.",
        "L’accès de la personne est suspendu.",
        "وصول الشخص معلّق.",
        "O acesso da pessoa está suspenso.",
    ),
    "explain_not_begun": (
        "The collaborator’s access has not begun yet.",
        "El acceso de la persona aún no ha comenzado.",
        "L’accès de la personne n’a pas encore commencé.",
        "لم يبدأ وصول الشخص بعد.",
        "O acesso da pessoa ainda não começou.",
    ),
    "explain_ended": (
        "The collaborator’s access has ended.",
        "El acceso de la persona ha terminado.",
        "L’accès de la personne est terminé.",
        "انتهى وصول الشخص.",
        "O acesso da pessoa terminou.",
    ),
    "explain_lacks_factor": (
        "The account requires two-factor sign-in, which the collaborator has not set up.",
        "La cuenta exige la verificación en dos pasos y la persona no la ha activado.",
        "Le compte exige l’authentification à deux facteurs, que la personne n’a pas activée.",
        "يشترط الحساب المصادقة الثنائية، ولم يفعّلها الشخص.",
        "A conta exige a verificação em duas etapas, e a pessoa não a ativou.",
    ),
    "explain_grant_included": (
        "The profile “{profile}” includes “{grant}”.",
        "El perfil «{profile}» incluye «{grant}».",
        "Le profil « {profile} » comprend « {grant} ».",
        "البروفايل «{profile}» يتضمن «{grant}».",
        "O perfil “{profile}” inclui “{grant}”.",
    ),
    "explain_grant_missing": (
        "The profile “{profile}” does not include “{grant}”.",
        "El perfil «{profile}» no incluye «{grant}».",
        "Le profil « {profile} » ne comprend pas « {grant} ».",
        "البروفايل «{profile}» لا يتضمن «{grant}».",
        "O perfil “{profile}” não inclui “{grant}”.",
    ),
    "explain_standing_owner": (
        "Only the owner has this; the collaborator’s role is {role}.",
        "Esto es solo para el dueño; el rol de la persona es {role}.",
        "C’est réservé au propriétaire ; le rôle de la personne est {role}.",
        "هذا للمالك وحده؛ دور الشخص هو {role}.",
        "Isto é só para o proprietário; o papel da pessoa é {role}.",
    ),
    "explain_standing_admin": (
        "Only the owner and admins have this; the collaborator’s role is {role}.",
        "Esto es solo para el dueño y los administradores; el rol de la persona es {role}.",
        "C’est réservé au propriétaire et aux administrateurs ; le rôle de la personne est {role}.",
        "هذا للمالك والمشرفين فقط؛ دور الشخص هو {role}.",
        "Isto é só para o proprietário e os administradores; o papel da pessoa é {role}.",
    ),
    "explain_standing_lead": (
        "Only the owner, admins and, while teams are on, team leads have this; the role is {role}.",
        (
            "Esto es solo para el dueño, los administradores y, con equipos activos, los jefes de "
            "equipo; el rol es {role}."
        ),
        (
            "C’est réservé au propriétaire, aux administrateurs et, si les équipes sont activées, aux "
            "chefs ; le rôle est {role}."
        ),
        "هذا للمالك والمشرفين، ولقادة الفرق عند تفعيل الفرق؛ دور الشخص هو {role}.",
        (
            "Isto é só para o proprietário, os administradores e, com equipes ativas, os líderes; o "
            "papel é {role}."
        ),
    ),
    "explain_ways": (
        "Any one of these opens it: {names}.",
        "Cualquiera de estos da acceso: {names}.",
        "L’un de ceux-ci y donne accès : {names}.",
        "أيٌّ مما يلي يتيح الوصول إليه: {names}.",
        "Qualquer um destes dá acesso: {names}.",
    ),
    "explain_row_everything": (
        "Admins see every row of the account.",
        "Los administradores ven todas las filas de la cuenta.",
        "Les administrateurs voient toutes les lignes du compte.",
        "يرى المشرفون كل صفوف الحساب.",
        "Os administradores veem todas as linhas da conta.",
    ),
    "explain_row_own": (
        "It is assigned to this person.",
        "Está asignada a esta persona.",
        "Elle est affectée à cette personne.",
        "هو مُسند إلى هذا الشخص.",
        "Está atribuída a esta pessoa.",
    ),
    "explain_row_no_ones": (
        "It is not assigned to anyone, so only the owner and admins can see it while teams are on.",
        "No está asignada a nadie: con los equipos activos, solo la ven el dueño y los administradores.",
        (
            "Elle n’est affectée à personne : avec des équipes, seuls le propriétaire et les "
            "administrateurs l’atteignent."
        ),
        "غير مُسند إلى أحد: عند تفعيل الفرق لا يراه إلا المالك والمشرفون.",
        "Não está atribuída a ninguém: com equipes ativas, só o proprietário e os administradores a veem.",
    ),
    "explain_row_of_team": (
        "It is assigned to a member of a team that this person leads, or that shares its rows.",
        "Está asignada a un miembro de un equipo que esta persona dirige o que comparte sus filas.",
        "Elle est affectée à un membre d’une équipe que cette personne dirige ou qui partage ses lignes.",
        "هو مُسند إلى عضو في فريق يقوده هذا الشخص أو يشارك صفوفه.",
        "Está atribuída a um membro de uma equipe que esta pessoa lidera ou que compartilha suas linhas.",
    ),
    "explain_row_of_no_team": (
        "It is not assigned to a member of a team that this person leads or that shares its rows with them.",
        (
            "Está asignada a alguien que no es de ningún equipo que esta persona dirija o que le "
            "comparta sus filas."
        ),
        (
            "Elle est affectée à quelqu’un d’aucune équipe que cette personne dirige ou qui partage "
            "ses lignes avec elle."
        ),
        "هو مُسند إلى من ليس في فريق يقوده هذا الشخص أو يشاركه صفوفه.",
        (
            "Está atribuída a alguém de nenhuma equipe que esta pessoa lidere ou que compartilhe suas "
            "linhas com ela."
        ),
    ),
    "explain_row_shared": (
        "Users of this account see each other’s rows.",
        "Los usuarios de esta cuenta ven las filas de los demás.",
        "Les utilisateurs de ce compte voient les lignes des autres.",
        "يرى مستخدمو هذا الحساب صفوف بعضهم بعضًا.",
        "Os usuários desta conta veem as linhas uns dos outros.",
    ),
    "explain_row_private": (
        "Users of this account see only their own rows, and it is not assigned to this person.",
        "Los usuarios de esta cuenta solo ven sus filas, y no está asignada a esta persona.",
        (
            "Les utilisateurs de ce compte ne voient que leurs lignes, et elle n’est pas affectée à "
            "cette personne."
        ),
        "لا يرى مستخدمو هذا الحساب إلا صفوفهم، وهو غير مُسند إلى هذا الشخص.",
        "Os usuários desta conta veem só as próprias linhas, e ela não está atribuída a esta pessoa.",
    ),
    "change_restore": (
        "End the suspension.",
        "Terminar la suspensión.",
        "Lever la suspension.",
        "إنهاء التعليق.",
        "Encerrar a suspensão.",
    ),
    "change_start_now": (
        "Let the collaborator’s access begin now.",
        "Hacer que el acceso comience ahora.",
        "Faire commencer l’accès maintenant.",
        "جعل الوصول يبدأ الآن.",
        "Fazer o acesso começar agora.",
    ),
    "change_extend": (
        "Let the collaborator’s access end later.",
        "Hacer que el acceso termine más tarde.",
        "Faire durer l’accès plus longtemps.",
        "تأجيل نهاية الوصول.",
        "Fazer o acesso terminar mais tarde.",
    ),
    "change_set_up_two_factor": (
        "Let the collaborator set up two-factor sign-in.",
        "Pedir a la persona que active la verificación en dos pasos.",
        "Demander à la personne d’activer l’authentification à deux facteurs.",
        "الطلب من الشخص تفعيل المصادقة الثنائية.",
        "Pedir à pessoa que ative a verificação em duas etapas.",
    ),
    "change_reopen": (
        "Reopen the account.",
        "Reabrir la cuenta.",
        "Rouvrir le compte.",
        "إعادة فتح الحساب.",
        "Reabrir a conta.",
    ),
    "change_suspend": (
        "Suspend the collaborator’s access.",
        "Suspender el acceso.",
        "Suspendre l’accès.",
        "تعليق الوصول.",
        "Suspender o acesso.",
    ),
    "change_add_grant": (
        "Assign a profile that includes “{grant}”, or add it to this one.",
        "Asignar un perfil que incluya «{grant}», o añadirlo a este.",
        "Attribuer un profil qui comprend « {grant} », ou l’ajouter à celui-ci.",
        "تعيين بروفايل يتضمن «{grant}»، أو إضافة ذلك إلى هذا البروفايل.",
        "Atribuir um perfil que inclua “{grant}”, ou incluí-la neste.",
    ),
    "change_remove_grant": (
        "Assign a profile without “{grant}”, or remove it from this one.",
        "Asignar un perfil sin «{grant}», o quitarlo de este.",
        "Attribuer un profil sans « {grant} », ou l’en retirer.",
        "تعيين بروفايل بلا «{grant}»، أو إزالة ذلك من هذا البروفايل.",
        "Atribuir um perfil sem “{grant}”, ou retirá-la deste.",
    ),
    "change_change_role": (
        "Change the role to {role}.",
        "Cambiar el rol a {role}.",
        "Changer le rôle en {role}.",
        "تغيير الدور إلى {role}.",
        "Mudar o papel para {role}.",
    ),
    "change_teams_on": (
        "Turn teams on.",
        "Activar los equipos.",
        "Activer les équipes.",
        "تفعيل الفرق.",
        "Ativar as equipes.",
    ),
    "change_teams_off": (
        "Turn teams off.",
        "Desactivar los equipos.",
        "Désactiver les équipes.",
        "إيقاف الفرق.",
        "Desativar as equipes.",
    ),
    "change_join_team": (
        "Add the person to the team “{team}”.",
        "Incluir a la persona en el equipo «{team}».",
        "Ajouter la personne à l’équipe « {team} ».",
        "ضم الشخص إلى الفريق «{team}».",
        "Incluir a pessoa na equipe “{team}”.",
    ),
    "change_leave_team": (
        "Remove the person from the team “{team}”.",
        "Sacar a la persona del equipo «{team}».",
        "Retirer la personne de l’équipe « {team} ».",
        "إخراج الشخص من الفريق «{team}».",
        "Retirar a pessoa da equipe “{team}”.",
    ),
    "change_lead_team": (
        "Let the person lead the team “{team}”.",
        "Hacer que la persona dirija el equipo «{team}».",
        "Confier l’équipe « {team} » à la personne.",
        "جعل الشخص يقود الفريق «{team}».",
        "Fazer a pessoa liderar a equipe “{team}”.",
    ),
    "change_share_team": (
        "Let the members of the team “{team}” see each other’s rows.",
        "Hacer que los miembros del equipo «{team}» vean las filas de los demás.",
        "Laisser les membres de l’équipe « {team} » voir les lignes des autres.",
        "السماح لأعضاء الفريق «{team}» برؤية صفوف بعضهم.",
        "Deixar os membros da equipe “{team}” verem as linhas uns dos outros.",
    ),
    "change_unshare_team": (
        "Let the members of the team “{team}” see only their own rows.",
        "Hacer que los miembros del equipo «{team}» vean solo sus filas.",
        "Ne laisser les membres de l’équipe « {team} » voir que leurs propres lignes.",
        "قصر رؤية أعضاء الفريق «{team}» على صفوفهم.",
        "Deixar os membros da equipe “{team}” verem só as próprias linhas.",
    ),
    "change_share_account": (
        "Let users see each other’s rows.",
        "Hacer que los usuarios vean las filas de los demás.",
        "Laisser les utilisateurs voir les lignes des autres.",
        "السماح للمستخدمين برؤية صفوف بعضهم.",
        "Deixar os usuários verem as linhas uns dos outros.",
    ),
    "change_unshare_account": (
        "Let users see only their own rows.",
        "Hacer que los usuarios vean solo sus filas.",
        "Ne laisser les utilisateurs voir que leurs propres lignes.",
        "قصر رؤية المستخدمين على صفوفهم.",
        "Deixar os usuários verem só as próprias linhas.",
    ),
    "change_assign": (
        "Assign it to this person.",
        "Asignarla a esta persona.",
        "L’affecter à cette personne.",
        "إسناده إلى هذا الشخص.",
        "Atribuí-la a esta pessoa.",
    ),
}
