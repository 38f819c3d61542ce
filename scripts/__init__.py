"""Tools of the developers that no part of the service needs."""
