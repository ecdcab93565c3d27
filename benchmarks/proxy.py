"""A TCP relay on 127.0.0.1 that counts the bytes the server really sends, compression included."""

from __future__ import annotations

import contextlib
import socket
import threading


class CountingProxy:
    """Relays to `port`; `sent` is the number of bytes that went from server to browser."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.sent = 0
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            for here, there, counted in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pump, args=(here, there, counted), daemon=True).start()

    def _pump(self, here: socket.socket, there: socket.socket, counted: bool) -> None:
        try:
            while data := here.recv(65536):
                there.sendall(data)
                if counted:
                    with self._lock:
                        self.sent += len(data)
        except OSError:
            pass
        finally:
            for end in (here, there):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop listening; open relays end with their connections."""
        self._listener.close()
