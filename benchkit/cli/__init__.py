"""One file per verb, each a few lines over the rooms; nothing heavy is imported here."""
