"""Daily lists of alleged attacks, as ministries and general staffs publish them."""

from truceline.words.claimslist.read import is_claims_list, read_claims
from truceline.words.claimslist.rows import COLUMNS, ClaimRow, ClaimsRead, Kept
from truceline.words.claimslist.written import claims_csv, claims_files, claims_toml

__all__ = [
    "COLUMNS",
    "ClaimRow",
    "ClaimsRead",
    "Kept",
    "claims_csv",
    "claims_files",
    "claims_toml",
    "is_claims_list",
    "read_claims",
]
