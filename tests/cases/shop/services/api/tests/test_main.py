"""The routes, with the worker replaced by a function."""

import pytest
from fastapi.testclient import TestClient

from shop_api import jobs
from shop_api.main import app

client = TestClient(app)


def test_healthz_needs_no_broker() -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_price_names_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "price", lambda quantity: {"total": f"{quantity}.00", "computed_by": "w1"})
    answer = client.get("/price", params={"quantity": 3})
    assert answer.json() == {"quantity": 3, "total": "3.00", "computed_by": "w1"}


@pytest.mark.parametrize(("error", "status"), [(TimeoutError, 504), (ConnectionError, 503)])
def test_price_without_an_answer(monkeypatch: pytest.MonkeyPatch, error: type[Exception], status: int) -> None:
    def fail(quantity: int) -> jobs.Price:
        raise error

    monkeypatch.setattr(jobs, "price", fail)
    assert client.get("/price", params={"quantity": 3}).status_code == status


def test_price_of_nothing_is_refused() -> None:
    assert client.get("/price", params={"quantity": 0}).status_code == 422
