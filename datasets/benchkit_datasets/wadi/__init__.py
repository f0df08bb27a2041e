"""WADI: a water distribution testbed, recorded in 2017 and 2019."""
