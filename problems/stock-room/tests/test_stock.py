import pytest

from shop.errors import OutOfStock
from shop.goods import Batch
from shop.stock import Stock


def test_an_empty_stock_has_nothing():
    assert Stock().count("milk") == 0


@pytest.mark.parametrize(
    ("item", "day", "expected"),
    [("milk", 0, 6), ("milk", 3, 6), ("milk", 4, 2), ("milk", 6, 0), ("bread", 1, 3), ("eggs", 0, 0)],
)
def test_it_counts_what_is_good(stock, item, day, expected):
    assert stock.count(item, day) == expected


class TestSelling:
    @pytest.mark.parametrize(("pieces", "cost"), [(1, 150), (4, 600), (5, 700), (6, 800)])
    def test_what_goes_bad_first_is_sold_first(self, stock, pieces, cost):
        assert stock.sell("milk", pieces, day=1) == cost
        assert stock.count("milk", day=1) == 6 - pieces

    def test_what_is_no_longer_good_is_not_sold(self, stock):
        assert stock.sell("milk", 2, day=4) == 200

    def test_too_much_is_refused(self, stock):
        with pytest.raises(OutOfStock) as refused:
            stock.sell("milk", 9)
        assert (refused.value.item, refused.value.missing) == ("milk", 3)

    def test_a_sale_is_logged(self, stock, log):
        stock.sell("bread", 2)
        assert log.read_text() == "bread\t2\t640\n"


def test_expiring_throws_away_what_is_bad(stock):
    assert stock.expire(4) == 7
    assert stock.count("milk") == 2


def test_batches_may_come_in_any_order():
    stock = Stock()
    for day in (4, 1, 3, 2):
        stock.add(Batch("eggs", 1, price=day, day=day))
    assert [stock.sell("eggs", 1) for _ in range(4)] == [1, 2, 3, 4]
