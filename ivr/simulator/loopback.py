"""What is this machine and nothing else: the simulator is reached there only, and its crowd goes nowhere else."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a host name or address, without port, is this machine and nothing else."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
