"""What is new, told at set times: once each, and nothing twice."""
