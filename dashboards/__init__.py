"""Asks and draws: the pages of nncalc in the browser. Everything that is computed comes from the package `nncalc`."""
