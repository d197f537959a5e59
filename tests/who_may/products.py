"""The addresses of the Products room."""

from tests.who_may.rows import Row

PRODUCTS_ROOM: list[Row] = []
