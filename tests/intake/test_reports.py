"""Hotmart's sales reports go in, the older and the newer one, however a seller's spreadsheet wrote them."""

import csv
import datetime
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from intake_state import account, rows
from openpyxl import Workbook
from payloads import unwatched, webhook

from intake.files import workbook
from intake.files.history import Summary, import_files

Write = Callable[[str, Any], Path]
# what a report says happened as of its fetching
JULY = 1_782_000_000_000


def columns(text: str) -> list[str]:
    return text.split(";")


OLD = columns(
    "Nome do Produto;Nome do Produtor;Documento do Produtor;Nome do Afiliado;Transação;Meio de Pagamento;"
    "Origem;Moeda;Preço do Produto;Moeda;Preço da Oferta;Taxa de Câmbio;Moeda;Preço Original;"
    "Número da Parcela;Recorrência;Data de Venda;Data de Confirmação;Status;Nome;Documento;Email;DDD;"
    "Telefone;CEP;Cidade;Estado;Bairro;País;Endereço;Número;Complemento;chave;Código do Produto;"
    "Código da Afiliação;Código de Oferta;Origem de Checkout;Tipo de Pagamento;Período Grátis;"
    "Tem co-produção;Venda feita como;Preço Total;Tipo pagamento oferta;Taxa de Câmbio Real;"
    "Preço Total Convertido;Quantidade de itens;Oferta de Upgrade;Cupom;Moeda;"
    "Valor que você recebeu convertido;Taxa de Câmbio do valor recebido;Data Vencimento;Instagram;"
    "Origem da venda;Moeda de recebimento;Faturamento líquido;Código do assinante;Nota Fiscal;"
    "Valor do frete bruto"
)
NEW = columns(
    "Código da transação;Status da transação;Data da transação;Confirmação do pagamento;Produtor(a);"
    "Código do produto;Produto;Código do preço;Nome deste preço;Taxa de conversão (moeda de compra);"
    "Moeda de compra;Valor de compra com impostos;Impostos locais de compra + Taxa de parcelamento;"
    "Valor de compra sem impostos;Taxa de conversão (moeda de recebimento);Moeda de recebimento;"
    "Faturamento bruto (sem impostos);Faturamento líquido;Venda feita como;"
    "Faturamento líquido do(a) Produtor(a);Comissão do(a) Afiliado(a);Faturamento do(a) Coprodutor(a);"
    "Moeda das taxas;Taxa de processamento;Taxa de streaming;Outras taxas;Nome do(a) Afiliado(a);"
    "Canal usado para venda;Código SRC;Código SCK;Método de pagamento;Tipo de cobrança;"
    "Quantidade total de parcelas;Quantidade de cobranças;Data de vencimento (vouchers);Código de cupom;"
    "Período gratuito (trial);Quantidade de itens;Comprador(a);Email do(a) Comprador(a);País;Telefone;"
    "Documento;Código postal;Cidade;Estado / Província;Endereço;Bairro;Número;Complemento;Instagram;"
    "Código do assinante;Tax Solutions;Tax Collected;Tax Jurisdiction;Ferramenta de venda;"
    "Transação do Produto Principal;Tipo da antecipação de assinatura;Motivo de Recusa de Cartão;"
    "Imposto sobre Serviço Hotmart;Impostos locais;Taxa de parcelamento;Valor do frete bruto"
)
SPANISH = columns(
    "Código de la transacción;Estatus de la transacción;Fecha de la transacción;Confirmación del pago;"
    "Código del producto;Producto;Código del precio;Nombre de este precio;Moneda de compra;"
    "Valor de compra sin impuestos;Método de pago;Cantidad total de cuotas;Comprador(a);"
    "Email del Comprador(a);País;Teléfono;Documento"
)
ENGLISH = columns(
    "Transaction code;Transaction status;Transaction date;Payment confirmation;Product code;Product;"
    "Purchase currency;Purchase value without taxes;Payment method;Buyer;Buyer email;Country"
)


def old_row(**changed: Any) -> dict[str, Any]:
    row = {
        "Nome do Produto": "Aquarela; do zero",
        "Nome do Produtor": "Estúdio Prado",
        "Nome do Afiliado": "Bia Reis",
        "Transação": "HP0000000001",
        "Meio de Pagamento": "HotPay",
        "Origem": "spring",
        "Preço do Produto": "1.047,00",
        "Preço da Oferta": "521,02",
        "Número da Parcela": "12",
        "Data de Venda": "20/09/2025 06:42:57",
        "Data de Confirmação": "20/09/2025 06:44:43",
        "Status": "Completo",
        "Nome": 'Ana "Aninha" Prado',
        "Documento": "00000000191",
        "Email": "ana@example.com",
        "DDD": "11",
        "Telefone": "900000001",
        "CEP": "01234-567",
        "Cidade": "São Paulo",
        "Estado": "SP",
        "Bairro": "Centro",
        "País": "Brasil",
        "Endereço": "Rua A",
        "Número": "100",
        "chave": "0n0g6knqc0aqa",
        "Código do Produto": "3838930",
        "Código da Afiliação": "J90994302D",
        "Código de Oferta": "3bij7bdt",
        "Origem de Checkout": "HOTMART_SITE",
        "Tipo de Pagamento": "Cartão de Crédito",
        "Venda feita como": "Produtor",
        "Preço Total": "1.149,04",
        "Moeda de recebimento": "BRL",
        "Faturamento líquido": "889,72",
    }
    return row | {key.replace("_", " "): value for key, value in changed.items()}


def new_row(**changed: Any) -> dict[str, Any]:
    row = {
        "Código da transação": "HP0000000002",
        "Status da transação": "Aprovado",
        "Data da transação": "05/04/2026 23:30:00",
        "Confirmação do pagamento": "05/04/2026 23:31:02",
        "Produtor(a)": "Estúdio Prado",
        "Código do produto": "4200001",
        "Produto": "Watercolours",
        "Código do preço": "offer-n",
        "Nome deste preço": "Lançamento",
        "Moeda de compra": "EUR",
        "Valor de compra com impostos": "59.90",
        "Valor de compra sem impostos": "49.90",
        "Moeda de recebimento": "BRL",
        "Faturamento bruto (sem impostos)": "310.00",
        "Faturamento líquido": "150.00",
        "Venda feita como": "Produtor(a)",
        "Faturamento líquido do(a) Produtor(a)": "150.00",
        "Comissão do(a) Afiliado(a)": "100.00",
        "Faturamento do(a) Coprodutor(a)": "0.00",
        "Moeda das taxas": "BRL",
        "Taxa de processamento": "30.10",
        "Taxa de streaming": "2.49",
        "Outras taxas": "(none)",
        "Nome do(a) Afiliado(a)": "Bia Reis",
        "Código SRC": "autumn",
        "Código SCK": "ad-17",
        "Método de pagamento": "Pix",
        "Quantidade total de parcelas": "1",
        "Quantidade de cobranças": "2",
        "Comprador(a)": "João Água",
        "Email do(a) Comprador(a)": "joao@example.com",
        "País": "Portugal",
        "Telefone": "(none)",
        "Código do assinante": "SUB1",
        "Motivo de Recusa de Cartão": "(none)",
    }
    return row | changed


def cells_of(titles: Sequence[str], row: dict[str, Any]) -> list[Any]:
    """A row under its header; each of the older report's unnamed currencies is the real."""
    return [
        row.get(title, "BRL" if title == "Moeda" and "Preço Original" not in row else "") for title in titles
    ]


def table(titles: Sequence[str], *found: dict[str, Any], delimiter: str = ";") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerows([titles, *(cells_of(titles, row) for row in found)])
    return text.getvalue()


def sheet(titles: Sequence[Any], *found: Sequence[Any]) -> bytes:
    book = Workbook()
    for row in [titles, *found]:
        book.active.append([None if cell == "" else cell for cell in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def imported(path: Path, **changed: Any) -> tuple[dict[str, Any], Summary]:
    seller = await account(**changed)
    return seller, await import_files(seller["id"], [path], unwatched, as_of=JULY)


OLD_SALE = {
    "reference": "HP0000000001",
    "status": "COMPLETE",
    "price": 104_700,
    "currency": "BRL",
    "full_price": 114_904,
    "full_currency": "BRL",
    "net": 88_972,
    "net_currency": "BRL",
    "payment_method": "CREDIT_CARD",
    "instalments": 12,
    "buyer_name": 'Ana "Aninha" Prado',
    "buyer_email": "ana@example.com",
    "buyer_document": "00000000191",
    "buyer_country": "BR",
    "origin_src": "spring",
    "checkout_origin": "HOTMART_SITE",
    "affiliate_name": "Bia Reis",
    "affiliate_code": "J90994302D",
    "ordered_at": 1_758_361_377_000,
    "approved_at": 1_758_361_483_000,
}
NEW_SALE = {
    "reference": "HP0000000002",
    "status": "APPROVED",
    "price": 4_990,
    "currency": "EUR",
    "full_price": 5_990,
    "full_currency": "EUR",
    "net": 15_000,
    "net_currency": "BRL",
    "payment_method": "PIX",
    "instalments": 1,
    "buyer_name": "João Água",
    "buyer_email": "joao@example.com",
    "buyer_phone": None,
    "buyer_country": "PT",
    "origin_src": "autumn",
    "origin_sck": "ad-17",
    "affiliate_name": "Bia Reis",
    "subscription_code": "SUB1",
    "recurrence": 2,
    "ordered_at": 1_775_442_600_000,
    "approved_at": 1_775_442_662_000,
}


async def assert_sale(seller: dict[str, Any], expected: dict[str, Any]) -> None:
    (sale,) = await rows(seller, "sales")
    assert {key: sale[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ";"), ("utf-8-sig", ","), ("cp1252", ";"), ("latin-1", "\t"), ("utf-16", "\t")],
)
async def test_the_older_report_goes_in_however_it_was_saved(
    database_url: str, file: Write, encoding: str, delimiter: str
) -> None:
    assert len(OLD) == 59
    path = file("sales.csv", table(OLD, old_row(), delimiter=delimiter).encode(encoding))

    seller, summary = await imported(path, timezone="America/Sao_Paulo")

    assert (summary.sales, summary.malformed) == (1, 0)
    await assert_sale(seller, OLD_SALE)
    (event,) = await rows(seller, "sale_events")
    assert (event["source"], event["happened_at"]) == ("REST", JULY)
    (product,) = await rows(seller, "products")
    assert (product["reference"], product["name"]) == ("3838930", "Aquarela; do zero")
    (offer,) = await rows(seller, "offers")
    assert (offer["code"], offer["price"]) == ("3bij7bdt", None)


async def test_the_newer_report_goes_in(database_url: str, file: Write) -> None:
    path = file("sales.csv.gz", gzip.compress(table(NEW, new_row()).encode()))

    seller, summary = await imported(path, timezone="America/Sao_Paulo")

    assert (summary.sales, summary.malformed) == (1, 0)
    await assert_sale(seller, NEW_SALE)
    shares = {(row["source"], row["amount"], row["currency"]) for row in await rows(seller, "commissions")}
    assert shares == {
        ("PRODUCER", 15_000, "BRL"),
        ("AFFILIATE", 10_000, "BRL"),
        ("MARKETPLACE", 3_259, "BRL"),
    }


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
async def test_a_workbook_goes_in_as_its_text_does(
    database_url: str, file: Write, pack: Callable[[bytes], bytes]
) -> None:
    row = new_row() | {
        "Data da transação": datetime.datetime(2026, 4, 5, 23, 30),  # noqa: DTZ001
        "Valor de compra com impostos": 59.9,
        "Valor de compra sem impostos": 49.9,
        "Faturamento líquido do(a) Produtor(a)": 150,
        "Código do produto": 4_200_001,
        "Quantidade total de parcelas": 1.0,
    }
    path = file("sales.xlsx", pack(sheet(NEW, cells_of(NEW, row))))

    seller, summary = await imported(path, timezone="America/Sao_Paulo")

    assert (summary.sales, summary.malformed) == (1, 0), summary.faults
    await assert_sale(seller, NEW_SALE)


@pytest.mark.parametrize(
    ("titles", "row", "status"),
    [
        (
            SPANISH,
            {
                "Código de la transacción": "HP3",
                "Estatus de la transacción": "Reembolsado",
                "Fecha de la transacción": "01/02/2026 10:00:00",
                "Código del producto": "1",
                "Producto": "Acuarela",
                "Moneda de compra": "EUR",
                "Valor de compra sin impuestos": "1.234,50",
                "Método de pago": "Tarjeta de crédito",
                "Comprador(a)": "Ana Prado",
                "País": "España",
            },
            "REFUNDED",
        ),
        (
            ENGLISH,
            {
                "Transaction code": "HP3",
                "Transaction status": "Refunded",
                "Transaction date": "2026-02-01 10:00:00",
                "Product code": "1",
                "Product": "Acuarela",
                "Purchase currency": "EUR",
                "Purchase value without taxes": "1,234.50",
                "Payment method": "Credit card",
                "Buyer": "Ana Prado",
                "Country": "Spain",
            },
            "REFUNDED",
        ),
    ],
)
async def test_a_report_goes_in_in_each_of_its_languages(
    database_url: str, file: Write, titles: Sequence[str], row: dict[str, Any], status: str
) -> None:
    seller, summary = await imported(
        file("ventas.csv", table(titles, row).encode()), timezone="Europe/Madrid"
    )

    assert (summary.sales, summary.malformed) == (1, 0), summary.faults
    await assert_sale(
        seller,
        {
            "reference": "HP3",
            "status": status,
            "price": 123_450,
            "currency": "EUR",
            "payment_method": "CREDIT_CARD",
            "buyer_name": "Ana Prado",
            "buyer_country": "ES",
            "ordered_at": 1_769_936_400_000,
        },
    )


async def test_a_report_overtakes_the_webhooks_before_it(database_url: str, file: Write) -> None:
    seller = await account()
    path = file("sale.json", webhook(purchase__transaction="HP0000000002"))
    refunded = new_row() | {"Status da transação": "Reembolsado"}
    report = file("sales.csv", table(NEW, refunded).encode())

    await import_files(seller["id"], [report, path], unwatched, as_of=JULY)

    await assert_sale(seller, {"status": "REFUNDED", "buyer_name": "João Água"})


async def test_a_row_that_is_wrong_is_named_and_stops_nothing(database_url: str, file: Write) -> None:
    wrong = [
        new_row() | {"Código da transação": "HP1", "Status da transação": "Perdido"},
        new_row() | {"Código da transação": "HP2", "Data da transação": "31/02/2026"},
        new_row() | {"Código da transação": "HP3", "Valor de compra sem impostos": "caro"},
        new_row() | {"Código da transação": ""},
    ]
    good = new_row() | {"Código da transação": "HP5", "Comprador(a)": "of two\nlines"}
    text = table(NEW, *wrong, good) + "\r\n;;;\r\n" + table(NEW, new_row()).splitlines()[1] + "\r\n"
    path = file("sales.csv", text.encode())

    seller, summary = await imported(path)

    assert (summary.sales, summary.malformed) == (2, 4)
    assert [fault.place for fault in summary.faults] == ["row 2", "row 3", "row 4", "row 5"]
    result = " ".join(fault.reason for fault in summary.faults)
    for reason in (
        "status",
        "Data da transação is not a date",
        "Valor de compra sem impostos is not",
        "transaction",
    ):
        assert reason in result
    assert {sale["reference"] for sale in await rows(seller, "sales")} == {"HP5", "HP0000000002"}


async def test_the_same_report_again_changes_nothing(database_url: str, file: Write) -> None:
    path = file(
        "sales.csv", table(NEW, *(new_row() | {"Código da transação": f"HP{n}"} for n in range(9))).encode()
    )
    seller, first = await imported(path)
    before = [await rows(seller, name) for name in ("sales", "sale_events", "commissions", "intake_events")]

    again = await import_files(seller["id"], [path], unwatched, as_of=JULY)

    assert (first.sales, again.sales, again.known) == (9, 0, 9)
    assert [
        await rows(seller, name) for name in ("sales", "sale_events", "commissions", "intake_events")
    ] == before


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [
        (["1.234,56"], "BRL", 123_456),
        (["1,234.56"], "BRL", 123_456),
        (["R$ 1.234.567,80"], "BRL", 123_456_780),
        (["47"], "BRL", 4_700),
        (["47,5"], "BRL", 4_750),
        (["47.50 BRL"], "BRL", 4_750),
        (["50.000"], "COP", 5_000_000),
        (["50.000"], "CLP", 50_000),
        (["50,000"], "COP", 5_000_000),
        (["0.125"], "BRL", 12),
        (["85.123", "19.90"], "BRL", 8_512),
        (["85.123", "19,90"], "BRL", 8_512_300),
        (["1.234.567"], "BRL", 123_456_700),
    ],
)
async def test_amounts_are_read_as_the_file_means_them(
    database_url: str, file: Write, written: list[str], currency: str, minor: int
) -> None:
    found = [
        new_row()
        | {name: "" for name in NEW if name.startswith(("Fatur", "Taxa", "Comissão", "Valor", "Outras"))}
        | {
            "Código da transação": f"HP{number}",
            "Moeda de recebimento": currency,
            "Faturamento líquido do(a) Produtor(a)": text,
            "Valor de compra sem impostos": "1" if number == 0 else text,
        }
        for number, text in enumerate(written)
    ]

    seller, summary = await imported(file("sales.csv", table(NEW, *found).encode()))

    assert summary.malformed == 0, summary.faults
    nets = {sale["reference"]: sale["net"] for sale in await rows(seller, "sales")}
    assert nets["HP0"] == minor


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        (["05/04/2026"], 1_775_358_000_000),
        (["05/04/2026 23:30"], 1_775_442_600_000),
        (["5/4/26 23:30:00"], 1_775_442_600_000),
        (["2026-04-05T23:30:00-03:00"], 1_775_442_600_000),
        (["2026-04-06 02:30:00+00:00"], 1_775_442_600_000),
        (["04/05/2026 11:30 PM"], 1_775_442_600_000),
        (["04/05/2026 23:30:00", "04/28/2026 10:00:00"], 1_775_442_600_000),
    ],
)
async def test_dates_are_read_as_the_file_means_them(
    database_url: str, file: Write, written: list[str], milliseconds: int
) -> None:
    found = [
        new_row()
        | {"Código da transação": f"HP{n}", "Data da transação": text, "Confirmação do pagamento": ""}
        for n, text in enumerate(written)
    ]
    path = file("sales.csv", table(NEW, *found).encode())

    seller, summary = await imported(path, timezone="America/Sao_Paulo")

    assert summary.malformed == 0, summary.faults
    dates = {sale["reference"]: sale["ordered_at"] for sale in await rows(seller, "sales")}
    assert dates["HP0"] == milliseconds


async def test_a_sale_made_as_an_affiliate_pays_no_producer(database_url: str, file: Write) -> None:
    path = file("sales.csv", table(OLD, old_row(Venda_feita_como="Afiliado")).encode())

    seller, _ = await imported(path)

    await assert_sale(seller, {"net": None})
    (share,) = await rows(seller, "commissions")
    assert (share["source"], share["amount"]) == ("AFFILIATE", 88_972)


def archive(**parts: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(name, content)
    return written.getvalue()


async def test_a_workbook_that_would_burst_is_refused(
    database_url: str, file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LARGEST", 1_000_000)
    bomb = archive(**{"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 2_000_000})

    _, summary = await imported(file("bomb.xlsx", bomb))

    assert [fault.reason[:26] for fault in summary.faults] == ["The workbook is too large:"]


async def test_a_workbook_whose_rows_have_endless_numbers_is_refused(
    database_url: str, file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 1_000)
    source = sheet(NEW, cells_of(NEW, new_row()))

    def with_row(number: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(source)) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        name = "xl/worksheets/sheet1.xml"
        parts[name] = re.sub(
            rb'<dimension [^>]*>|(?<= r="[A-Z])2(?=")|(?<= r="[A-Z]{2})2(?=")',
            lambda found: b"" if found[0] != b"2" else number,
            parts[name],
        )
        parts[name] = parts[name].replace(b'<row r="2"', b'<row r="' + number + b'"')
        return archive(**parts)

    _, near = await imported(file("near.xlsx", with_row(b"900")))
    _, far = await imported(file("far.xlsx", with_row(b"99999999999")))

    assert (near.sales, near.faults) == (1, [])
    assert [fault.reason[:26] for fault in far.faults] == ["The workbook is too large:"]


async def test_an_amount_without_an_end_is_no_amount(database_url: str, file: Write) -> None:
    source = sheet(NEW, cells_of(NEW, new_row() | {"Valor de compra com impostos": 777.25}))
    with zipfile.ZipFile(io.BytesIO(source)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheets = "xl/worksheets/sheet1.xml"
    assert b"777.25" in parts[sheets]
    parts[sheets] = parts[sheets].replace(b"777.25", b"1e999")

    _, summary = await imported(file("endless.xlsx", archive(**parts)))

    assert [fault.reason for fault in summary.faults] == ["Valor de compra com impostos is not an amount."]


async def test_a_workbook_with_entities_is_refused(database_url: str, file: Write) -> None:
    source = sheet(NEW, cells_of(NEW, new_row()))
    with zipfile.ZipFile(io.BytesIO(source)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/workbook.xml"] = (
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts["xl/workbook.xml"].split(b"?>")[-1]
    )

    _, summary = await imported(file("entities.xlsx", archive(**parts)))

    assert [fault.reason for fault in summary.faults] == ["The workbook cannot be read."]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (archive(**{"a.csv": b"x"}), "The archive holds no workbook"),
        (sheet(["a", "b"], ["1", "2"]), "not the header of a sales report"),
        (sheet(["Produto", "Telefone", "Documento", "Status"]), "no column Código da transação"),
    ],
)
async def test_a_workbook_that_is_no_report_is_refused(
    database_url: str, file: Write, content: bytes, reason: str
) -> None:
    _, summary = await imported(file("other.xlsx", content))

    assert [reason in fault.reason for fault in summary.faults] == [True]
