"""The 41 features of a connection record in the order of the original files."""

from __future__ import annotations

COLUMNS: tuple[str, ...] = (
    "duration",
    "protocol_type",
    "service",
    "flag",
    "src_bytes",
    "dst_bytes",
    "land",
    "wrong_fragment",
    "urgent",
    "hot",
    "num_failed_logins",
    "logged_in",
    "num_compromised",
    "root_shell",
    "su_attempted",
    "num_root",
    "num_file_creations",
    "num_shells",
    "num_access_files",
    "num_outbound_cmds",
    "is_host_login",
    "is_guest_login",
    "count",
    "srv_count",
    "serror_rate",
    "srv_serror_rate",
    "rerror_rate",
    "srv_rerror_rate",
    "same_srv_rate",
    "diff_srv_rate",
    "srv_diff_host_rate",
    "dst_host_count",
    "dst_host_srv_count",
    "dst_host_same_srv_rate",
    "dst_host_diff_srv_rate",
    "dst_host_same_src_port_rate",
    "dst_host_srv_diff_host_rate",
    "dst_host_serror_rate",
    "dst_host_srv_serror_rate",
    "dst_host_rerror_rate",
    "dst_host_srv_rerror_rate",
)

SYMBOLIC: tuple[str, ...] = ("protocol_type", "service", "flag")
"""Features whose values are words."""

BINARY: tuple[str, ...] = ("land", "logged_in", "is_host_login", "is_guest_login")
"""Features that `kddcup.names` calls symbolic and that are 0 or 1."""

NUMERIC: tuple[str, ...] = tuple(name for name in COLUMNS if name not in SYMBOLIC)
"""The 38 features whose values are numbers, the binary ones among them."""

MADGAN: tuple[str, ...] = tuple(name for name in NUMERIC if name not in BINARY)
"""The 34 features that the MAD-GAN authors kept."""
