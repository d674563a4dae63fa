"""Studies and claims, the runner and the store, real matrices, file formats and twins."""
