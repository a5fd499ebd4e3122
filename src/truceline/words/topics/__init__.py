"""Topics of truces in a text, and how well the words that find them do."""

from truceline.words.topics.quality import quality_of
from truceline.words.topics.read import Topic, find_topics, patterns_of, topics

__all__ = ["Topic", "find_topics", "patterns_of", "quality_of", "topics"]
