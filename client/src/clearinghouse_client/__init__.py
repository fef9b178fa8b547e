"""The command-line client of the clearing-houses, and the demo that is made of it.

Everything here speaks to the services over HTTP and Kafka alone, as a national system would.
"""
