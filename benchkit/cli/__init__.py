"""One file per verb, each a few lines over the rooms; nothing heavy is imported here."""

from benchkit.safe_path import put_working_folder_last

put_working_folder_last()
