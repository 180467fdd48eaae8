"""Which packages an install brings: ours, inside of `wenju`, and nothing under a generic name.

All else is in pyproject.toml, which can't say that a tree of packages is installed under another.
"""

from setuptools import find_packages, setup

INSIDE = ("indexer", "service", "eval")  # `training` is not needed to run
BYTECODE = ["**/__pycache__/*", "**/*.pyc"]

setup(
    packages=[
        "wenju",
        *(f"wenju.{name}" for name in find_packages(include=[f"{p}*" for p in INSIDE])),
    ],
    package_dir={f"wenju.{name}": name for name in INSIDE},
    package_data={"": ["**/*"]},  # models, word lists, the page
    exclude_package_data={"": BYTECODE},
)
