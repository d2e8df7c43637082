#!/usr/bin/env python3
"""Writes characters.txt, the characters that `code.rs` gives short codes, the most frequent first:
python3 make_characters.py FOLDER…, each with .txt or .jsonl.gz files

Made from 5 MB of reports, 58 MB of laws and 30 MB of news, each counted as much as the others. The order is part of the
index's format: another order wants another number of the format.
"""

import collections
import glob
import gzip
import json
import os
import sys

MOST = 78 + 32 * 128

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
    character = simplified.get(character.lower(), character.lower())
    # digits and the like have codes of their own; blanks, quotes and brackets are dropped by folding
    if len(character) == 1 and character not in "\n.+0123456789、" and not character.isspace() and character not in "“”‘’「」『』《》〈〉（）【】〔〕()[]{}\"'·+,:;!?１２３４５６７８９０":
        folded[character] += share
order = [character for character, _ in sorted(folded.items(), key=lambda pair: (-pair[1], pair[0]))]
with open(os.path.join(here, "characters.txt"), "w", encoding="utf-8") as file:
    file.write("".join(order[:MOST]))
