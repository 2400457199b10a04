import pytest

from shop.errors import OutOfStock
from shop.goods import Batch
from shop.stock import Stock


@pytest.fixture(params=[1, 7, 40])
def twins(request):
    """Two batches with the same day, of different prices."""
    stock = Stock()
    stock.add(Batch("tea", request.param, price=5, day=2))
    stock.add(Batch("tea", request.param, price=3, day=2))
    return stock, request.param


def test_of_equal_days_the_first_in_is_the_first_out(twins):
    stock, pieces = twins
    assert stock.sell("tea", pieces) == 5 * pieces
    assert stock.sell("tea", pieces) == 3 * pieces


def test_a_refused_sale_changes_nothing(stock, log):
    with pytest.raises(OutOfStock):
        stock.sell("milk", 7)
    assert stock.count("milk") == 6
    assert not log.exists() or log.read_text() == ""
    assert stock.sell("milk", 6) == 800


@pytest.mark.parametrize("pieces", [0, -1, -20])
def test_less_than_one_piece_cannot_be_sold(stock, pieces):
    with pytest.raises(ValueError):
        stock.sell("milk", pieces)
    assert stock.count("milk") == 6


def test_every_sale_adds_a_line(stock, log):
    stock.sell("milk", 3)
    stock.sell("bread", 1)
    assert log.read_text().splitlines() == ["milk\t3\t450", "bread\t1\t320"]


def test_expiring_leaves_what_is_good_on_that_day(stock):
    assert stock.expire(3) == 3
    assert stock.expire(3) == 0
    assert stock.count("milk", 3) == 6


def test_a_bad_batch_is_no_obstacle_to_a_sale(stock):
    assert stock.sell("milk", 1, day=5) == 100
    assert stock.count("milk", 0) == 5


def test_many_batches_and_sales():
    stock = Stock()
    for day in range(20_000, 0, -1):
        stock.add(Batch("nails", 1, price=day, day=day))
    assert sum(stock.sell("nails", 1) for _ in range(20_000)) == sum(range(1, 20_001))


def test_log_may_be_left_out():
    stock = Stock()
    stock.add(Batch("tea", 1, price=5, day=2))
    assert stock.sell("tea", 1) == 5
