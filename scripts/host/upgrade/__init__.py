"""The answer for an upgrade: which ways lead from one runtime to another, and what each of them keeps.

``question``    the ``upgrade`` of the configuration: its straight ways and its bridges
``ask``         `make upgrade`
``runtimes``    what a runtime is called, and what pip installs for it
``inline``      a member's function as a few lines that stand by themselves
``code``        the lines of code of a way
``results``     a verdict -> what one model kept and lost on one way
``ways``        all verdicts -> ways with the same result together, the best first
``sentences``   the words for these
``recommend``   the first sentences of the answer
``answer``      one dict with the whole answer
``text``, ``page``  the answer as a text and as a page; the dict itself is the JSON file

docs/upgrade.md explains the result.
"""
