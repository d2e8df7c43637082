#!/usr/bin/env python3
"""Writes words.txt.gz from the dictionary of jieba-rs (MIT): python3 make_words.py path/to/jieba-rs/src/data/dict.txt

The words stand in byte order, one a line. A tab stands for each character that a word shares with the line above, and
the frequency, after a blank, is left out where it is 3, as it is for nearly half of them. The parts of speech are dropped.
"""

import gzip
import os
import sys

words = sorted(line.split(" ")[:2] for line in open(sys.argv[1], encoding="utf-8"))
lines, before = [], ""
for word, frequency in words:
    shared = len(os.path.commonprefix([word, before]))
    lines.append("\t" * shared + word[shared:] + ("" if frequency == "3" else " " + frequency) + "\n")
    before = word
with open(os.path.join(os.path.dirname(__file__), "words.txt.gz"), "wb") as file:
    file.write(gzip.compress("".join(lines).encode(), 9, mtime=0))
