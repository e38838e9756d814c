"""Work for processes that goes wrong where a file's name asks for it."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

from xlperf.review.gather import Bundle
from xlperf.review.order import Order


def work(bundle: Bundle, order: Order) -> dict[str, Any]:
    for each in bundle.files:
        if "段错误" in each.name:
            os.kill(os.getpid(), signal.SIGSEGV)
        if "被杀" in each.name:
            os.kill(os.getpid(), signal.SIGKILL)
        if "停住" in each.name:
            time.sleep(60)
        if "内部" in each.name:
            raise ValueError(each.name)
    files = [
        {"shown": each.shown, "label": each.name, "size": each.size, "digest": str(os.getpid()), "error": ""}
        for each in bundle.files
    ]
    return {"files": files, "units": []}
