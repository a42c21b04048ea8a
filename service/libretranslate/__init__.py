"""The API of LibreTranslate, so that what speaks to it can speak to Mujaz: texts, HTML, files."""
