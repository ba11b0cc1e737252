"""Artifacts that the user brings: read without the code of their model, by the loaders that define ``read``.

``context``   what such a loader gets as its first argument
``inputs``    inputs that the user gives, else numbers and texts that satisfy the model
``calling``   what is called: a Keras model or a callable of a loader, by the names of inputs and outputs
``stated``    what the file itself states: arrays by name, read without the reader that is judged
``matching``  which loaded variable a stated array belongs to
``resume``    one step of fit
``reading``   the body of the step: load, inputs, use, parse
"""
