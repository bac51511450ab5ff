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
        "El acceso está suspendido.",
        "L’accès est suspendu.",
        "الوصول معلّق.",
        "O acesso está suspenso.",
    ),
    "explain_not_begun": (
        "The collaborator’s access has not begun yet.",
        "El acceso aún no ha comenzado.",
        "L’accès n’a pas encore commencé.",
        "لم يبدأ الوصول بعد.",
        "O acesso ainda não começou.",
    ),
    "explain_ended": (
        "The collaborator’s access has ended.",
        "El acceso ha terminado.",
        "L’accès est terminé.",
        "انتهى الوصول.",
        "O acesso terminou.",
    ),
    "explain_grant_included": (
        "The profile “{profile}” includes “{grant}”.",
        "El perfil «{profile}» incluye «{grant}».",
        "Le profil « {profile} » comprend « {grant} ».",
        "الملف «{profile}» يتضمن «{grant}».",
        "O perfil “{profile}” inclui “{grant}”.",
    ),
    "explain_grant_missing": (
        "The profile “{profile}” does not include “{grant}”.",
        "Al perfil «{profile}» le falta «{grant}».",
        "Il manque « {grant} » au profil « {profile} ».",
        "الملف «{profile}» لا يتضمن «{grant}».",
        "Falta “{grant}” ao perfil “{profile}”.",
    ),
    "explain_standing_owner": (
        "It is only for the owner; the role is {role}.",
        "Es solo del dueño; el rol es {role}.",
        "Elle est au seul propriétaire ; le rôle est {role}.",
        "هو للمالك وحده؛ الدور هو {role}.",
        "É só do proprietário; o papel é {role}.",
    ),
    "explain_standing_admin": (
        "It is for the owner and admins; the role is {role}.",
        "Es del dueño y de los administradores; el rol es {role}.",
        "Elle est au propriétaire et aux administrateurs ; le rôle est {role}.",
        "هو للمالك والمشرفين؛ الدور هو {role}.",
        "É do proprietário e dos administradores; o papel é {role}.",
    ),
    "explain_standing_lead": (
        "It is for the owner, admins and, while teams are on, team leads; the role is {role}.",
        "Es del dueño, los administradores y, con equipos, los jefes de equipo; el rol es {role}.",
        "Elle est au propriétaire, aux administrateurs et, avec des équipes, aux chefs ; le rôle est {role}.",
        "هو للمالك والمشرفين، ولقادة الفرق عند تفعيلها؛ الدور هو {role}.",
        "É do proprietário, dos administradores e, com equipes, dos líderes; o papel é {role}.",
    ),
    "explain_ways": (
        "Any one of these opens it: {names}.",
        "Se llega por cualquiera de: {names}.",
        "On y arrive par l’un de : {names}.",
        "يُوصل إليه بأي من: {names}.",
        "Chega-se por qualquer um de: {names}.",
    ),
    "explain_row_everything": (
        "Admins see every row of the account.",
        "Los administradores alcanzan todas las filas de la cuenta.",
        "Les administrateurs atteignent toutes les lignes du compte.",
        "يصل المشرفون إلى كل صفوف الحساب.",
        "Os administradores alcançam todas as linhas da conta.",
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
        "No está asignada a nadie: con equipos, solo la alcanzan el dueño y los administradores.",
        (
            "Elle n’est affectée à personne : avec des équipes, seuls le propriétaire et les "
            "administrateurs l’atteignent."
        ),
        "غير مُسند إلى أحد: عند تفعيل الفرق لا يصل إليه إلا المالك والمشرفون.",
        "Não está atribuída a ninguém: com equipes, só o proprietário e os administradores a alcançam.",
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
        "Faire finir l’accès plus tard.",
        "تأجيل نهاية الوصول.",
        "Fazer o acesso terminar mais tarde.",
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
        "Dar un perfil que tenga «{grant}», o añadirlo a este.",
        "Donner un profil qui a « {grant} », ou l’ajouter à celui-ci.",
        "منح ملف يتضمن «{grant}»، أو إضافته إلى هذا الملف.",
        "Dar um perfil que tenha “{grant}”, ou incluí-lo neste.",
    ),
    "change_remove_grant": (
        "Assign a profile without “{grant}”, or remove it from this one.",
        "Dar un perfil sin «{grant}», o quitarlo de este.",
        "Donner un profil sans « {grant} », ou l’ôter de celui-ci.",
        "منح ملف بلا «{grant}»، أو إزالته من هذا الملف.",
        "Dar um perfil sem “{grant}”, ou retirá-lo deste.",
    ),
    "change_change_role": (
        "Change the role to {role}.",
        "Dar el rol {role}.",
        "Donner le rôle {role}.",
        "منح الدور {role}.",
        "Dar o papel {role}.",
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
        "Faire entrer la personne dans l’équipe « {team} ».",
        "ضم الشخص إلى الفريق «{team}».",
        "Incluir a pessoa na equipe “{team}”.",
    ),
    "change_leave_team": (
        "Remove the person from the team “{team}”.",
        "Sacar a la persona del equipo «{team}».",
        "Faire sortir la personne de l’équipe « {team} ».",
        "إخراج الشخص من الفريق «{team}».",
        "Retirar a pessoa da equipe “{team}”.",
    ),
    "change_lead_team": (
        "Let the person lead the team “{team}”.",
        "Hacer que la persona dirija el equipo «{team}».",
        "Faire diriger l’équipe « {team} » par la personne.",
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
        "Laisser aux membres de l’équipe « {team} » leurs seules lignes.",
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
        "Laisser aux utilisateurs leurs seules lignes.",
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
