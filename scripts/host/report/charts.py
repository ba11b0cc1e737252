"""The one chart: training that was resumed, laid over training that never stopped."""

import altair as alt

REFERENCE, OBSERVED = "uninterrupted", "resumed"


def loss_curves():
    """A Vega-Lite specification without data; the page fills ``curves`` and ``difference`` for each cell."""
    runs = [REFERENCE, OBSERVED]
    x = alt.X("batch:Q", title="batch after the save", axis=alt.Axis(tickMinStep=1, grid=False))
    tooltip = [
        alt.Tooltip("batch:Q"),
        alt.Tooltip("run:N"),
        alt.Tooltip("value:Q", format=".9g"),
    ]
    curves = (
        alt.Chart(alt.NamedData("curves"))
        .mark_line(interpolate="linear", point=alt.OverlayMarkDef(size=14))
        .encode(
            x=x,
            y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=False)),
            # The reference lies broad below, the observed thin and dashed above: both are seen where they agree.
            color=alt.Color("run:N", title=None, scale=alt.Scale(domain=runs), legend=alt.Legend(orient="top")),
            strokeWidth=alt.StrokeWidth("run:N", scale=alt.Scale(domain=runs, range=[5, 1.8]), legend=None),
            strokeDash=alt.StrokeDash("run:N", scale=alt.Scale(domain=runs, range=[[1, 0], [5, 3]]), legend=None),
            tooltip=tooltip,
        )
        .properties(height=190)
    )
    difference = (
        alt.Chart(alt.NamedData("difference"))
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("difference:Q", title="resumed − uninterrupted", axis=alt.Axis(format="~e", tickCount=3)),
            tooltip=[alt.Tooltip("batch:Q"), alt.Tooltip("difference:Q", format=".6g")],
        )
        .properties(height=70)
    )
    return (curves & difference).to_dict()
