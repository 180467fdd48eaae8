"""What the readers of Office files share: the package, its properties, drawings, formulas."""
