"""What figures are made of: panels, drawn shapes, styles and numbers."""
