"""The model as plain values: cell, afferents, electrodes, parameters, conditions and drugs."""
