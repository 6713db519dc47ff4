"""Campaigns: YAML with line numbers, the cascade of options, frozen models.

`yaml_with_lines` reads, `schema` validates, `load` resolves, `model` is what everybody else sees. pydantic and
yaml live here and in the loaders of data files, nowhere else.
"""
