"""The roof: settings, addresses, server and command line plug the rooms together."""
