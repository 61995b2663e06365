"""Which network: model families as Hugging Face configurations, by size."""
