"""A small window from which files are dragged as from a file manager: `/usr/bin/python3 drag_source.py FILE…`.

It runs in the system's Python, where GTK is (`apt-get install python3-gi gir1.2-gtk-3.0`).
"""

from __future__ import annotations

import sys
from pathlib import Path

import gi  # type: ignore[import-not-found]

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # type: ignore[import-not-found]  # noqa: E402

window = Gtk.Window(title="files")
window.set_keep_above(True)
window.set_decorated(False)
window.set_default_size(160, 60)
window.move(0, 0)
box = Gtk.EventBox()
box.add(Gtk.Label(label="files"))
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, [], Gdk.DragAction.COPY)
box.drag_source_add_uri_targets()
addresses = [Path(each).as_uri() for each in sys.argv[1:]]
box.connect("drag-data-get", lambda _box, _context, data, _info, _time: data.set_uris(addresses))
window.add(box)
window.connect("map-event", lambda *_: print("shown", flush=True))
window.show_all()
Gtk.main()
