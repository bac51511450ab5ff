"""What e-mails say in Portuguese."""

from typing import Any

FOOTER = "Esta mensagem foi enviada por {host}. Se você não a esperava, pode ignorá-la."
TEXTS: dict[str, tuple[Any, ...]] = {
    "verify_email": (
        "Confirme seu endereço de e-mail",
        ("Olá,", "confirme que este endereço é seu. O link vale por 48 horas."),
        "Confirmar meu endereço",
    ),
    "already_registered": (
        "Você já está cadastrado",
        (
            "Olá,",
            "alguém, talvez você, tentou se cadastrar com este endereço. Você já é usuário: basta entrar.",
            "Se esqueceu sua senha, peça uma nova.",
        ),
        "Entrar",
    ),
    "reset_password": (
        "Escolha uma nova senha",
        (
            "Olá,",
            "alguém, talvez você, pediu uma nova senha. O link serve uma vez, e por pouco tempo.",
            "Se não foi você, não faça nada: sua senha continua a mesma.",
        ),
        "Escolher uma senha",
    ),
    "password_changed": (
        "Sua senha foi alterada",
        (
            "Olá,",
            "sua senha acaba de ser alterada, e suas outras sessões foram encerradas.",
            "Se não foi você, peça imediatamente uma nova senha.",
        ),
    ),
    "invitation": (
        "{inviter} convida você para {account}",
        (
            "Olá, {name},",
            "{inviter} convida você para trabalhar na central de colaboradores de {account}.",
            "O link vale por sete dias, e só para este endereço.",
        ),
        "Ver o convite",
    ),
    "invitation_to_newcomer": (
        "Convite para {account}",
        (
            "Olá,",
            "Você foi convidado a trabalhar na central de colaboradores de {account}.",
            "O link vale por sete dias, e só para este endereço.",
        ),
        "Ver o convite",
    ),
    "invitation_declined": (
        "{invited} recusou seu convite",
        ("Olá, {name},", "{invited} recusou seu convite para trabalhar em {account}."),
    ),
    "collaborator_removed": (
        "Você não trabalha mais em {account}",
        ("Olá, {name},", "seu lugar na central de colaboradores de {account} foi encerrado."),
    ),
    "transfer_offered": (
        "{owner} oferece a você a conta {account}",
        (
            "Olá, {name},",
            "{owner} quer transferir a conta {account} para você. A partir daí, você seria o proprietário.",
            "Entre para aceitar ou recusar. A oferta vale por sete dias.",
        ),
        "Entrar",
    ),
    "transfer_accepted": (
        "A conta {account} tem um novo proprietário",
        ("Olá, {name},", "a transferência da conta {account} foi concluída. Agora ela é de {owner}."),
    ),
    "account_closed": (
        "A conta {account} foi encerrada",
        (
            "Olá, {name},",
            "a conta {account} foi encerrada. A partir de agora, só você pode entrar nela.",
            "Você ainda pode exportar os dados ou reabri-la.",
        ),
    ),
    "account_reopened": (
        "A conta {account} está aberta de novo",
        ("Olá, {name},", "a conta {account} foi reaberta, com todos os que trabalhavam nela."),
    ),
    "buyer_email_changed": (
        "Um comprador de {account} tem um novo e-mail",
        (
            "Olá, {name},",
            "{by} alterou o e-mail do comprador da venda {reference}.",
            "Era {before} e agora é {after}.",
        ),
    ),
    "buyer_email_moved": (
        "O e-mail da sua compra foi alterado",
        (
            "Olá,",
            "sua compra {reference} em {account} tem agora outro e-mail.",
            "Se você não pediu isso, avise o vendedor.",
        ),
    ),
}
