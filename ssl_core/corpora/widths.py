"""Full-width digits and letters, which old Chinese texts use, as the usual ones."""

_CHINESE_PUNCTUATION = "！（），：；？［］"
HALF_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _CHINESE_PUNCTUATION}
"""Full-width digits, letters and signs of arithmetic to the usual ones; Chinese punctuation stays."""
