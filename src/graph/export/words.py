"""What charts and tables of reports say, in five languages."""

import re
from typing import Any

from authz.catalog import LOCALES

_TABLE = """
revenue | Revenue | Ingresos | Revenus | الإيرادات | Receita
revenueByProduct | Revenue by product | Ingresos por producto | Revenus par produit | الإيرادات حسب المنتج | Receita por produto
revenueByProductDetailed | Revenue by product and offer | Ingresos por producto y oferta | Revenus par produit et offre | الإيرادات حسب المنتج والعرض | Receita por produto e oferta
salesByOrigin | Sales by origin | Ventas por origen | Ventes par origine | المبيعات حسب المصدر | Vendas por origem
salesByCheckoutOrigin | Sales by checkout origin | Ventas por origen del checkout | Ventes par origine de la page de paiement | المبيعات حسب مصدر صفحة الدفع | Vendas por origem de checkout
paymentMethods | Payment methods | Formas de pago | Moyens de paiement | طرق الدفع | Formas de pagamento
revenueByDevice | Revenue by device | Ingresos por dispositivo | Revenus par appareil | الإيرادات حسب الجهاز | Receita por dispositivo
revenueByLocation | Revenue by location | Ingresos por ubicación | Revenus par lieu | الإيرادات حسب الموقع | Receita por localização
annualSummary | Annual revenue | Ingresos anuales | Revenus annuels | الإيرادات السنوية | Receita anual
commissions | Commissions | Comisiones | Commissions | العمولات | Comissões
coproductionRevenue | Co-production revenue | Ingresos de coproducción | Revenus de coproduction | إيرادات الإنتاج المشترك | Receita de coprodução
customers | Customers | Clientes | Clients | العملاء | Clientes
selfBilling | Self-billing | Autofacturación | Autofacturation | الفوترة الذاتية | Autofaturamento
earningsAsAffiliate | Earnings as an affiliate | Ganancias como afiliado | Gains d’affilié | الأرباح من التسويق بالعمولة | Ganhos como afiliado
promotedProducts | Promoted products | Productos promocionados | Produits promus | المنتجات المروَّج لها | Produtos divulgados
affiliatePayments | Payments to affiliates | Pagos a afiliados | Paiements aux affiliés | المدفوعات إلى المسوقين بالعمولة | Pagamentos a afiliados
affiliatePerformance | Affiliate performance | Rendimiento de los afiliados | Performance des affiliés | أداء المسوقين بالعمولة | Desempenho dos afiliados
affiliateLeads | Affiliates’ leads | Leads de los afiliados | Prospects des affiliés | عملاء المسوقين المحتملون | Leads dos afiliados
purchaseRecovery | Purchase recovery | Recuperación de compras | Récupération d’achats | استعادة المشتريات | Recuperação de compras
cancellationReasons | Reasons for cancellation | Motivos de cancelación | Motifs d’annulation | أسباب الإلغاء | Motivos de cancelamento
subscriptionCancellations | Subscription cancellations | Cancelaciones de suscripciones | Annulations d’abonnements | إلغاءات الاشتراكات | Cancelamentos de assinaturas
cancelledSubscriptions | Canceled subscriptions | Suscripciones canceladas | Abonnements annulés | الاشتراكات الملغاة | Assinaturas canceladas
cancelledSubscriptionsInDetail | Canceled subscriptions in detail | Suscripciones canceladas en detalle | Abonnements annulés en détail | الاشتراكات الملغاة بالتفصيل | Assinaturas canceladas em detalhe
overdueSubscriptions | Overdue payments | Pagos atrasados | Paiements en retard | الدفعات المتأخرة | Pagamentos em atraso
from | From | Desde | Du | من | De
group | Credited to | Asignado a | Attribué à | منسوبة إلى | Atribuído a
currency | Currency | Moneda | Devise | العملة | Moeda
product | Product | Producto | Produit | المنتج | Produto
offer | Offer | Oferta | Offre | العرض | Oferta
plan | Plan | Plan | Forfait | الخطة | Plano
src | Source (src) | Origen (src) | Source (src) | المصدر (src) | Origem (src)
sck | Source (sck) | Origen (sck) | Source (sck) | المصدر (sck) | Origem (sck)
checkoutOrigin | Checkout | Checkout | Page de paiement | صفحة الدفع | Checkout
paymentMethod | Payment method | Forma de pago | Moyen de paiement | طريقة الدفع | Forma de pagamento
inInstallments | In installments | En cuotas | En plusieurs fois | بالتقسيط | Parcelado
device | Device | Dispositivo | Appareil | الجهاز | Dispositivo
country | Country | País | Pays | البلد | País
state | State | Estado | État | الولاية | Estado
city | City | Ciudad | Ville | المدينة | Cidade
unit | Share of a sale | Parte de una venta | Part d’une vente | حصة البيع | Parte de uma venda
refusal | Reason | Motivo | Motif | السبب | Motivo
source | Recipient | Destinatario | Bénéficiaire | المستفيد | Beneficiário
affiliate | Affiliate | Afiliado | Affilié | المسوّق بالعمولة | Afiliado
coproducer | Co-producer | Coproductor | Coproducteur | المنتج المشارك | Coprodutor
ours | Own share | Parte propia | Part propre | حصتنا | Parte própria
soldAs | Role | Papel | Rôle | الدور | Papel
statement | Statement | Liquidación | Relevé | كشف الحساب | Extrato
revision | Revision | Revisión | Révision | المراجعة | Revisão
revisedAt | Revised at | Revisada el | Révisé le | تاريخ المراجعة | Revisado em
count | Sales | Ventas | Ventes | المبيعات | Vendas
gross | Gross | Bruto | Brut | الإجمالي | Bruto
net | Net | Neto | Net | الصافي | Líquido
unknownNet | Net not known | Neto desconocido | Net inconnu | صافٍ غير معروف | Líquido desconhecido
refunded | Refunded | Reembolsado | Remboursé | المسترد | Reembolsado
disputed | In dispute | En disputa | En litige | قيد النزاع | Em disputa
chargedBack | Charged back | Contracargos | Rétrofacturé | المبالغ المعكوسة | Chargeback
fullGross | Paid by buyers | Pagado por compradores | Payé par les acheteurs | ما دفعه المشترون | Pago pelos compradores
fee | Marketplace’s share | Parte de la plataforma | Part de la plateforme | حصة المنصة | Parte da plataforma
affiliates | Affiliates’ share | Parte de los afiliados | Part des affiliés | حصة المسوقين | Parte dos afiliados
coproducers | Co-producers’ share | Parte de los coproductores | Part des coproducteurs | حصة المنتجين المشاركين | Parte dos coprodutores
addons | Other shares | Otras partes | Autres parts | حصص أخرى | Outras partes
unknownShares | Shares not known | Partes desconocidas | Parts inconnues | حصص غير معروفة | Partes desconhecidas
average | Average price | Precio medio | Prix moyen | متوسط السعر | Preço médio
share | Share | Proporción | Proportion | النسبة | Participação
attempts | Orders | Pedidos | Commandes | الطلبات | Pedidos
approved | Approved | Aprobados | Approuvées | المقبولة | Aprovados
approvalRate | Approval rate | Tasa de aprobación | Taux d’approbation | معدل القبول | Taxa de aprovação
lostRate | Loss rate | Tasa de pérdida | Taux de perte | معدل الخسارة | Taxa de perda
buyers | Buyers | Compradores | Acheteurs | المشترون | Compradores
amount | Amount | Importe | Montant | المبلغ | Valor
received | Received | Recibido | Reçu | المستلم | Recebido
value | Value | Valor | Valeur | القيمة | Valor
recovered | Recovered | Recuperadas | Récupérées | المستعادة | Recuperadas
earned | Earned | Ganado | Gagné | المكتسب | Ganho
unknownAmount | Shares not known | Partes desconocidas | Parts inconnues | حصص غير معروفة | Partes desconhecidas
reversed | Reversed | Revertido | Annulé | المعكوس | Revertido
pending | Pending | Pendiente | En attente | المعلق | Pendente
released | Released | Liberado | Libéré | المتاح | Liberado
opened | Opened | Abiertas | Ouvertes | المفتوحة في الفترة | Abertas
won | Won | Ganadas | Gagnées | المكسوبة | Ganhas
lost | Lost | Perdidas | Perdues | الخاسرة | Perdidas
open | Still open | Aún abiertas | Encore ouvertes | لا تزال مفتوحة | Ainda abertas
recoveryRate | Recovery rate | Tasa de recuperación | Taux de récupération | معدل الاستعادة | Taxa de recuperação
openedValue | Value | Valor | Valeur | القيمة | Valor
recoveredValue | Recovered value | Valor recuperado | Valeur récupérée | القيمة المستعادة | Valor recuperado
hoursToWin | Hours to win | Horas hasta ganar | Heures avant le gain | ساعات حتى الكسب | Horas até ganhar
kind | Kind | Tipo | Type | النوع | Tipo
endedBy | Canceled by | Cancelada por | Annulé par | ألغاه | Cancelada por
activeAtStart | Active at the start | Activas al inicio | Actifs au début | النشطة في البداية | Ativas no início
started | Started | Iniciadas | Commencés | الجديدة | Iniciadas
reactivated | Reactivated | Reactivadas | Réactivés | المُعاد تنشيطها | Reativadas
canceled | Canceled | Canceladas | Annulés | الملغاة | Canceladas
expired | Expired | Vencidas | Expirés | المنتهية | Expiradas
activeAtEnd | Active at the end | Activas al final | Actifs à la fin | النشطة في النهاية | Ativas no fim
churnRate | Churn rate | Tasa de cancelación | Taux d’attrition | معدل الإلغاء | Taxa de cancelamento
recurring | Monthly revenue | Ingresos mensuales | Revenus mensuels | الإيرادات الشهرية | Receita mensal
lostRecurring | Lost monthly revenue | Ingresos mensuales perdidos | Revenus mensuels perdus | الإيرادات الشهرية المفقودة | Receita mensal perdida
inFirstPeriod | In the first period | En el primer período | Dans la première période | في الفترة الأولى | No primeiro período
meanPayments | Mean payments | Pagos en promedio | Paiements en moyenne | متوسط الدفعات | Pagamentos em média
meanDays | Mean days | Días en promedio | Jours en moyenne | متوسط الأيام | Dias em média
others! | Others | Otros | Autres | أخرى | Outros
none! | None | Ninguno | Aucun | لا شيء | Nenhum
empty! | No sales in this period | Sin ventas en este período | Aucune vente sur cette période | لا مبيعات في هذه الفترة | Sem vendas neste período
more! | and {count} more | y {count} más | et {count} de plus | و{count} أخرى | e mais {count}
stop! | Stop these e-mails | Dejar de recibir estos correos | Ne plus recevoir ces e-mails | إيقاف هذه الرسائل | Parar de receber estes e-mails
stop? | Stop the e-mails with this report? | ¿Dejar de recibir los correos con este informe? | Ne plus recevoir les e-mails de ce rapport ? | هل تريد إيقاف رسائل هذا التقرير؟ | Parar de receber os e-mails com este relatório?
stopped! | You will get no more e-mails with this report. | No recibirás más correos con este informe. | Vous ne recevrez plus d’e-mails de ce rapport. | لن تصلك رسائل هذا التقرير بعد الآن. | Você não receberá mais e-mails com este relatório.
marketing? | Stop such e-mails from this seller? | ¿Dejar de recibir estos correos de este vendedor? | Ne plus recevoir de tels e-mails de ce vendeur ? | هل تريد إيقاف مثل هذه الرسائل من هذا البائع؟ | Parar de receber estes e-mails deste vendedor?
ended! | You will get no more such e-mails from this seller. | No recibirás más correos de este tipo de este vendedor. | Vous ne recevrez plus de tels e-mails de ce vendeur. | لن تصلك رسائل كهذه من هذا البائع بعد الآن. | Você não receberá mais e-mails como este deste vendedor.
unknown! | This link is not valid, or was used before. | Este enlace no es válido o ya se usó. | Ce lien n’est pas valable ou a déjà servi. | هذا الرابط غير صالح أو سبق استخدامه. | Este link não é válido ou já foi usado.
period! | {first} to {last} | del {first} al {last} | du {first} au {last} | من {first} إلى {last} | de {first} a {last}
"""  # noqa: E501 - a table
_WORDS = {
    name: dict(zip(LOCALES, texts, strict=True))
    for name, *texts in (map(str.strip, line.split("|")) for line in _TABLE.strip().splitlines())
}
_SEPARATORS: dict[str, Any] = {
    "es": str.maketrans(",.", ".,"),
    "fr": str.maketrans({",": "\u202f", ".": ","}),
    "pt": str.maketrans(",.", ".,"),
}


def word(name: str, locale: str) -> str:
    """What a report, a column or a key is called; in English by its name if there is no better word."""
    found = _WORDS.get(name)
    if found is not None:
        return found.get(locale) or found["en"]
    return re.sub("[A-Z]", lambda capital: f" {capital[0].lower()}", name).capitalize()


def is_translated(name: str) -> bool:
    """Whether a report, a column or a key has a word in every language."""
    return name in _WORDS


def number(value: float, locale: str, decimals: int = 0) -> str:
    """A number as the language writes it."""
    return f"{value:,.{decimals}f}".translate(_SEPARATORS.get(locale, {}))


def percent(value: float, locale: str, decimals: int = 1) -> str:
    """A ratio as a percentage."""
    return f"{number(100 * value, locale, decimals)}%"


def direction(locale: str) -> str:
    """The direction in which the language is written."""
    return "rtl" if locale == "ar" else "ltr"
