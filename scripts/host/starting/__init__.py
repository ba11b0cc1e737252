"""What is looked at before a run begins.

``check``   a model of the user's, named on the command line
``run``     Snakemake, started by `make`: what it would not explain is looked at first
``layers``  the files that a configuration is laid together from
``folder``  the folder that a run works in, and its lock
"""
