"""An invented school that looks alive on any day. Its data comes through the rooms' own actions."""
