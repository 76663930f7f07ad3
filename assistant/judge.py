"""The language model as a judge: does a place state the answer to a question?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing

from assistant import prompts
from assistant.llm import LanguageModel
from assistant.types import Evidence


def p_yes(question: str, cited: Sequence[Evidence], claims: str, model: LanguageModel) -> float:
    """Probability that the model, shown only the cited lines and the claims, says they agree."""
    messages = prompts.judge_messages(question, cited, claims)
    said = {"yes": 0.0, "no": 0.0}
    with closing(model.stream(messages, max_tokens=1, top_logprobs=10)) as tokens:
        for token in tokens:
            for word, logprob in (token.top or {token.text: 0.0}).items():
                if word.strip().lower() in said:
                    said[word.strip().lower()] += math.exp(logprob)
    total = said["yes"] + said["no"]
    return said["yes"] / total if total else 0.5
