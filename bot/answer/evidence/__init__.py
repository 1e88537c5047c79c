"""Finding what answers: articles ranked by named parts, quotes chosen, spans marked."""
