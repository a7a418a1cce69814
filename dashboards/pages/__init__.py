"""One file per page: its ids, its layout, its callbacks. `dashboards.app.PAGES` lists them."""
