"""From recordings and tables to numbers. Pure: arrays and tables in, values out."""

from ca1ltd.analysis.baseline import FIELD_SLOPE, SLOPE, percent_of_baseline
from ca1ltd.analysis.epsc import Epsc, measure_epsc
from ca1ltd.analysis.epsp import Epsp, Fepsp, epsp_slope, measure_epsp, measure_fepsp
from ca1ltd.analysis.measure import measure
from ca1ltd.analysis.readouts import POOLS
from ca1ltd.analysis.summary import summarise

__all__ = [
    "FIELD_SLOPE",
    "POOLS",
    "SLOPE",
    "Epsc",
    "Epsp",
    "Fepsp",
    "epsp_slope",
    "measure",
    "measure_epsc",
    "measure_epsp",
    "measure_fepsp",
    "percent_of_baseline",
    "summarise",
]
