"""What can be said of a layer and its data beyond training: boundaries, separability, where descent is heading."""
