"""A package that is named by its path."""

import six

NAME = six.ensure_str("uv-script")
