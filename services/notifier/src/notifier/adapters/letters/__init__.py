"""Letters of official transmissions: their layout and the words that any realm needs."""
