"""How long texts are kept, and exports of all data of a workspace or a person."""
