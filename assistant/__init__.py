"""Footnote: cited, checked answers from a folder of documents, on your own machine.

    file     → Document → Passages → index generation            read · split · sync, index
    Question → Hits → Evidence → draft → checked Answer          retrieve · evidence · answer · verify

`pipeline.py` calls the steps in order; `types.py` holds the nouns. Importing this package loads no
library: it only sets what the libraries read from the environment when they are imported.
"""

import os

# Nothing is looked up on a hub, nothing is reported home, no proxy sees the embedded model.
os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["ANONYMIZED_TELEMETRY"] = "False"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
