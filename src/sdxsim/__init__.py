"""sdxsim: a command-compatible simulator of PRIMECLUSTER Global Disk Services (GDS)."""

__version__ = "0.1.0"
