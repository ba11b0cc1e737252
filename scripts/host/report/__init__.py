"""The report: every judged cell as a page, tables, JUnit XML, the gate's answer and a summary on the terminal.

``words``     what each verdict, outcome, status and facet means, and which verdicts pass the gate
``cells``     reads verdict files, has them judged, adds what every output needs
``tables``    summary.csv and matrix.parquet
``junit``     junit.xml
``terminal``  the summary
``embed``     the cells as compact JSON inside the page
``charts``    the one chart specification
``html``      puts the page together from ``page/`` (template, style, scripts)
"""
