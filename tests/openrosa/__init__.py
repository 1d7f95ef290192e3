"""OpenRosa, as a phone with ODK Collect or KoboCollect meets it."""
