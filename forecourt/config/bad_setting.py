"""What is raised where a setting is wrong."""


class BadSetting(Exception):
    """A setting is missing or cannot be understood; the message is one line for the operator."""
