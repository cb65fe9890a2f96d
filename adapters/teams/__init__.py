"""Kith in Teams: channels, group chats and personal chats of the tenants that it is for."""
