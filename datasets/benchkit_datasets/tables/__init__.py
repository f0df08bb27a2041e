"""Reading tables that people handed on in many forms."""
