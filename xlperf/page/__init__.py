"""The offline page: the whole program in one HTML file, run by a browser's own Python in WebAssembly."""
