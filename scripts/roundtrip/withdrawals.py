"""Withdrawals: a page takes a promise back, for some models, artifacts, apis or versions."""

import typing


class Withdrawal(typing.NamedTuple):
    """What a page takes back. It takes it back for everything that the conditions do not leave out."""

    facets: tuple
    link: str  # of the page that says so
    trait: str = None  # only for models with this trait
    layouts: tuple = ()  # only for artifacts of these layouts (LAYOUT of the formats)
    apis: tuple = ()  # only in these apis
    keras: str = ""  # only in this range of versions of Keras
    elsewhere: bool = False  # only where the artifact is read in another environment than it was written in

    def is_said_in(self, api, contains):
        """Whether the page speaks of this api; ``contains(range)`` says whether its Keras is in a range."""
        return (not self.apis or api in self.apis) and contains(self.keras)

    def concerns(self, traits, layout, crossing):
        """Whether the page speaks of such a model, in such an artifact, on such a way (host.select.pairs.crossing)."""
        spoken_of = (
            self.trait is None or self.trait in traits,
            not self.layouts or layout in self.layouts,
            not self.elsewhere or crossing != "same",
        )
        return all(spoken_of)
