"""The invented states of the tests, so that no test can be mistaken for a report."""

from contactline.reading import actorbook

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
