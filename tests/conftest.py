"""The invented states of the tests, so that no test can be mistaken for a report; time for each test; failures."""

import pytest
from hypothesis import HealthCheck, settings

from contactline import shards
from contactline.reading import actorbook

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

INVENTED = (
    {"iso3": "ARN", "name": "Arnor", "names": "Arnor", "demonyms": "Arnorian|Arnorians", "seats": "Annuminas"},
    {"iso3": "GON", "name": "Gondor", "names": "Gondor", "demonyms": "Gondorian|Gondorians", "seats": "Minas Tirith"},
)

_listed = actorbook._rows


def _with_invented(name):
    yield from _listed(name)
    if name == "states.csv":
        yield from INVENTED


actorbook._rows = _with_invented


@pytest.fixture
def coder_fails(monkeypatch):
    """Make the coder fail with an error on the article of a key."""

    def fails_on(article_id, error):
        coded = shards.coding.mentions

        def failing(reading):
            if reading.article.article_id == article_id:
                raise error
            return coded(reading)

        monkeypatch.setattr(shards.coding, "mentions", failing)

    return fails_on
