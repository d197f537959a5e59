"""Journeys in a real Chromium through a real demo: web server, worker, PostgreSQL and SMTP."""
