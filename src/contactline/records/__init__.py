from contactline.records.tables import build

__all__ = ["build"]
