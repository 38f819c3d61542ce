"""Finds the entry of a catalogue that answers a free question, or says honestly that none does.

A classifier of municipal matters that is trained on the corpus beside this file, retrieval over the entries' own
words, and a combiner with calibrated confidence. Nothing is generated and nothing leaves the machine. Knows values
of `bot.domain` only; storing, wording and conversation are others' matters.
"""
