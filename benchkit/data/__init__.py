"""What dataset plugins are written with: the dataset type, data folders, checked downloads.

Stands on the ground: nothing here imports another room of benchkit.
"""

from benchkit.data.dataset import Addition, Dataset, DatasetPlugin, DataUnavailable, InvalidDataset
from benchkit.data.folders import cache_folder, data_folders, find_file
from benchkit.data.manifest import find_added

__all__ = [
    "Addition",
    "DataUnavailable",
    "Dataset",
    "DatasetPlugin",
    "InvalidDataset",
    "cache_folder",
    "data_folders",
    "find_added",
    "find_file",
]
