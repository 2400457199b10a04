import pytest

from shop.goods import Batch
from shop.stock import Stock


@pytest.fixture
def log(tmp_path):
    """The path of a log that does not exist yet."""
    return tmp_path / "sales.tsv"


@pytest.fixture
def stock(log):
    """Milk in two batches and one batch of bread."""
    stock = Stock(log)
    stock.add(Batch("milk", 2, price=100, day=5))
    stock.add(Batch("milk", 4, price=150, day=3))
    stock.add(Batch("bread", 3, price=320, day=1))
    return stock
