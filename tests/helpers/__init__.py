"""Helpers that tests and benchmarks share.

``places``      the checkout's folders, and the built environment that tests with TensorFlow need
``runtimes``    made-up runtimes, and those of envs/
``steps``       runs the steps of a path without the workflow
``supervisor``  runs scripts/step.py in a folder of its own, with a step that fails on purpose
``project``     copies the project, runs Snakemake in the copy, and reads its report
``user_models``  the models of tests/user_models, with their data
``verdicts``    made-up verdicts, for tests of the report

tests/conftest.py has the records of a correct path, which tests of the judge change.
"""
