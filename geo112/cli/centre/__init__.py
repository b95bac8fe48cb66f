"""The commands of a real centre: set up, users, serve, backup, restore, replay, doctor, and the SMS spool folder."""
