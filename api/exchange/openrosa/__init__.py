"""OpenRosa: what ODK Collect and KoboCollect need, so that both can log without a new app."""
