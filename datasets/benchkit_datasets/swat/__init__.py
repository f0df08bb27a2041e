"""SWaT: a water treatment testbed, recorded in December 2015."""
