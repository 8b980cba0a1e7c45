"""A backend for the frontend (option C): it signs people in, keeps tokens, calls the API."""
