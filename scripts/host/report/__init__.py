"""The report on all judged cells: a page, tables, JUnit XML, the result of the gate and a summary on the terminal.

``words``     what each verdict, outcome, status and facet means, and which verdicts pass the gate
``cells``     reads verdict files, applies the expectations, and adds the keys that every output needs
``tables``    summary.csv and matrix.parquet
``junit``     junit.xml
``terminal``  the summary
``embed``     the cells as compact JSON inside the page
``charts``    the specification of the chart
``html``      puts the page together from ``page/`` (template, style, scripts)
"""
