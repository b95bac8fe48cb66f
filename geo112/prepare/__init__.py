"""Offline: turns source boundaries into data/boundaries/build; the service never imports it."""
