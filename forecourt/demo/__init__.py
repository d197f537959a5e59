"""The demo: an embedded database, a mailbox and the sample world; never part of a real portal."""
