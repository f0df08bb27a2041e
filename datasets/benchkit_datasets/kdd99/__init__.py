"""KDD Cup 1999: network connections, the original files and a simulated stand-in."""
