"""The key of cursors, and what those of the pages of sales are valid for."""

from bench.make_data import ACCOUNT
from engine.rows.connection import cursor_purpose
from engine.rows.cursor import Seal
from engine.rows.select import Order

SECRET = b"a key to measure with, of enough characters"
SEAL = Seal(SECRET)
PURPOSE = cursor_purpose(ACCOUNT, "find_sales", "", "sales", (Order("ordered_at", descending=True),))
