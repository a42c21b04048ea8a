"""Briefs for many articles at once: `python -m service.batch`. A run can stop anywhere and goes on."""
