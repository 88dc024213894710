"""What may be typed and what is said: modules of literals, and their readers.

`syntax`, `attributes`, `messages`, `views` and `solaris` are data; `grammar` reads what was typed
by the first two, `render` writes what is said by the others. Every message and column carries its
evidence: `seen: PAGE` (a source shows it), `recalled: ...` (known from experience, not sourced),
`ours: ...` (coined here in the house style). Nothing coined is presented as the vendor's wording.
"""
