"""Language models behind one method, `complete`; `factory.open_model` opens one by name."""
