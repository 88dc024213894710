"""What operations do. Everything that decides whether a command may happen, and what it changes,
is in the tables of this room: one module an object kind (`volume`, `proxy`, `attr`), rows of
(form, targets, guards in order, effect, what is said). `guards` holds the predicates, `engine`
judges a row, `copying` is what time does, `reboot` what a shutdown and a boot do.
"""
