"""Withdrawals: a page withdraws a promise for some models, artifacts, apis or versions."""

import typing


class Withdrawal(typing.NamedTuple):
    """The facets whose promise a page withdraws, and the conditions; without conditions it holds everywhere."""

    facets: tuple
    link: str  # the page that withdraws the promise
    trait: str = None  # only for models with this trait
    layouts: tuple = ()  # only for artifacts of these layouts (LAYOUT of the formats)
    apis: tuple = ()  # only in these apis
    keras: str = ""  # only in this range of versions of Keras
    elsewhere: bool = False  # only if another environment reads the artifact than the one that wrote it

    def is_said_in(self, api, contains):
        """Whether the withdrawal holds in this api; ``contains(range)`` says whether its Keras is in a range."""
        return (not self.apis or api in self.apis) and contains(self.keras)

    def concerns(self, traits, layout, crossing):
        """Whether the withdrawal holds for a model's traits, a layout and a crossing (host.select.pairs.crossing)."""
        spoken_of = (
            self.trait is None or self.trait in traits,
            not self.layouts or layout in self.layouts,
            not self.elsewhere or crossing != "same",
        )
        return all(spoken_of)
