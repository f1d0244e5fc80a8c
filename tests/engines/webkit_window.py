#!/usr/bin/python3
"""A window of WebKit for its driver, which keeps what pages store in XDG_DATA_HOME and XDG_CACHE_HOME, as browsers do:
that which the driver starts by itself, MiniBrowser, is always private. With --private this one is, too."""
import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2

if "--private" in sys.argv:
    context = WebKit2.WebContext.new_ephemeral()
else:
    context = WebKit2.WebContext(website_data_manager=WebKit2.WebsiteDataManager())
context.set_automation_allowed(True)


def create_view(session):
    window = Gtk.Window(default_width=1280, default_height=1000)
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    window.add(view)
    window.show_all()
    return view


def begin(_context, session):
    session.connect("create-web-view", create_view)


context.connect("automation-started", begin)
Gtk.main()
