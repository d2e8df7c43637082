#!/usr/bin/env python3
"""Writes characters.txt, the characters that `code.rs` gives short codes, the most frequent first:
python3 make_characters.py FOLDER…, each with .txt or .jsonl.gz files

Made from 5 MB of reports, 58 MB of laws and 30 MB of news, each counted as much as the others, and folded by what `fold.rs`
does to most. The order is part of the index's format: another order wants another number of the format.
"""

import collections
import glob
import gzip
import json
import os
import re
import sys
import unicodedata

MOST = 225 + 18 * 225
MARKS = dict(zip(",;:!?", "，；：！？"))
DROPPED = ["Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Ps", "Pe", "Pi", "Pf"]

shares = collections.Counter()
for folder in sys.argv[1:]:
    counts = collections.Counter()
    for path in glob.glob(os.path.join(folder, "**"), recursive=True):
        if path.endswith(".txt"):
            counts.update(open(path, encoding="utf-8").read())
        elif path.endswith(".jsonl.gz"):
            for line in gzip.open(path, "rt", encoding="utf-8"):
                counts.update(json.loads(line)["text"])
    total = sum(counts.values())
    for character, count in counts.items():
        shares[character] += count / total

here = os.path.dirname(os.path.abspath(__file__))
simplified = {}
for line in open(os.path.join(here, "traditional.txt"), encoding="utf-8"):
    if not line.startswith("#"):
        simplified[line[0]] = line[1]
folded = collections.Counter()
for character, share in shares.items():
    parts = unicodedata.normalize("NFKC", character).lower()
    for part in character if re.search("[0-9]", parts) else parts:
        # blanks, quotes, brackets and dots are dropped; digits and the like have codes of their own
        if unicodedata.category(part) not in DROPPED and part not in "\"'、·・‧+.0123456789０１２３４５６７８９":
            folded[MARKS.get(part, simplified.get(part, part))] += share
order = [character for character, _ in sorted(folded.items(), key=lambda pair: (-pair[1], pair[0]))]
with open(os.path.join(here, "characters.txt"), "w", encoding="utf-8") as file:
    # that of numbers which folding keeps apart, `BOUNDARY`
    file.write("".join(order[:MOST - 1]) + "、")
