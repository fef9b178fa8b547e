"""The command-line client of the clearing-houses.

Everything here speaks to the services over HTTP and Kafka alone, as a national system would.
"""
