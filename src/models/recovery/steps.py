"""The steps of a pipeline that an account begins with."""

from models import database

_DEFAULT = {
    "en": ("New", "Contacted", "Offer", "Waiting"),
    "es": ("Nueva", "Contactada", "Oferta", "En espera"),
    "fr": ("Nouvelle", "Contactée", "Offre", "En attente"),
    "ar": ("جديدة", "تم التواصل", "عرض", "قيد الانتظار"),
    "pt": ("Nova", "Contatada", "Oferta", "Aguardando"),
}
STEP_COLUMNS = ("id", "account_id", "name", "position")


def default_steps(account_id: str, locale: str) -> list[tuple[str, str, str, int]]:
    """The rows of a new account's steps, in its language."""
    names = _DEFAULT.get(locale, _DEFAULT["en"])
    return [(database.new_id(), account_id, name, position) for position, name in enumerate(names)]


async def first_step(account_id: str) -> str:
    """The id of the step at which opportunities begin. An account without steps gets the usual ones."""
    rows = await database.read(
        "SELECT id FROM pipeline_steps WHERE account_id = ? ORDER BY position LIMIT 1", (account_id,)
    )
    if rows:
        return str(rows[0]["id"])
    accounts = await database.read("SELECT locale FROM accounts WHERE id = ?", (account_id,))
    return await add_default_steps(account_id, accounts[0]["locale"])


async def add_default_steps(account_id: str, locale: str) -> str:
    """Give an account the usual steps. Returns the id of the first one."""
    steps = default_steps(account_id, locale)
    await database.insert_many("pipeline_steps", STEP_COLUMNS, steps)
    return steps[0][0]
