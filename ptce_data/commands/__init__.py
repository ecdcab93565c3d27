"""Commands of `python -m ptce_data`, one module each; `lazy` is how they are found, `outcome` how they end.

Commands that draw, or that need the parameters of the pages, are under `ptce_ui`.
"""
