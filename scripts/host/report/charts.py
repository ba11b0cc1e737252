"""The chart: resumed training over uninterrupted training."""

import altair as alt

REFERENCE, OBSERVED = "uninterrupted", "resumed"


def loss_curves():
    """A Vega-Lite specification without data; the page fills in ``curves`` and ``difference`` of a cell."""
    runs = [REFERENCE, OBSERVED]
    ticks = alt.Axis(tickMinStep=1, tickCount=10, grid=False)
    x = alt.X("batch:Q", title="batch after the save", axis=ticks, scale=alt.Scale(nice=False))
    colour = alt.Color("run:N", title=None, scale=alt.Scale(domain=runs), legend=alt.Legend(orient="top"))
    values = alt.Chart(alt.NamedData("curves")).encode(
        x=x.title(None),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
        color=colour,
        tooltip=[alt.Tooltip("batch:Q"), alt.Tooltip("run:N"), alt.Tooltip("value:Q", format=".9g")],
    )
    # The reference is a broad line, the observation a thin dashed one above it: both stay visible where they agree.
    reference = values.mark_line(strokeWidth=6).transform_filter(alt.datum.run == REFERENCE)
    observed = values.mark_line(strokeWidth=1.8, strokeDash=[5, 3], point={"size": 12}).transform_filter(
        alt.datum.run == OBSERVED
    )
    difference = (
        alt.Chart(alt.NamedData("difference"))
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("difference:Q", title="difference", axis=alt.Axis(format="~e", tickCount=3)),
            tooltip=[alt.Tooltip("batch:Q"), alt.Tooltip("difference:Q", format=".6g")],
        )
        .properties(height=70)
    )
    curves = (reference + observed).properties(height=190)
    return (curves & difference).resolve_scale(x="shared").to_dict()
