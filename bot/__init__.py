"""The shared core of the NumPy study bot: it picks and grades questions and knows no platform."""
