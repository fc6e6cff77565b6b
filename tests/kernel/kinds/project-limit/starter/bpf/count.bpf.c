// The counter of the first stage.
