"""What `receipts` adds to the API."""

from graph.commerce.receipts.account import ReceiptsOfAccount
from graph.commerce.receipts.mutations import ReceiptMutations
from graph.kit.noun import Noun

WORDS = {
    "footer_length": (
        "The footer of receipts has at most {most} characters.",
        "El pie de los recibos tiene como máximo {most} caracteres.",
        "Le pied des reçus compte au plus {most} caractères.",
        "يتكون تذييل الإيصالات من {most} حرف على الأكثر.",
        "O rodapé dos recibos tem no máximo {most} caracteres.",
    ),
}

NOUN = Noun(account=ReceiptsOfAccount, mutations=(ReceiptMutations,), messages=WORDS)
