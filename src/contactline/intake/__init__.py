"""Raw deliveries to articles: what comes in, what is kept of it, and what is rejected with its reason.

`deliveries.add` brings files in; `articles.tables` yields the rows of the tables articles, texts, dropped and rejects.
"""
