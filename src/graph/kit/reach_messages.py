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
    "customers_own": (
        "You see the buyers of the sales that are credited to you.",
        "Ves a quienes compraron en las ventas que se te atribuyen.",
        "Vous voyez les acheteurs des ventes qui vous sont créditées.",
        "ترى مشتري المبيعات المحتسبة لك.",
        "Você vê quem comprou nas vendas creditadas a você.",
    ),
    "customers_team": (
        "You lead a team: you see the buyers of its members’ sales and of your own.",
        "Diriges un equipo: ves a quienes compraron en las ventas de sus miembros y en las tuyas.",
        "Vous dirigez une équipe : vous voyez les acheteurs des ventes de ses membres et des vôtres.",
        "أنت تقود فريقًا: ترى مشتري مبيعات أعضائه ومبيعاتك.",
        "Você lidera uma equipe: vê quem comprou nas vendas dos membros e nas suas.",
    ),
    "customers_owner": (
        "You own the account, so you see all of its customers.",
        "La cuenta es tuya: ves a todos sus clientes.",
        "Le compte vous appartient : vous en voyez tous les clients.",
        "أنت مالك الحساب، لذلك ترى جميع عملائه.",
        "A conta é sua: você vê todos os clientes.",
    ),
    "customers_admin": (
        "You are an admin, so you see all customers of the account.",
        "Administras la cuenta: ves a todos sus clientes.",
        "Vous administrez le compte : vous en voyez tous les clients.",
        "أنت مشرف، لذلك ترى جميع عملاء الحساب.",
        "Você administra a conta: vê todos os clientes.",
    ),
}
