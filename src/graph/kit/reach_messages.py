"""Why someone sees certain rows: English, Spanish, French, Arabic, Portuguese."""

WORDS = {
    "reach_own": (
        "You see the rows that are assigned to you.",
        "Ves las filas que tienes asignadas.",
        "Vous voyez les lignes qui vous sont affectées.",
        "ترى الصفوف المسندة إليك.",
        "Você vê as linhas atribuídas a você.",
    ),
    "reach_team": (
        "You lead a team: you see its members’ rows and your own.",
        "Diriges un equipo: ves las filas de sus miembros y las tuyas.",
        "Vous dirigez une équipe : vous voyez les lignes de ses membres et les vôtres.",
        "أنت تقود فريقًا: ترى صفوف أعضائه وصفوفك.",
        "Você lidera uma equipe: vê as linhas dos membros e as suas.",
    ),
    "reach_shared": (
        "Your team shares its rows: you see its members’ rows and your own.",
        "Tu equipo comparte sus filas: ves las de sus miembros y las tuyas.",
        "Votre équipe partage ses lignes : vous voyez celles de ses membres et les vôtres.",
        "يتشارك فريقك صفوفه: ترى صفوف أعضائه وصفوفك.",
        "Sua equipe compartilha as linhas: você vê as dos membros e as suas.",
    ),
    "reach_owner": (
        "You own the account, so you see all of its rows.",
        "La cuenta es tuya: ves todas sus filas.",
        "Le compte vous appartient : vous en voyez toutes les lignes.",
        "أنت مالك الحساب، لذلك ترى جميع صفوفه.",
        "A conta é sua: você vê todas as linhas.",
    ),
    "reach_admin": (
        "You are an admin, so you see all rows of the account.",
        "Administras la cuenta: ves todas sus filas.",
        "Vous administrez le compte : vous en voyez toutes les lignes.",
        "أنت مشرف، لذلك ترى جميع صفوف الحساب.",
        "Você administra a conta: vê todas as linhas.",
    ),
    "reach_account": (
        "The account shares its rows with everyone while teams are off.",
        "Sin equipos activos, la cuenta comparte sus filas con todos.",
        "Sans équipes actives, le compte partage ses lignes avec tous.",
        "يتشارك الحساب صفوفه مع الجميع ما دامت الفرق متوقفة.",
        "Sem equipes ativas, a conta compartilha as linhas com todos.",
    ),
}
