"""Daily lists of alleged attacks, as ministries and general staffs publish them."""

from truceline.words.claimslist.read import is_claims_list, read_claims
from truceline.words.claimslist.rows import COLUMNS, ClaimRow, ClaimsRead, Kept

__all__ = ["COLUMNS", "ClaimRow", "ClaimsRead", "Kept", "is_claims_list", "read_claims"]
