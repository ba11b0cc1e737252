"""What several tests share, and the benchmarks.

``places``      the checkout's folders, and the built environment that tests on TensorFlow need
``runtimes``    runtimes made up, and those of envs/
``steps``       a path's steps by hand, without the workflow
``supervisor``  scripts/step.py in a folder of its own, and a step that misbehaves as it is told
``project``     a copy of the project, Snakemake run in it, and the report that it leaves
``verdicts``    made-up verdicts, for tests of the report

tests/conftest.py has the records of a path that nothing is wrong with, which tests of the judge spoil.
"""
